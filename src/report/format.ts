import type { Spending } from '../schema/state.ts'

/** Two decimals, as the paper prints scores. */
export function formatScore(score: number | null): string | null {
  return score === null ? null : score.toFixed(2)
}

export function formatCount(count: number): string
export function formatCount(count: number | null): string | null
export function formatCount(count: number | null): string | null {
  // toLocaleString would first load the rules of all languages
  return count === null ? null : String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

export function formatCost(costUsd: number | null): string {
  return costUsd === null ? '–' : `$${costUsd.toFixed(costUsd !== 0 && costUsd < 1 ? 4 : 2)}`
}

/** What is known to be spent, with ≥ where some call's cost is not known; null where no call's is: "at least nothing" says nothing. */
export function formatSpending({
  costUsd,
  knownCostUsd,
  brokenTries,
}: Pick<Spending, 'costUsd' | 'knownCostUsd' | 'brokenTries'>): string | null {
  if (costUsd === null && knownCostUsd === 0) return null
  return costUsd === null || brokenTries > 0 ? `≥ ${formatCost(knownCostUsd)}` : formatCost(costUsd)
}

export function formatDuration(durationMs: number): string {
  const rounded = Math.round(durationMs)
  if (rounded < 1_000) return `${rounded} ms`
  if (rounded < 59_950) return `${(rounded / 1_000).toFixed(1)} s`
  const minutes = Math.max(1, Math.floor(rounded / 60_000))
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1 trial`, `2 trials`. */
export function formatNumberOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}
