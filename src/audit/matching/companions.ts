import { listAt } from '../../base/list-at.ts'
import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { EvidenceNumber, EvidencePool } from '../evidence/evidence.ts'
import type { Hit } from './lookup.ts'
import { compareRounded, isPlausibleScale, scales } from './rounding.ts'

/** Whether a hit's line of evidence also holds another number that the document states in the same breath. */
export type HasCompanion = (claim: Claim, document: DocumentClaims, hit: Hit) => boolean

/** A mean beside its spread, two methods in one sentence: more of them are no better proof. */
const mostCompanions = 12
const mostOnLine = 40

/**
 * Two numbers that stand side by side in a paper, and side by side on a line of the evidence, are no accident, where each alone may
 * be one.
 */
export function openCompanions(pool: EvidencePool): HasCompanion {
  let byLine: Map<string, EvidenceNumber[]> | null = null
  const breaths = new WeakMap<DocumentClaims, Map<string, Claim[]>>()
  return (claim, document, { evidence }) => {
    byLine ??= indexLines(pool)
    const beside = byLine.get(lineKey(evidence)) ?? []
    if (beside.length < 2 || beside.length > mostOnLine) return false
    let index = breaths.get(document)
    if (index === undefined) breaths.set(document, (index = indexBreaths(document)))
    const companions = (index.get(breathOf(claim)) ?? []).slice(0, mostCompanions)
    return companions.some(
      (other) =>
        other.id !== claim.id &&
        other.number.value !== claim.number.value &&
        beside.some((found) => found !== evidence && holds(other, found)),
    )
  }
}

function holds({ number }: Claim, { number: found }: EvidenceNumber): boolean {
  return scales.some(
    (scale) => isPlausibleScale(number, found.value, scale) && compareRounded(number, found, scale) === 'same',
  )
}

function indexLines(pool: EvidencePool): Map<string, EvidenceNumber[]> {
  const index = new Map<string, EvidenceNumber[]>()
  for (const evidence of pool.numbers) {
    if (pool.sources[evidence.source]?.kind !== 'process' || evidence.statistic !== 'value') continue
    const key = lineKey(evidence)
    listAt(index, key).push(evidence)
  }
  return index
}

const lineKey = ({ source, line }: EvidenceNumber): string => `${source}:${line}`

/** Informative claims by the sentence or the row that they stand in. */
function indexBreaths({ claims }: DocumentClaims): Map<string, Claim[]> {
  return Map.groupBy(
    claims.filter(({ informative }) => informative),
    breathOf,
  )
}

function breathOf({ where, line }: Claim): string {
  return where.kind === 'cell' ? `table ${where.table} ${where.row}` : `line ${line} ${where.sentence.slice(0, 80)}`
}
