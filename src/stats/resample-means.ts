import { drawClusters, timesDrawn } from './draws.ts'
import { type BootstrapOptions, bootstrapDefaults, type Interval, intervalOf } from './interval.ts'
import { bootstrapMean } from './resample.ts'

/** `bootstrapMean` of many columns at once, several times as fast: those of equally many clusters are resampled together.
 * @param columns each the clusters of one mean, as for `bootstrapMean`
 * @returns the interval of each column, the same as `bootstrapMean` gives but for the order of summation */
export function bootstrapMeans(
  columns: readonly (readonly (readonly number[])[])[],
  options: BootstrapOptions = {},
): (Interval | null)[] {
  // the corrected interval also needs the mean without each cluster
  if (options.method === 'bca') return columns.map((column) => bootstrapMean(column, options))
  const intervals: (Interval | null)[] = columns.map(() => null)
  const alike = Map.groupBy(columns.keys(), (column) => columns[column]?.length ?? 0)
  for (const [clusters, places] of alike) {
    if (clusters === 0) continue
    const together = resampleTogether(
      places.map((place) => columns[place] ?? []),
      { clusters, options },
    )
    for (const [index, place] of places.entries()) intervals[place] = together[index] ?? null
  }
  return intervals
}

function resampleTogether(
  columns: readonly (readonly (readonly number[])[])[],
  { clusters, options }: { readonly clusters: number; readonly options: BootstrapOptions },
): (Interval | null)[] {
  const { resamples = bootstrapDefaults.resamples, seed = bootstrapDefaults.seed } = options
  const times = timesDrawn(drawClusters(clusters, { resamples, seed }), clusters)
  const [sums, sizes] = [columns.map(() => new Float64Array(clusters)), columns.map(() => new Float64Array(clusters))]
  for (let place = 0; place < columns.length; place += 1) {
    const [column = [], sum, count] = [columns[place], sums[place] as Float64Array, sizes[place] as Float64Array]
    for (let cluster = 0; cluster < clusters; cluster += 1) {
      const items = column[cluster] ?? []
      for (let item = 0; item < items.length; item += 1)
        sum[cluster] = (sum[cluster] as number) + (items[item] as number)
      count[cluster] = items.length
    }
  }
  const size = sizes[0]?.[0] ?? 0
  const isEven = sizes.every((own) => own.every((other) => other === size))
  const totals = drawnTotals(times, sums)
  const counts = isEven ? null : drawnTotals(times, sizes)
  return columns.map((_, place) => {
    const estimates = totals[place] ?? new Float64Array()
    const own = counts?.[place]
    for (let resample = 0; resample < resamples; resample += 1) {
      const count = own === undefined ? size * clusters : (own[resample] as number)
      estimates[resample] = count === 0 ? Number.NaN : (estimates[resample] as number) / count
    }
    return intervalOf({ estimates, point: null, leaveOneOut: () => [] }, options)
  })
}

/**
 * Sums of each column over the clusters of each resample. Where all values are whole or half numbers, as marks are, several columns are
 * packed into one double, side by side in its 53 bits, and summed by one addition; the sums are exact.
 * @param times resamples × clusters
 * @returns a list of resamples for each column
 */
function drawnTotals(times: Uint16Array, columns: readonly Float64Array[]): Float64Array[] {
  const clusters = columns[0]?.length ?? 0
  const resamples = times.length / clusters
  const largest = columns.reduce((most, column) => column.reduce((a, b) => Math.max(a, b), most), 0)
  const canPack = columns.every((column) => column.every((value) => value >= 0 && Number.isInteger(value * 2)))
  // the largest sum is that of a resample that is one cluster throughout
  const base = 2 ** Math.ceil(Math.log2(largest * 2 * clusters + 1))
  const perWord = canPack ? Math.max(1, Math.floor(53 / Math.log2(base))) : 1
  const width = Math.ceil(columns.length / perWord)
  const packed = new Float64Array(clusters * width)
  for (const [place, column] of columns.entries()) {
    const [word, shift] = [Math.floor(place / perWord), perWord === 1 ? 1 : 2 * base ** (place % perWord)]
    for (let cluster = 0; cluster < clusters; cluster += 1)
      packed[cluster * width + word] = (packed[cluster * width + word] as number) + (column[cluster] as number) * shift
  }
  const totals = columns.map(() => new Float64Array(resamples))
  const row = new Float64Array(width)
  for (let resample = 0; resample < resamples; resample += 1) {
    sumRow(row, packed, { times, from: resample * clusters, clusters })
    for (let place = 0; place < columns.length; place += 1) {
      const word = Math.floor(place / perWord)
      const rest = row[word] as number
      const higher = perWord === 1 ? 0 : Math.floor(rest / base)
      if (perWord > 1) row[word] = higher
      const total = totals[place] as Float64Array
      total[resample] = perWord === 1 ? rest : (rest - higher * base) / 2
    }
  }
  return totals
}

/** Fills `row` with the sum over clusters of how often each was drawn times its own row of `values`. */
function sumRow(
  row: Float64Array,
  values: Float64Array,
  drawn: { readonly times: Uint16Array; readonly from: number; readonly clusters: number },
): void {
  const { times, from, clusters } = drawn
  row.fill(0)
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const often = times[from + cluster] as number
    if (often === 0) continue
    const start = cluster * row.length
    for (let place = 0; place < row.length; place += 1)
      row[place] = (row[place] as number) + often * (values[start + place] as number)
  }
}
