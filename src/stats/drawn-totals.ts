import { type DrawOptions, timesDrawn } from './draws.ts'
import { packingFor } from './packed-words.ts'

/**
 * Sums of each column over the clusters of each resample. Where all values are whole or half numbers, as marks are, several resamples
 * are summed by one addition; the sums are exact.
 * @param columns one value for each cluster, finite; equally many in every column
 * @returns a sum for each resample, for each column
 */
export function drawnTotals(columns: readonly Float64Array[], drawing: DrawOptions): Float64Array[] {
  const clusters = columns[0]?.length ?? 0
  const largest = largestHalf(columns)
  if (largest === null) {
    const times = timesDrawn(clusters, { ...drawing, base: 2, perWord: 1 })
    return columns.map((column) => sumRows(times, column))
  }
  // the largest sum is that of a resample that is one cluster throughout
  const packing = packingFor(largest * 2 * clusters)
  const times = timesDrawn(clusters, { ...drawing, ...packing })
  return columns.map((column) => {
    const doubled = column.map((value) => value * 2)
    return unpackHalves(sumRows(times, doubled), { ...packing, resamples: drawing.resamples })
  })
}

/** The largest value; null where one is negative or neither whole nor half. */
function largestHalf(columns: readonly Float64Array[]): number | null {
  let largest = 0
  for (const column of columns)
    for (let cluster = 0; cluster < column.length; cluster += 1) {
      const value = column[cluster] as number
      if (value < 0 || !Number.isInteger(value * 2)) return null
      if (value > largest) largest = value
    }
  return largest
}

/** For each row the sum over clusters of its numbers times the column's.
 * @param rows rows × clusters */
function sumRows(rows: Float64Array, column: Float64Array): Float64Array {
  const clusters = column.length
  const sums = new Float64Array(clusters === 0 ? 0 : rows.length / clusters)
  // two rows at once, since an addition need not wait for one to another sum: takes half as long
  for (let row = 0; row < sums.length; row += 2) {
    const first = row * clusters
    const second = row + 1 < sums.length ? first + clusters : first
    let sumOfFirst = 0
    let sumOfSecond = 0
    for (let cluster = 0; cluster < clusters; cluster += 1) {
      const value = column[cluster] as number
      sumOfFirst += (rows[first + cluster] as number) * value
      sumOfSecond += (rows[second + cluster] as number) * value
    }
    sums[row] = sumOfFirst
    if (second !== first) sums[row + 1] = sumOfSecond
  }
  return sums
}

/** The digits of the words, halved, one for each resample. */
function unpackHalves(
  words: Float64Array,
  { base, perWord, resamples }: { readonly base: number; readonly perWord: number; readonly resamples: number },
): Float64Array {
  const halves = new Float64Array(resamples)
  const inverse = 1 / base // a power of two: exact
  let left = 0
  for (let resample = 0; resample < resamples; resample += 1) {
    if (resample % perWord === 0) left = words[resample / perWord] as number
    const higher = Math.floor(left * inverse)
    halves[resample] = (left - higher * base) / 2
    left = higher
  }
  return halves
}
