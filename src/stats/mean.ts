/** Arithmetic mean; null for no values. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sumOf(values) / values.length
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
  const { population, sample } = standardDeviations(values)
  return options.divisor === 'n' ? population : sample
}

/** {@link standardDeviation} with both divisors: n, and n - 1. */
export function standardDeviations(values: readonly number[]): {
  readonly population: number | null
  readonly sample: number | null
} {
  const [first] = values
  if (first === undefined) return { population: null, sample: null }
  // Distances from the first value: equal values give exactly 0, whatever their mean rounds to.
  let shifted = 0
  for (let place = 0; place < values.length; place += 1) shifted += (values[place] as number) - first
  const centre = shifted / values.length
  let squares = 0
  for (let place = 0; place < values.length; place += 1) squares += ((values[place] as number) - first - centre) ** 2
  return {
    population: Math.sqrt(squares / values.length),
    sample: values.length === 1 ? null : Math.sqrt(squares / (values.length - 1)),
  }
}

function sumOf(values: readonly number[]): number {
  let sum = 0
  for (let place = 0; place < values.length; place += 1) sum += values[place] as number
  return sum
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
