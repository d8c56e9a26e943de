/** Refuses what is no number and infinities: among others they have no place in an order and make comparisons false, so that a
 * test could call anything significant.
 * @throws RangeError naming the value */
export function assertFinite(values: ArrayLike<number>): void {
  for (let place = 0; place < values.length; place += 1)
    if (!Number.isFinite(values[place])) throw new RangeError(`a statistic needs numbers, not ${values[place]}`)
}
