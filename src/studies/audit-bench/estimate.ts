import { bootstrapStatistic, type Interval } from '../../stats/resample.ts'

/** A figure with its interval over runs. */
export interface Estimate {
  readonly value: number | null
  /** 95 %, by resampling whole runs; null for fewer than two. */
  readonly interval: Interval | null
  /** Runs it rests on. */
  readonly runs: number
}

/** A statistic of runs with its interval, resampling runs. */
export function estimate<Row>(rows: readonly Row[], statistic: (rows: readonly Row[]) => number | null): Estimate {
  const interval = bootstrapStatistic(
    rows.map((row) => [row]),
    statistic,
  )
  return { value: statistic(rows), interval, runs: rows.length }
}

/** Mean over runs of each run's own share: a run with many changes counts as much as one with few. Runs without any are left out. */
export function macroShare(counts: readonly { readonly of: number; readonly found: number }[]): Estimate {
  const shares = counts.filter(({ of }) => of > 0).map(({ of, found }) => found / of)
  return estimate(shares, (own) => (own.length === 0 ? null : own.reduce((sum, share) => sum + share, 0) / own.length))
}
