import { type DrawOptions, drawClusters, timesDrawn } from './draws.ts'

/**
 * Sums of each column over the clusters of each resample. Where all values are whole or half numbers, as marks are, several columns are
 * packed into one double, side by side in its 53 bits, and summed by one addition; the sums are exact.
 * @param columns one value for each cluster, finite; equally many in every column
 * @returns a sum for each resample, for each column
 */
export function drawnTotals(columns: readonly Float64Array[], drawing: DrawOptions): Float64Array[] {
  const clusters = columns[0]?.length ?? 0
  const times = timesDrawn(drawClusters(clusters, drawing), clusters)
  const base = baseFor(columns)
  const perWord = base === null ? 1 : Math.max(1, Math.floor(53 / Math.log2(base)))
  if (base === null || perWord === 1) return sumRows(times, columns)
  const words = Array.from({ length: Math.ceil(columns.length / perWord) }, () => new Float64Array(clusters))
  for (const [place, column] of columns.entries()) {
    const word = words[Math.floor(place / perWord)] as Float64Array
    const shift = 2 * base ** (place % perWord)
    for (let cluster = 0; cluster < clusters; cluster += 1)
      word[cluster] = (word[cluster] as number) + (column[cluster] as number) * shift
  }
  const sums = sumRows(times, words)
  return columns.map((_, place) => takeLowest(sums[Math.floor(place / perWord)] as Float64Array, base))
}

/** A power of two above twice the largest sum of any column; null where a value is negative or neither whole nor half. */
function baseFor(columns: readonly Float64Array[]): number | null {
  let largest = 0
  for (const column of columns)
    for (const value of column) {
      if (value < 0 || !Number.isInteger(value * 2)) return null
      if (value > largest) largest = value
    }
  // the largest sum is that of a resample that is one cluster throughout
  return 2 ** Math.max(1, Math.ceil(Math.log2(largest * 2 * (columns[0]?.length ?? 0) + 1)))
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

/** For each resample the sum over clusters of how often each was drawn times its value, in every column. The columns lie side by side in
 * memory while they are summed.
 * @param times resamples × clusters */
function sumRows(times: Uint16Array, columns: readonly Float64Array[]): Float64Array[] {
  const clusters = columns[0]?.length ?? 0
  const width = columns.length
  const values = new Float64Array(clusters * width)
  for (const [place, column] of columns.entries())
    for (let cluster = 0; cluster < clusters; cluster += 1) values[cluster * width + place] = column[cluster] as number
  const resamples = clusters === 0 ? 0 : times.length / clusters
  const sums = columns.map(() => new Float64Array(resamples))
  const row = new Float64Array(width)
  for (let resample = 0; resample < resamples; resample += 1) {
    row.fill(0)
    for (let cluster = 0; cluster < clusters; cluster += 1) {
      const often = times[resample * clusters + cluster] as number
      if (often === 0) continue
      const start = cluster * width
      for (let place = 0; place < width; place += 1)
        row[place] = (row[place] as number) + often * (values[start + place] as number)
    }
    for (let place = 0; place < width; place += 1) (sums[place] as Float64Array)[resample] = row[place] as number
  }
  return sums
}
