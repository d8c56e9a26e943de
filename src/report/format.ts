/** Two decimals, as the paper prints scores. */
export function formatScore(score: number | null): string | null {
  return score === null ? null : score.toFixed(2)
}

export function formatCount(count: number | null): string | null {
  return count === null ? null : count.toLocaleString('en-US')
}

export function formatCost(costUsd: number | null): string {
  return costUsd === null ? '–' : `$${costUsd.toFixed(costUsd !== 0 && costUsd < 1 ? 4 : 2)}`
}

export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`
  if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1)} s`
  const minutes = Math.floor(durationMs / 60_000)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
