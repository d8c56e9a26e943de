import type { ClaimStatus, EvidencePlace } from '../../schema/audit.ts'
import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { EvidenceKind, EvidencePool } from '../evidence/evidence.ts'
import { complementOf } from './complement.ts'
import { contextOf } from './context.ts'
import type { HasCompanion } from './companions.ts'
import type { Derivation } from './derive.ts'
import type { Hit, Lookup } from './lookup.ts'
import type { ClaimMatch } from './match.ts'
import { filePlace, poolPlace } from '../evidence/place.ts'
import { compareRounded, scales } from './rounding.ts'

export const statusOfKind: Record<EvidenceKind, ClaimStatus> = {
  process: 'traced',
  config: 'configured',
  plan: 'planned',
  typed: 'typed',
  literal: 'literal',
}

/** Above these chances of an accident a match is weak, and says nothing; without any shared word the last one counts. */
const weakAbove = 0.07
const blindAbove = 0.25
const wordlessAbove = 0.02

/** What a value alone finds in the evidence, beside the words that it shares; else what it leaves to the whole. */
export function matchValue(claim: Claim, document: DocumentClaims, facts: ValueFacts): ClaimMatch {
  const found = matchWritten(claim, document, facts)
  if (found.strength !== 'none' && found.strength !== 'blind') return found
  return matchComplement(claim, document, facts) ?? found
}

interface ValueFacts {
  readonly pool: EvidencePool
  readonly lookup: Lookup
  readonly hasCompanion: HasCompanion
}

function matchWritten(claim: Claim, document: DocumentClaims, { pool, lookup, hasCompanion }: ValueFacts): ClaimMatch {
  const collision = lookup.collision(claim)
  const context = contextOf(claim, document.tables)
  const hits = lookup.find(claim, context)
  const [best] = hits
  if (best === undefined) return { claim: claim.id, status: 'unfound', strength: 'none', evidence: [], collision }
  // What counts is how easily the value is met among evidence that shares as many words.
  const among = collision <= wordlessAbove ? collision : lookup.collisionAmong(claim, context, best)
  const strength = strengthOf(best, among)
  const joint =
    strength === 'strong'
      ? undefined
      : hits.find((hit) => hit.kind === 'process' && hit.shared > 0 && hasCompanion(claim, document, hit))
  if (joint !== undefined)
    return {
      claim: claim.id,
      status: 'traced',
      strength: 'strong',
      evidence: [joint, ...hits.filter((hit) => hit !== joint)].slice(0, 3).map((hit) => poolPlace(pool, hit.evidence)),
      collision: Math.min(1, among),
    }
  return {
    claim: claim.id,
    status: statusOfKind[best.kind],
    strength,
    evidence: hits.slice(0, 3).map((hit) => poolPlace(pool, hit.evidence)),
    collision: Math.min(1, among),
    ...(strength === 'strong' && exactly(claim, best)),
  }
}

/** What a hit holds, on the claim's scale. */
function exactly({ number }: Claim, { evidence }: Hit): { exact?: number } {
  const scale = scales.find((one) => compareRounded(number, evidence.number, one) === 'same')
  return scale === undefined ? {} : { exact: Math.abs(evidence.number.value) * scale }
}

/** An accuracy whose error rate is there under the same names, or the other way round. */
function matchComplement(claim: Claim, document: DocumentClaims, { pool, lookup }: ValueFacts): ClaimMatch | null {
  const complement = complementOf(claim, document)
  if (complement === null) return null
  const { claim: other, whole, context, isOther } = complement
  const hit = lookup.find(other, context).find(isOther)
  if (hit === undefined) return null
  const collision = Math.min(1, lookup.collisionAmong(other, context, hit))
  if (strengthOf(hit, collision) !== 'strong') return null
  const rest = exactly(other, hit)
  return {
    claim: claim.id,
    status: 'derived',
    strength: 'strong',
    evidence: [poolPlace(pool, hit.evidence)],
    collision,
    ...(rest.exact !== undefined && { exact: whole - rest.exact }),
  }
}

function strengthOf({ shared }: Hit, collision: number): ClaimMatch['strength'] {
  if (collision > blindAbove || (shared === 0 && collision > wordlessAbove)) return 'blind'
  return shared === 0 || collision > weakAbove ? 'weak' : 'strong'
}

export function derivedMatch(claim: Claim, derivation: Derivation, collision: number | null): ClaimMatch {
  const evidence = derivation.from.slice(0, 3).map((from) => claimPlace(from, derivation.how))
  return { claim: claim.id, status: 'derived', strength: 'strong', evidence, collision }
}

/** A claim of the same document as evidence. */
export function claimPlace(claim: Claim, how: string): EvidencePlace {
  const { where, number } = claim
  const label = where.kind === 'cell' ? `${where.rowLabel} | ${where.columnLabel}: ${number.text}` : where.sentence
  return filePlace(claim.path, { line: claim.line, quote: how === '' ? label : `${how} (${label})` })
}
