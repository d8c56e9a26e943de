import { assertFinite } from './finite.ts'
import { type BootstrapOptions, type Interval, intervalOf } from './interval.ts'
import { type ClusterSums, drawnMeans, sumClusters } from './resample.ts'

export interface RankInterval {
  /** Mean over all scores of the item; null when it has none, and then it has no rank either. */
  readonly mean: number | null
  /** 1 is the highest mean; equal means share the mean of their ranks. */
  readonly rank: number | null
  /** Where the rank falls when the clusters are drawn anew: ends can lie between whole ranks. Null as for `bootstrapStatistic`. */
  readonly interval: Interval | null
}

/** Ranks of items (systems) by their mean over clusters (tasks), with bootstrap intervals: the clusters are drawn for all items together,
 * so that what is hard for all of them does not blur their order. Resamples in which some item has no score are undefined for all.
 * The intervals are each item's own, not a region for the whole order.
 * @param scores items × clusters × scores; the same clusters in the same order for every item, an empty list where it has no score
 * @returns in the order of the items; items without any score are ranked nowhere and leave the others alone
 * @throws RangeError when items differ in their number of clusters
 * @see Goldstein & Spiegelhalter 1996, League tables and their limitations, JRSS A 159; Hall & Miller 2009, Using the bootstrap to
 *   quantify the authority of an empirical ranking, Annals of Statistics 37 */
export function rankIntervals(
  scores: readonly (readonly (readonly number[])[])[],
  options: BootstrapOptions = {},
): RankInterval[] {
  const clusters = scores[0]?.length ?? 0
  if (scores.some((item) => item.length !== clusters)) {
    throw new RangeError('ranking needs the same clusters for every item: an empty list where one has no score')
  }
  const tallies = scores.map((item) => {
    const { sums, sizes } = sumClusters(item)
    assertFinite(sums)
    return { sums, sizes, sum: sums.reduce((a, b) => a + b, 0), size: sizes.reduce((a, b) => a + b, 0) }
  })
  const scored = tallies.filter((tally) => tally.size > 0)
  const everyone = scored.map(({ sum, size }) => sum / size)
  const ranks = everyone.map((_, place) => rankFromHighest(everyone, place))
  const estimates = clusters < 2 ? [] : resampledRanks(scored, options)
  /** Null when an item has no mean. */
  const without = (left: number): readonly number[] | null => {
    const means = scored.map(({ sum, size, sums, sizes }) => (sum - (sums[left] ?? 0)) / (size - (sizes[left] ?? 0)))
    return means.some(Number.isNaN) ? null : means.map((_, place) => rankFromHighest(means, place))
  }
  let leftOut: (readonly number[] | null)[] | null = null
  const leaveOneOut = (place: number): (number | null)[] => {
    leftOut ??= Array.from({ length: clusters }, (_, left) => without(left))
    return leftOut.map((order) => order?.[place] ?? null)
  }
  return tallies.map((tally) => {
    const place = scored.indexOf(tally)
    if (place === -1) return { mean: null, rank: null, interval: null }
    const rank = ranks[place] ?? null
    return {
      mean: everyone[place] ?? null,
      rank,
      interval: intervalOf(
        {
          estimates: estimates[place] ?? new Float64Array(),
          point: rank,
          leaveOneOut: () => leaveOneOut(place),
        },
        options,
      ),
    }
  })
}

/** items × resamples. */
function resampledRanks(scored: readonly ClusterSums[], options: BootstrapOptions): Float64Array[] {
  const means = drawnMeans(scored, options)
  const ranks = means.map(({ length }) => new Float64Array(length))
  const drawn = new Float64Array(means.length)
  for (let resample = 0; resample < (means[0]?.length ?? 0); resample += 1) {
    for (let place = 0; place < drawn.length; place += 1) drawn[place] = means[place]?.[resample] as number
    const isRanked = !drawn.some(Number.isNaN)
    for (let place = 0; place < drawn.length; place += 1)
      (ranks[place] as Float64Array)[resample] = isRanked ? rankFromHighest(drawn, place) : Number.NaN
  }
  return ranks
}

/** Average rank from the highest down. Means that differ by rounding alone are equal: the order of summation breaks no tie. */
function rankFromHighest(means: ArrayLike<number>, place: number): number {
  const mean = means[place] as number
  const slack = 1e-12 * Math.abs(mean)
  let higher = 0
  let equal = 0
  for (let other = 0; other < means.length; other += 1) {
    const difference = (means[other] as number) - mean
    if (difference > slack) higher += 1
    else if (difference >= -slack) equal += 1
  }
  return higher + (equal + 1) / 2
}
