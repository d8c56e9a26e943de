import { drawClusters } from './draws.ts'
import { drawnTotals } from './drawn-totals.ts'
import { assertFinite } from './finite.ts'
import { type BootstrapOptions, bootstrapDefaults, type Interval, intervalOf } from './interval.ts'

export type { BootstrapOptions, Interval } from './interval.ts'

/** Bootstrap interval of a statistic, resampling whole clusters (tasks): all items of a drawn cluster enter, as often as it is drawn.
 * The same clusters in the same order give the same interval, on every machine.
 * @param clusters the items of each cluster, in an order fixed by the caller
 * @param statistic called with the items of one resample, cluster after cluster; null where it is undefined
 * @returns null for fewer than two clusters, which say nothing of how clusters differ, when no resample has a value, and see {@link intervalOf}
 * @see Davison & Hinkley 1997, Bootstrap Methods and their Application, 3.8 */
export function bootstrapStatistic<Item>(
  clusters: readonly (readonly Item[])[],
  statistic: (items: readonly Item[]) => number | null,
  options: BootstrapOptions = {},
): Interval | null {
  if (clusters.length < 2) return null
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

/** {@link bootstrapStatistic} of the mean over all items, from the sum of each cluster alone: some hundred times as fast.
 * @throws RangeError for an item that is not finite */
export function bootstrapMean(
  clusters: readonly (readonly number[])[],
  options: BootstrapOptions = {},
): Interval | null {
  return bootstrapMeans([sumClusters(clusters)], options)[0] ?? null
}

/** What a mean over items needs to know of its clusters, in an order fixed by the caller. */
export interface ClusterSums {
  readonly sums: Float64Array
  /** Items in each cluster. */
  readonly sizes: Float64Array
}

export function sumClusters(clusters: readonly (readonly number[])[]): ClusterSums {
  return {
    sums: Float64Array.from(clusters, (items) => sumOf(items)),
    sizes: Float64Array.from(clusters, (items) => items.length),
  }
}

/** {@link bootstrapMean} of many columns at once, several times as fast as one by one: those of equally many clusters are resampled
 * together.
 * @returns one for each column */
export function bootstrapMeans(columns: readonly ClusterSums[], options: BootstrapOptions = {}): (Interval | null)[] {
  const intervals: (Interval | null)[] = columns.map(() => null)
  const alike = Map.groupBy(columns.keys(), (column) => columns[column]?.sums.length ?? 0)
  for (const [clusters, places] of alike) {
    if (clusters < 2) continue
    const own = places.flatMap((place) => columns[place] ?? [])
    for (const [index, interval] of resampleTogether(own, options).entries()) intervals[places[index] ?? 0] = interval
  }
  return intervals
}

function resampleTogether(columns: readonly ClusterSums[], options: BootstrapOptions): (Interval | null)[] {
  for (const { sums } of columns) assertFinite(sums)
  const estimates = drawnMeans(columns, options)
  return columns.map(({ sums, sizes }, place) => {
    const [sum, size] = [sumOf(sums), sumOf(sizes)]
    const leaveOneOut = (): (number | null)[] =>
      Array.from(sums, (own, left) => ratio(sum - own, size - (sizes[left] ?? 0)))
    return intervalOf(
      { estimates: estimates[place] ?? new Float64Array(), point: ratio(sum, size), leaveOneOut },
      options,
    )
  })
}

/** Mean of each column in each resample, NaN where it has no items.
 * @param columns of equally many clusters */
export function drawnMeans(columns: readonly ClusterSums[], options: BootstrapOptions): Float64Array[] {
  const { resamples = bootstrapDefaults.resamples, seed = bootstrapDefaults.seed } = options
  const totals = (values: readonly Float64Array[]): Float64Array[] => drawnTotals(values, { resamples, seed })
  const size = columns[0]?.sizes[0] ?? 0
  const isEven = columns.every(({ sizes }) => sizes.every((other) => other === size))
  const counts = isEven ? null : totals(columns.map(({ sizes }) => sizes))
  const evenCount = size * (columns[0]?.sizes.length ?? 0)
  const means = totals(columns.map(({ sums }) => sums))
  for (const [place, sums] of means.entries())
    for (let resample = 0; resample < sums.length; resample += 1)
      sums[resample] =
        (sums[resample] as number) / (counts === null ? evenCount : (counts[place]?.[resample] as number)) // 0 / 0 is NaN
  return means
}

const ratio = (sum: number, count: number): number | null => (count === 0 ? null : sum / count)

function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let place = 0; place < values.length; place += 1) sum += values[place] as number
  return sum
}
