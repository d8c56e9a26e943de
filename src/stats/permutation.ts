import { assertFinite } from './finite.ts'
import { mulberry32 } from './random.ts'

export interface PermutationOptions {
  /** Random sign patterns when there are too many to try all; default 9,999. */
  readonly resamples?: number | undefined
  readonly seed?: number | undefined
}

export interface PermutationTest {
  /** Mean over all items; null without items. */
  readonly meanDifference: number | null
  /** Two-sided; null without items. */
  readonly p: number | null
  readonly method: 'exact' | 'monte-carlo'
}

const mostPatterns = 20_000

/**
 * Paired permutation test: if nothing but chance tells the two sides apart, every cluster's differences could as well have the
 * opposite sign. The signs of whole clusters (tasks) are flipped together, and p is the share of sign patterns whose mean difference is
 * at least as far from 0 as the observed one.
 *
 * All 2^n patterns are tried when they are at most 20,000 (n up to 14), else random ones: p = (b + 1)/(m + 1) for b of m patterns.
 * @param clusters differences of each cluster; a cluster without any counts for nothing
 * @throws RangeError for a difference that is not finite, or resamples that are not a positive whole number
 * @see Fisher 1935, The Design of Experiments, ch. 3; Phipson & Smyth 2010 (the added ones)
 */
export function pairedPermutationTest(
  clusters: readonly (readonly number[])[],
  { resamples = 9_999, seed = 19955 }: PermutationOptions = {},
): PermutationTest {
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`the number of resamples must be a positive whole number, not ${resamples}`)
  const items = clusters.reduce((count, cluster) => count + cluster.length, 0)
  const sums = clusters.filter((cluster) => cluster.length > 0).map((cluster) => cluster.reduce((sum, d) => sum + d, 0))
  assertFinite(sums)
  const method = 2 ** sums.length <= mostPatterns ? 'exact' : 'monte-carlo'
  if (items === 0) return { meanDifference: null, p: null, method }
  const total = sums.reduce((sum, d) => sum + d, 0)
  // Sums that are equal on paper may differ in their last bits, depending on the order of their terms.
  const atLeast = Math.abs(total) - 1e-12 * sums.reduce((sum, d) => sum + Math.abs(d), 0)
  const meanDifference = total / items
  if (method === 'exact') {
    let patterns = [0]
    for (const sum of sums) patterns = patterns.flatMap((subtotal) => [subtotal + sum, subtotal - sum])
    const extreme = patterns.filter((subtotal) => Math.abs(subtotal) >= atLeast).length
    return { meanDifference, p: extreme / patterns.length, method }
  }
  const random = mulberry32(seed)
  let extreme = 0
  for (let i = 0; i < resamples; i++) {
    let subtotal = 0
    for (const sum of sums) subtotal += random() < 0.5 ? sum : -sum
    if (Math.abs(subtotal) >= atLeast) extreme++
  }
  return { meanDifference, p: (extreme + 1) / (resamples + 1), method }
}
