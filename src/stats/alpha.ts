import { assertFinite } from './finite.ts'

/** Krippendorff's alpha: 1 is perfect reliability, 0 what chance gives, below 0 systematic disagreement.
 * @param units for each rated thing the ratings it got, in any order and number; units with fewer than two ratings say nothing and are left out.
 *   The ordinal metric takes the order of the values, the interval metric their distances
 * @returns null when no unit has two ratings, and when all ratings that count are equal
 * @throws RangeError for a rating that is not finite
 * @see Krippendorff 2011, Computing Krippendorff's alpha-reliability */
export function krippendorffAlpha(
  units: readonly (readonly number[])[],
  options: { readonly metric: 'interval' | 'ordinal' | 'nominal' },
): number | null {
  const paired = units.filter((ratings) => ratings.length > 1)
  const levels = [...new Set(paired.flat())].toSorted((a, b) => a - b)
  assertFinite(levels)
  const place = new Map(levels.map((level, index) => [level, index]))
  const tallies = paired.map((ratings) => ({ tally: tally(ratings, place), size: ratings.length }))
  const totals = tally(paired.flat(), place)
  const size = [...totals.values()].reduce((sum, count) => sum + count, 0)
  const distance = squaredDistance(options.metric, { levels, totals })

  const observed = tallies.reduce((sum, unit) => sum + disagreement(unit.tally, distance) / (unit.size - 1), 0)
  const expected = disagreement(totals, distance)
  return expected === 0 ? null : 1 - (observed * (size - 1)) / expected
}

type Tally = ReadonlyMap<number, number>

/** How often each level occurs, by its place among the levels. */
function tally(ratings: readonly number[], place: ReadonlyMap<number, number>): Tally {
  const counts = new Map<number, number>()
  for (const rating of ratings) {
    const index = place.get(rating) ?? 0
    counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  return counts
}

function squaredDistance(
  metric: 'interval' | 'ordinal' | 'nominal',
  scale: { readonly levels: readonly number[]; readonly totals: Tally },
): (i: number, j: number) => number {
  const { levels, totals } = scale
  if (metric === 'nominal') return () => 1
  if (metric === 'interval') return (i, j) => ((levels[i] ?? 0) - (levels[j] ?? 0)) ** 2
  // The ratings that lie between two levels, each end counted by half.
  let below = 0
  const middles = levels.map((_, index) => {
    const count = totals.get(index) ?? 0
    below += count
    return below - count / 2
  })
  return (i, j) => ((middles[i] ?? 0) - (middles[j] ?? 0)) ** 2
}

/** Sum of the squared distances over all ordered pairs of ratings. */
function disagreement(counts: Tally, distance: (i: number, j: number) => number): number {
  let sum = 0
  for (const [i, countI] of counts) {
    for (const [j, countJ] of counts) {
      if (i < j) sum += 2 * countI * countJ * distance(i, j)
    }
  }
  return sum
}
