/** Refuses what is no number and infinities: among others they have no place in an order and make comparisons false, so that a
 * test could call anything significant.
 * @throws RangeError naming the value */
export function assertFinite(values: Iterable<number>): void {
  for (const value of values)
    if (!Number.isFinite(value)) throw new RangeError(`a statistic needs numbers, not ${value}`)
}
