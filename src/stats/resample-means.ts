import { drawClusters, timesDrawn } from './draws.ts'
import { type BootstrapOptions, bootstrapDefaults, type Interval, intervalOf } from './interval.ts'

/** What a mean over items needs to know of its clusters, in an order fixed by the caller. */
export interface ClusterSums {
  readonly sums: Float64Array
  /** Items in each cluster. */
  readonly sizes: Float64Array
}

/** The interval `bootstrapMean` gives, for many columns at once and several times as fast: those of equally many clusters are
 * resampled together. Exactly the same for whole and half numbers, else but for the order of summation.
 * @returns one for each column; null for a column without clusters */
export function bootstrapMeans(columns: readonly ClusterSums[], options: BootstrapOptions = {}): (Interval | null)[] {
  const intervals: (Interval | null)[] = columns.map(() => null)
  const alike = Map.groupBy(columns.keys(), (column) => columns[column]?.sums.length ?? 0)
  for (const [clusters, places] of alike) {
    if (clusters === 0) continue
    const own = places.flatMap((place) => columns[place] ?? [])
    for (const [index, interval] of resampleTogether(own, options).entries()) intervals[places[index] ?? 0] = interval
  }
  return intervals
}

function resampleTogether(columns: readonly ClusterSums[], options: BootstrapOptions): (Interval | null)[] {
  const { resamples = bootstrapDefaults.resamples, seed = bootstrapDefaults.seed } = options
  const clusters = columns[0]?.sums.length ?? 0
  const times = timesDrawn(drawClusters(clusters, { resamples, seed }), clusters)
  const size = columns[0]?.sizes[0] ?? 0
  const isEven = columns.every(({ sizes }) => sizes.every((other) => other === size))
  const totals = drawnTotals(
    times,
    columns.map(({ sums }) => sums),
  )
  const counts = isEven
    ? null
    : drawnTotals(
        times,
        columns.map(({ sizes }) => sizes),
      )
  return columns.map(({ sums, sizes }, place) => {
    const estimates = totals[place] ?? new Float64Array()
    divide(estimates, counts?.[place] ?? size * clusters)
    const [sum, count] = [total(sums), total(sizes)]
    const leaveOneOut = (): (number | null)[] =>
      Array.from(sums, (own, left) => ratio(sum - own, count - (sizes[left] ?? 0)))
    return intervalOf({ estimates, point: ratio(sum, count), leaveOneOut }, options)
  })
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
const ratio = (sum: number, count: number): number | null => (count === 0 ? null : sum / count)

/** Totals become means, in place; NaN where there is nothing to divide by. */
function divide(totals: Float64Array, counts: Float64Array | number): void {
  for (let resample = 0; resample < totals.length; resample += 1) {
    const count = typeof counts === 'number' ? counts : (counts[resample] as number)
    totals[resample] = count === 0 ? Number.NaN : (totals[resample] as number) / count
  }
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
  let [largest, canPack] = [0, true]
  for (const column of columns)
    for (let cluster = 0; cluster < clusters; cluster += 1) {
      const value = column[cluster] as number
      if (value > largest) largest = value
      if (value < 0 || !Number.isInteger(value * 2)) canPack = false
    }
  // the largest sum is that of a resample that is one cluster throughout
  const base = 2 ** Math.max(1, Math.ceil(Math.log2(largest * 2 * clusters + 1)))
  const perWord = canPack ? Math.max(1, Math.floor(53 / Math.log2(base))) : 1
  const width = Math.ceil(columns.length / perWord)
  const packed = new Float64Array(clusters * width)
  for (const [place, column] of columns.entries()) {
    const [word, shift] = [Math.floor(place / perWord), perWord === 1 ? 1 : 2 * base ** (place % perWord)]
    for (let cluster = 0; cluster < clusters; cluster += 1)
      packed[cluster * width + word] = (packed[cluster * width + word] as number) + (column[cluster] as number) * shift
  }
  const words = Array.from({ length: width }, () => new Float64Array(resamples))
  const row = new Float64Array(width)
  for (let resample = 0; resample < resamples; resample += 1) {
    sumRow(row, packed, { times, from: resample * clusters, clusters })
    for (let word = 0; word < width; word += 1) (words[word] as Float64Array)[resample] = row[word] as number
  }
  if (perWord === 1) return words
  return columns.map((_, place) => takeLowest(words[Math.floor(place / perWord)] as Float64Array, base))
}

/** The lowest of the columns packed in a word, halved; what is left of the word moves down by one. */
function takeLowest(word: Float64Array, base: number): Float64Array {
  const lowest = new Float64Array(word.length)
  const inverse = 1 / base // a power of two: exact
  for (let resample = 0; resample < word.length; resample += 1) {
    const packed = word[resample] as number
    const higher = Math.floor(packed * inverse)
    lowest[resample] = (packed - higher * base) / 2
    word[resample] = higher
  }
  return lowest
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
