import { assertFinite } from './finite.ts'

/** Two raters' scores of the same item. */
export type Pair = readonly [x: number, y: number]

/** How often each pair of scores occurs in each cluster: all that measures of agreement need to know of the data, and far smaller. */
export interface AgreementTable {
  readonly clusters: number
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
  const scores = [...new Set(clusters.flat(2))].toSorted((a, b) => a - b)
  assertFinite(scores)
  const middle = Math.round(scores[scores.length >> 1] ?? 0)
  const place = new Map(scores.map((score, index) => [score, index]))
  const cells = new Map<number, Map<number, number>>()
  for (const [cluster, pairs] of clusters.entries()) {
    for (const [x, y] of pairs) {
      const key = (place.get(x) ?? 0) * scores.length + (place.get(y) ?? 0)
      const counts = cells.get(key) ?? new Map<number, number>()
      counts.set(cluster, (counts.get(cluster) ?? 0) + 1)
      cells.set(key, counts)
    }
  }
  const inOrder = [...cells].toSorted(([a], [b]) => a - b)
  const starts = [0]
  for (const [, counts] of inOrder) starts.push((starts.at(-1) ?? 0) + counts.size)
  return {
    clusters: clusters.length,
    levels: Float64Array.from(scores, (score) => score - middle),
    rounded: Float64Array.from(scores, (score) => Math.floor(score + 0.5) - middle),
    cellX: Int32Array.from(inOrder, ([key]) => Math.floor(key / scores.length)),
    cellY: Int32Array.from(inOrder, ([key]) => key % scores.length),
    entryStart: Int32Array.from(starts),
    entryCluster: Int32Array.from(inOrder.flatMap(([, counts]) => [...counts.keys()])),
    entryCount: Float64Array.from(inOrder.flatMap(([, counts]) => [...counts.values()])),
  }
}

/** Fills `counts`, one for each cell, for data in which cluster c occurs `times[from + c]` times. */
export function countCells(
  table: AgreementTable,
  times: { readonly of: Uint16Array; readonly from: number },
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
