/** Arithmetic mean; null for no values. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Middle value, or the mean of the two in the middle; null for no values. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2
}

/** Square root of the mean squared distance from the mean.
 * @param options.divisor `n` describes just these values; `n-1` estimates the population they were drawn from
 * @returns null for no values, and for a single value when the divisor is `n-1` */
export function standardDeviation(
  values: readonly number[],
  options: { readonly divisor: 'n' | 'n-1' },
): number | null {
  const first = values[0]
  const divisor = options.divisor === 'n' ? values.length : values.length - 1
  if (first === undefined || divisor === 0) return null
  // Distances from the first value: equal values give exactly 0, whatever their mean rounds to.
  const shifted = values.map((value) => value - first)
  const centre = mean(shifted) ?? 0
  return Math.sqrt(shifted.reduce((sum, value) => sum + (value - centre) ** 2, 0) / divisor)
}

/** Quantile by linear interpolation between the order statistics: type 7 of Hyndman & Fan 1996, the default of R and NumPy.
 * @param sorted values in ascending order
 * @param p share below, 0..1
 * @returns null for no values */
export function quantile(sorted: ArrayLike<number>, p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile needs a share between 0 and 1, not ${p}`)
  const position = (sorted.length - 1) * p
  const lower = sorted[Math.floor(position)]
  const upper = sorted[Math.ceil(position)]
  if (lower === undefined || upper === undefined) return null
  return lower + (upper - lower) * (position - Math.floor(position))
}
