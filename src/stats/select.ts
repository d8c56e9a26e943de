/** Quantile of type 7, as `quantile`, of values in any order: finds the two order statistics it needs instead of sorting.
 * @param values without NaN; put into another order
 * @returns null for no values
 * @see Hoare 1961, Algorithm 65: Find, Communications of the ACM 4 */
export function selectQuantile(values: Float64Array, p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile needs a share between 0 and 1, not ${p}`)
  if (values.length === 0) return null
  const position = (values.length - 1) * p
  const place = Math.floor(position)
  const lower = select(values, place)
  if (place === position) return lower
  let upper = Number.POSITIVE_INFINITY
  for (let index = place + 1; index < values.length; index += 1) upper = Math.min(upper, values[index] as number)
  return lower + (upper - lower) * (position - place)
}

/** The value at a place of the ascending order. Afterwards nothing before that place is larger, and nothing behind it smaller. */
function select(values: Float64Array, place: number): number {
  let left = 0
  let right = values.length - 1
  while (left < right) {
    const pivot = middleOf(values[left] as number, values[(left + right) >> 1] as number, values[right] as number)
    let low = left
    let high = right
    while (low <= high) {
      while ((values[low] as number) < pivot) low += 1
      while ((values[high] as number) > pivot) high -= 1
      if (low <= high) {
        const swapped = values[low] as number
        values[low] = values[high] as number
        values[high] = swapped
        low += 1
        high -= 1
      }
    }
    if (place <= high) right = high
    else if (place >= low) left = low
    else break
  }
  return values[place] as number
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
