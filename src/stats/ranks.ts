import { assertFinite } from './finite.ts'

/** Ranks from 1 (smallest) to n; equal values share the mean of the ranks they take up. In the order of the values.
 * @throws RangeError for a value that is not finite */
export function averageRanks(values: readonly number[]): number[] {
  assertFinite(values)
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value)
  const ranks = Array.from(values, () => 0)
  let start = 0
  while (start < order.length) {
    let end = start + 1
    while (end < order.length && order[end]?.value === order[start]?.value) end += 1
    for (const { index } of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}
