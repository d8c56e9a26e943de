import type { ClaimStatus, EvidencePlace } from '../../schema/audit.ts'
import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { EvidenceKind, EvidencePool } from '../evidence/evidence.ts'
import { contextOf } from './context.ts'
import type { HasCompanion } from './companions.ts'
import type { Derivation } from './derive.ts'
import type { Hit, Lookup } from './lookup.ts'
import type { ClaimMatch } from './match.ts'
import { filePlace, poolPlace } from '../evidence/place.ts'

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

/** What a value alone finds in the evidence, beside the words that it shares. */
export function matchValue(
  claim: Claim,
  document: DocumentClaims,
  { pool, lookup, hasCompanion }: { pool: EvidencePool; lookup: Lookup; hasCompanion: HasCompanion },
): ClaimMatch {
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
