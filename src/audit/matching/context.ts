import { claimWords } from '../claims/claim-words.ts'
import type { Claim, ClaimTable } from '../claims/claim.ts'
import { foldWords } from '../numbers/fold-words.ts'

/** What a claim can share with evidence: words of its row, of its column, and of what stands around it. */
export interface ClaimContext {
  readonly row: readonly string[]
  readonly column: readonly string[]
  readonly around: readonly string[]
}

export function contextOf(claim: Claim, tables: readonly ClaimTable[]): ClaimContext {
  const all = claimWords(claim, tables)
  if (claim.where.kind === 'prose') return { row: [], column: [], around: all }
  const row = foldWords(claim.where.rowLabel)
  const column = foldWords(claim.where.columnLabel)
  const labelled = new Set([...row, ...column])
  return { row, column, around: all.filter((word) => !labelled.has(word)) }
}

/** What a shared word is worth, 0..1: one that stands beside every number says nothing. */
export type WordWeight = (word: string) => number

/** Weighs words by how few of the numbers they stand beside. */
export function weighWords(numbers: readonly { readonly words: readonly string[] }[]): WordWeight {
  const beside = new Map<string, number>()
  for (const { words } of numbers) for (const word of words) beside.set(word, (beside.get(word) ?? 0) + 1)
  const most = Math.log(2 + numbers.length)
  const weights = new Map<string, number>()
  return (word) => {
    let weight = weights.get(word)
    if (weight === undefined) {
      weight = Math.log(1 + (1 + numbers.length) / (1 + (beside.get(word) ?? 0))) / most
      weights.set(word, weight)
    }
    return weight
  }
}

/** How much of the context stands in the words of a piece of evidence: 0 for nothing; up to 4 for its row and its column. */
export function sharedContext(context: ClaimContext, words: readonly string[], weightOf: WordWeight): number {
  if (words.length === 0) return 0
  const row = shareOf(context.row, words, weightOf)
  const column = shareOf(context.column, words, weightOf)
  let around = 0
  for (const word of context.around) if (words.includes(word)) around += weightOf(word)
  const isProse = context.row.length + context.column.length === 0
  return 2 * row + 2 * column + (isProse ? around : 0.25 * Math.min(around, 2))
}

/** Share of the wanted words that are there, by weight: 0..1. */
function shareOf(wanted: readonly string[], words: readonly string[], weightOf: WordWeight): number {
  let all = 0
  let found = 0
  for (const word of wanted) {
    const weight = weightOf(word)
    all += weight
    if (words.includes(word)) found += weight
  }
  return all === 0 ? 0 : found / all
}
