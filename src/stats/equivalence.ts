import { assertFinite } from './finite.ts'
import type { BootstrapOptions } from './interval.ts'
import { mean, standardDeviation } from './mean.ts'
import { studentQuantile, studentSurvival } from './normal.ts'
import { bootstrapMean } from './resample.ts'

export interface Equivalence {
  readonly mean: number | null
  /** The larger of the two one-sided p-values; null where the verdict comes from the interval alone, or is undefined. */
  readonly p: number | null
  /** Interval of the mean at level 1 - 2α. */
  readonly interval90: { readonly lo: number; readonly hi: number } | null
  /** Whether the mean is shown to lie within ±margin. False shows nothing; null when the data cannot say. */
  readonly equivalent: boolean | null
}

const undefinedResult = { p: null, interval90: null, equivalent: null }

/**
 * Two one-sided t-tests: is the mean of independent differences within ±margin? The margin is the largest difference that does not
 * matter and must be set before looking at the data. Undefined for fewer than two differences or when all are equal.
 * @param options margin > 0, in the unit of the differences; alpha of each test, default 0.05
 * @throws RangeError for a margin that is not positive, or a difference that is not finite
 * @see Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15(6)
 */
export function tost(
  differences: readonly number[],
  { margin, alpha = 0.05 }: { readonly margin: number; readonly alpha?: number | undefined },
): Equivalence {
  checkMargin(margin)
  assertFinite(differences)
  const centre = mean(differences)
  const deviation = standardDeviation(differences, { divisor: 'n-1' })
  if (centre === null || deviation === null || deviation === 0) return { mean: centre, ...undefinedResult }
  const degrees = differences.length - 1
  const error = deviation / Math.sqrt(differences.length)
  const p = Math.max(
    studentSurvival((centre + margin) / error, degrees),
    studentSurvival((margin - centre) / error, degrees),
  )
  const reach = studentQuantile(1 - alpha, degrees) * error
  return { mean: centre, p, interval90: { lo: centre - reach, hi: centre + reach }, equivalent: p < alpha }
}

/**
 * The same question when the differences of a cluster (task) hang together: equivalent when the bootstrap interval over clusters, at
 * level 1 - 2α, lies wholly within ±margin. With few clusters the interval, and so the verdict, is too hopeful. Undefined for fewer than two
 * clusters with differences, and when no resample varies.
 * @param clusters differences of each cluster
 * @throws RangeError for a margin that is not positive, or a difference that is not finite
 */
export function tostByCluster(
  clusters: readonly (readonly number[])[],
  {
    margin,
    alpha = 0.05,
    ...bootstrap
  }: { readonly margin: number; readonly alpha?: number | undefined } & Omit<BootstrapOptions, 'level'>,
): Equivalence {
  checkMargin(margin)
  const filled = clusters.filter((cluster) => cluster.length > 0)
  const centre = mean(filled.flat())
  const interval = bootstrapMean(filled, { ...bootstrap, level: 1 - 2 * alpha })
  if (interval === null || interval.lo === interval.hi) return { mean: centre, ...undefinedResult }
  const { lo, hi } = interval
  return { mean: centre, p: null, interval90: { lo, hi }, equivalent: lo > -margin && hi < margin }
}

function checkMargin(margin: number): void {
  if (!(margin > 0)) throw new RangeError(`the margin of equivalence must be positive: ${margin}`)
}
