import { drawnTotals } from './drawn-totals.ts'
import { drawClusters } from './draws.ts'
import { type BootstrapOptions, bootstrapDefaults, type Interval, intervalOf } from './interval.ts'

export type { BootstrapOptions, Interval } from './interval.ts'

/** Bootstrap interval of a statistic, resampling whole clusters (tasks): all items of a drawn cluster enter, as often as it is drawn.
 * The same clusters in the same order give the same interval, on every machine.
 * @param clusters the items of each cluster, in an order fixed by the caller
 * @param statistic called with the items of one resample, cluster after cluster; null where it is undefined
 * @returns null when there are no clusters or no resample has a value, and see {@link intervalOf}
 * @see Davison & Hinkley 1997, Bootstrap Methods and their Application, 3.8 */
export function bootstrapStatistic<Item>(
  clusters: readonly (readonly Item[])[],
  statistic: (items: readonly Item[]) => number | null,
  options: BootstrapOptions = {},
): Interval | null {
  if (clusters.length === 0) return null
  const { resamples = bootstrapDefaults.resamples, seed = bootstrapDefaults.seed } = options
  const draws = drawClusters(clusters.length, { resamples, seed })
  const estimates = Float64Array.from({ length: resamples }, (_, resample) => {
    const items: Item[] = []
    for (let place = resample * clusters.length; place < (resample + 1) * clusters.length; place += 1) {
      for (const item of clusters[draws[place] ?? 0] ?? []) items.push(item)
    }
    return statistic(items) ?? Number.NaN
  })
  const leaveOneOut = (): (number | null)[] =>
    clusters.map((_, left) => statistic(clusters.filter((__, index) => index !== left).flat()))
  return intervalOf({ estimates, point: statistic(clusters.flat()), leaveOneOut }, options)
}

/** {@link bootstrapStatistic} of the mean over all items, from the sum of each cluster alone: some hundred times as fast. */
export function bootstrapMean(
  clusters: readonly (readonly number[])[],
  options: BootstrapOptions = {},
): Interval | null {
  if (clusters.length === 0) return null
  const { resamples = bootstrapDefaults.resamples, seed = bootstrapDefaults.seed } = options
  const draws = drawClusters(clusters.length, { resamples, seed })
  const { sums, sizes, sum, size } = tally(clusters)
  const estimates = drawnTotals(sums, draws)
  const even = sizes.every((other) => other === sizes[0])
  const drawnSizes = even ? new Float64Array(resamples).fill(size) : drawnTotals(sizes, draws)
  for (let resample = 0; resample < resamples; resample += 1) {
    estimates[resample] = (estimates[resample] as number) / (drawnSizes[resample] as number) // 0 / 0 is NaN
  }
  const meanOf = (total: number, count: number): number | null => (count === 0 ? null : total / count)
  const leaveOneOut = (): (number | null)[] =>
    clusters.map((_, left) => meanOf(sum - (sums[left] ?? 0), size - (sizes[left] ?? 0)))
  return intervalOf({ estimates, point: meanOf(sum, size), leaveOneOut }, options)
}

/** Sum and number of the items of each cluster, and of all. */
function tally(clusters: readonly (readonly number[])[]): {
  readonly sums: Float64Array
  readonly sizes: Float64Array
  readonly sum: number
  readonly size: number
} {
  const sums = new Float64Array(clusters.length)
  const sizes = new Float64Array(clusters.length)
  let sum = 0
  let size = 0
  for (const [place, items] of clusters.entries()) {
    const total = items.reduce((all, item) => all + item, 0)
    sums[place] = total
    sizes[place] = items.length
    sum += total
    size += items.length
  }
  return { sums, sizes, sum, size }
}
