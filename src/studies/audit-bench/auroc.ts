import { averageRanks } from '../../stats/ranks.ts'

/** A run with what is known of it and how suspicious it looks. */
export interface Scored {
  readonly isPositive: boolean
  /** Higher is more suspicious. */
  readonly score: number
}

/**
 * Chance that a random positive scores above a random negative, ties counting half: the area under the receiver's curve.
 * @returns 0..1; null without a positive or without a negative
 * @see Hanley & McNeil 1982, Radiology 143
 */
export function auroc(rows: readonly Scored[]): number | null {
  const positives = rows.filter(({ isPositive }) => isPositive).length
  const negatives = rows.length - positives
  if (positives === 0 || negatives === 0) return null
  const ranks = averageRanks(rows.map(({ score }) => score))
  const rankSum = ranks.reduce((sum, rank, index) => sum + (rows[index]?.isPositive === true ? rank : 0), 0)
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

export interface Flagged {
  readonly isPositive: boolean
  readonly isFlagged: boolean
}

/** What of the flagged is positive, and what of the positive is flagged; null where there is nothing to divide by. */
export function precisionAndRecall(rows: readonly Flagged[]): {
  readonly precision: number | null
  readonly recall: number | null
  readonly flagged: number
} {
  const flagged = rows.filter(({ isFlagged }) => isFlagged)
  const positive = rows.filter(({ isPositive }) => isPositive)
  const both = flagged.filter(({ isPositive }) => isPositive).length
  const share = (of: number): number | null => (of === 0 ? null : both / of)
  return { precision: share(flagged.length), recall: share(positive.length), flagged: flagged.length }
}
