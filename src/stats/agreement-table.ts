import { assertFinite } from './finite.ts'

/** Two raters' scores of the same item. */
export type Pair = readonly [x: number, y: number]

/** How often each pair of scores occurs in each cluster: all that measures of agreement need to know of the data, and far smaller. */
export interface AgreementTable {
  readonly clusters: number
  /** Most pairs in a cluster. */
  readonly largestCluster: number
  /** Distinct scores of both raters in ascending order, measured from a middle one to keep sums exact. */
  readonly levels: Float64Array
  /** The levels rounded half-up to whole numbers, measured likewise. */
  readonly rounded: Float64Array
  /** Places among the levels of the two scores of each cell, a cell being a pair of scores that occurs. */
  readonly cellX: Int32Array
  readonly cellY: Int32Array
  /** The entries of cell k are those from entryStart[k] up to entryStart[k + 1]: which clusters hold the pair, and how often. */
  readonly entryStart: Int32Array
  readonly entryCluster: Int32Array
  readonly entryCount: Float64Array
}

/** @throws RangeError for a score that is not finite */
export function agreementTable(clusters: readonly (readonly Pair[])[]): AgreementTable {
  const distinct = new Set<number>()
  for (const pairs of clusters) for (const pair of pairs) distinct.add(pair[0]).add(pair[1])
  const scores = [...distinct].toSorted((a, b) => a - b)
  assertFinite(scores)
  const middle = Math.round(scores[scores.length >> 1] ?? 0)
  const place = new Map(scores.map((score, index) => [score, index]))
  // a cell's number and then the cluster's, sorted: equal ones lie side by side
  const keys = new Float64Array(clusters.reduce((sum, { length }) => sum + length, 0))
  let filled = 0
  for (const [cluster, pairs] of clusters.entries())
    for (const pair of pairs) {
      const cell = (place.get(pair[0]) ?? 0) * scores.length + (place.get(pair[1]) ?? 0)
      keys[filled] = cell * clusters.length + cluster
      filled += 1
    }
  keys.sort()
  const cells: number[] = []
  const entryStart: number[] = []
  const entryCluster: number[] = []
  const entryCount: number[] = []
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as number
    if (key === keys[index - 1]) {
      entryCount[entryCount.length - 1] = (entryCount.at(-1) ?? 0) + 1
      continue
    }
    const cell = Math.floor(key / clusters.length)
    if (cell !== cells.at(-1)) {
      cells.push(cell)
      entryStart.push(entryCluster.length)
    }
    entryCluster.push(key % clusters.length)
    entryCount.push(1)
  }
  return {
    clusters: clusters.length,
    largestCluster: clusters.reduce((most, { length }) => Math.max(most, length), 0),
    levels: Float64Array.from(scores, (score) => score - middle),
    rounded: Float64Array.from(scores, (score) => Math.floor(score + 0.5) - middle),
    cellX: Int32Array.from(cells, (cell) => Math.floor(cell / scores.length)),
    cellY: Int32Array.from(cells, (cell) => cell % scores.length),
    entryStart: Int32Array.from([...entryStart, entryCluster.length]),
    entryCluster: Int32Array.from(entryCluster),
    entryCount: Float64Array.from(entryCount),
  }
}

/** Fills `counts`, one for each cell, for data in which cluster c occurs `times[from + c]` times; times of several resamples in a word give
 * their counts in a word. */
export function countCells(
  table: AgreementTable,
  times: { readonly of: Float64Array; readonly from: number },
  counts: Float64Array,
): void {
  const { entryStart, entryCluster, entryCount } = table
  for (let cell = 0; cell < counts.length; cell += 1) {
    const end = entryStart[cell + 1] as number
    let sum = 0
    for (let entry = entryStart[cell] as number; entry < end; entry += 1) {
      sum += (times.of[times.from + (entryCluster[entry] as number)] as number) * (entryCount[entry] as number)
    }
    counts[cell] = sum
  }
}
