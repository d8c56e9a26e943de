import { normalCdf, normalQuantile } from './normal.ts'
import { selectQuantile } from './select.ts'

export interface Interval {
  readonly lo: number
  readonly hi: number
  /** Resamples in which the statistic has no value; the interval is of the others. */
  readonly undefinedResamples: number
}

export interface BootstrapOptions {
  /** Default 2000. */
  readonly resamples?: number | undefined
  /** Default 19955. */
  readonly seed?: number | undefined
  /** Coverage aimed at, between 0 and 1; default 0.95. */
  readonly level?: number | undefined
  /** `percentile` (default): the middle share of the resampled values. `bca`: corrected for bias and skewness (Efron 1987). */
  readonly method?: 'percentile' | 'bca' | undefined
}

export const bootstrapDefaults = { resamples: 2000, seed: 19955, level: 0.95, method: 'percentile' } as const

export interface Resampled {
  /** The statistic of each resample, NaN where it has no value. Put into another order. */
  readonly estimates: Float64Array
  /** The statistic of the data. */
  readonly point: number | null
  /** The statistic without each cluster in turn; asked for only when the method needs it. */
  readonly leaveOneOut: () => readonly (number | null)[]
}

/** Bootstrap interval from what the resamples gave, with quantiles of type 7.
 * @returns null when no resample has a value. With `bca` also when the data or the data without some cluster have none, when there is
 *   only one cluster, and when the value of the data lies beyond those of all resamples
 * @throws RangeError for a level outside 0..1
 * @see Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13-14 */
export function intervalOf(resampled: Resampled, options: BootstrapOptions): Interval | null {
  const level = options.level ?? bootstrapDefaults.level
  if (!(level > 0 && level < 1)) throw new RangeError(`the level of an interval must be between 0 and 1, not ${level}`)
  const values = withoutNaN(resampled.estimates)
  const ends = { lower: (1 - level) / 2, upper: (1 + level) / 2 }
  const shares = options.method === 'bca' ? correctedShares(values, { ...resampled, ends }) : ends
  const [lo, hi] =
    shares === null ? [null, null] : [selectQuantile(values, shares.lower), selectQuantile(values, shares.upper)]
  return lo === null || hi === null ? null : { lo, hi, undefinedResamples: resampled.estimates.length - values.length }
}

/** The defined values, moved to the front. */
function withoutNaN(estimates: Float64Array): Float64Array {
  let defined = 0
  for (let place = 0; place < estimates.length; place += 1) {
    const value = estimates[place] as number
    if (Number.isNaN(value)) continue
    estimates[defined] = value
    defined += 1
  }
  return estimates.subarray(0, defined)
}

interface Shares {
  readonly lower: number
  readonly upper: number
}

/** Equal but for rounding, so that a different order of summation decides nothing. */
const rounding = 1e-12

/** Where to cut the resampled values instead of at the plain shares.
 * @see Efron 1987, Better bootstrap confidence intervals, JASA 82; DiCiccio & Efron 1996, Bootstrap confidence intervals, Statistical Science 11 */
function correctedShares(
  values: Float64Array,
  data: { readonly point: number | null; readonly leaveOneOut: Resampled['leaveOneOut']; readonly ends: Shares },
): Shares | null {
  const { point, ends } = data
  if (point === null) return null
  const slack = rounding * Math.abs(point)
  let below = 0
  for (const value of values) below += value < point - slack ? 1 : value <= point + slack ? 0.5 : 0
  const bias = normalQuantile(values.length === 0 ? 0 : below / values.length)
  const acceleration = accelerationOf(data.leaveOneOut())
  if (!Number.isFinite(bias) || acceleration === null) return null
  const corrected = (share: number): number => {
    const z = bias + normalQuantile(share)
    // beyond a pole the correction has turned over: the end of the resampled values is as far as it reaches
    return normalCdf(bias + z / Math.max(0, 1 - acceleration * z))
  }
  return { lower: corrected(ends.lower), upper: corrected(ends.upper) }
}

/** A sixth of the skewness of the jackknife values; 0 when they are all equal. */
function accelerationOf(leaveOneOut: readonly (number | null)[]): number | null {
  const values = leaveOneOut.filter((value) => value !== null)
  if (values.length < 2 || values.length < leaveOneOut.length) return null
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.every((value) => Math.abs(value - centre) <= rounding * Math.abs(centre))) return 0
  const powers = (exponent: number): number => values.reduce((sum, value) => sum + (centre - value) ** exponent, 0)
  return powers(3) / powers(2) ** 1.5 / 6
}
