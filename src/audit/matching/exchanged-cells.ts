import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { EvidencePool } from '../evidence/evidence.ts'
import { foldWords } from '../numbers/fold-words.ts'
import { isAbbreviation } from './abbreviation.ts'
import { contextOf } from './context.ts'
import type { Hit, Lookup } from './lookup.ts'
import { bareLabel } from './own-tables.ts'

/** Longer columns are compared by alignment only. */
const mostOfColumn = 40

interface Named {
  readonly claim: Claim
  readonly row: readonly string[]
  readonly column: readonly string[]
  /** Process evidence of its value. */
  readonly hits: readonly Hit[]
}

/**
 * Pairs of cells of one column whose values programs give under the other row's name, each of the two, side by side in one source and
 * under the same words otherwise, and nowhere under its own name. It needs no table: records of many epochs do as well.
 * @param cells those whose place no table of the evidence confirms by name
 * @returns by claim id, what says that the value belongs to the other row
 */
export function exchangedCells(
  cells: readonly Claim[],
  document: DocumentClaims,
  { pool, lookup }: { pool: EvidencePool; lookup: Lookup },
): Map<number, Hit> {
  const exchanged = new Map<number, Hit>()
  const columns = Map.groupBy(
    cells.filter(({ role, number }) => role === 'result' && !number.isSpread),
    ({ where }) => (where.kind === 'cell' ? `${where.table} ${where.column}` : ''),
  )
  for (const column of columns.values()) {
    if (column.length < 2 || column.length > mostOfColumn) continue
    const named = column.map((claim) => nameCell(claim, document, { pool, lookup }))
    for (const [at, one] of named.entries()) {
      for (const other of named.slice(at + 1)) {
        if (exchanged.has(one.claim.id) || exchanged.has(other.claim.id)) continue
        const pair = crossing(one, other)
        if (pair === null) continue
        exchanged.set(one.claim.id, pair[1])
        exchanged.set(other.claim.id, pair[0])
      }
    }
  }
  return exchanged
}

function nameCell(
  claim: Claim,
  document: DocumentClaims,
  { pool, lookup }: { pool: EvidencePool; lookup: Lookup },
): Named {
  const { where } = claim
  const [rowLabel, columnLabel] = where.kind === 'cell' ? [where.rowLabel, where.columnLabel] : ['', '']
  const found = lookup.find(claim, contextOf(claim, document.tables))
  return {
    claim,
    row: foldWords(bareLabel(rowLabel)),
    column: foldWords(bareLabel(columnLabel)),
    hits: found.filter(
      ({ kind, evidence }) => kind === 'process' && pool.sources[evidence.source]?.isDocument === false,
    ),
  }
}

/** For each of two cells the evidence of its value, under the other one's name; null where it is not so. */
function crossing(one: Named, other: Named): readonly [Hit, Hit] | null {
  if (Math.abs(one.claim.number.value) === Math.abs(other.claim.number.value)) return null
  const ownOfOne = one.row.filter((word) => !other.row.includes(word))
  const ownOfOther = other.row.filter((word) => !one.row.includes(word))
  if (ownOfOne.length === 0 || ownOfOther.length === 0) return null
  const namesOne = (hit: Hit) => wordsOfName(hit, ownOfOne, one.row)
  const namesOther = (hit: Hit) => wordsOfName(hit, ownOfOther, other.row)
  if (one.hits.some((hit) => namesOne(hit) !== null) || other.hits.some((hit) => namesOther(hit) !== null)) return null
  for (const first of one.hits) {
    const named = namesOther(first)
    if (named === null) continue
    const rest = restOf(first, named)
    if (!one.column.some((word) => rest.includes(word))) continue
    const second = other.hits.find((hit) => {
      const isBeside =
        hit.evidence.source === first.evidence.source && hit.evidence.statistic === first.evidence.statistic
      const words = isBeside ? namesOne(hit) : null
      return words !== null && areSame(restOf(hit, words), rest)
    })
    if (second !== undefined) return [first, second]
  }
  return null
}

/** The words by which evidence names a row: those that no other row has, or an abbreviation of them all. Null where it names another. */
function wordsOfName({ evidence }: Hit, own: readonly string[], name: readonly string[]): readonly string[] | null {
  if (own.every((word) => evidence.words.includes(word))) return own
  const short = evidence.words.find((word) => isAbbreviation(word, name))
  return short === undefined ? null : [short]
}

function restOf({ evidence }: Hit, words: readonly string[]): string[] {
  return evidence.words.filter((word) => !words.includes(word))
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word) => b.includes(word))
}
