import { rankBiserial } from './effect.ts'
import { twoSidedNormal } from './normal.ts'
import { averageRanks } from './ranks.ts'

export interface MannWhitneyOptions {
  readonly method?: 'auto' | 'exact' | 'asymptotic' | undefined
  /** Move the statistic half a step towards its mean before it meets the normal distribution; default true. */
  readonly continuity?: boolean | undefined
}

export interface MannWhitney {
  /** Pairs in which the first sample is higher, ties counting half: 0..n1 n2. */
  readonly u: number
  /** Size of the standardised distance of `u` from its mean, at least 0; null for exact results and when all values are equal. */
  readonly z: number | null
  /** Two-sided; null when a sample is empty. */
  readonly p: number | null
  readonly method: 'exact' | 'asymptotic'
  /** Positive when the second sample lies higher. */
  readonly rankBiserial: number | null
}

/** Beyond this many pairs the exact distribution takes long to count, and the normal one is as good. */
const mostExactPairs = 10_000

/**
 * Mann-Whitney U test of two independent samples, two-sided. It asks whether one sample tends to lie higher; a large p shows neither
 * that the samples are alike nor, on differences between raters, that the raters agree.
 *
 * `auto` is exact when the smaller sample has at most 8 values and no value occurs twice (SciPy's rule) and the samples form at most
 * 10,000 pairs, else asymptotic with the variance corrected for ties.
 * @throws RangeError when `exact` is asked for and there are ties or more than 10,000 pairs
 * @see Mann & Whitney 1947, Annals of Mathematical Statistics 18(1)
 */
export function mannWhitneyU(
  x: readonly number[],
  y: readonly number[],
  options: MannWhitneyOptions = {},
): MannWhitney {
  const { method = 'auto', continuity = true } = options
  const pairs = x.length * y.length
  const ranks = averageRanks([...x, ...y])
  const u = ranks.slice(0, x.length).reduce((sum, rank) => sum + rank, 0) - (x.length * (x.length + 1)) / 2
  const ties = tieSum([...x, ...y])
  const countable = ties === 0 && pairs <= mostExactPairs
  if (method === 'exact' && !countable) {
    throw new RangeError(
      `the exact test needs values without ties and at most ${mostExactPairs} pairs; use the asymptotic one`,
    )
  }
  const exact = method === 'exact' || (method === 'auto' && countable && Math.min(x.length, y.length) <= 8)
  const shared = {
    u,
    rankBiserial: rankBiserial(u, x.length, y.length),
    method: exact ? 'exact' : 'asymptotic',
  } as const
  if (pairs === 0) return { ...shared, z: null, p: null }
  if (exact) return { ...shared, z: null, p: exactP(Math.max(u, pairs - u), x.length, y.length) }
  const n = x.length + y.length
  const deviation = Math.sqrt((pairs / 12) * (n + 1 - ties / (n * (n - 1))))
  if (deviation === 0) return { ...shared, z: null, p: 1 }
  const z = Math.max(0, Math.abs(u - pairs / 2) - (continuity ? 0.5 : 0)) / deviation
  return { ...shared, z, p: twoSidedNormal(z) }
}

/** Sum of t³ - t over groups of t equal values. */
export function tieSum(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum + count ** 3 - count, 0)
}

/**
 * Twice the chance that U is at least `u`, at most 1. The highest of all values is in the first sample with chance a/(a + b), and then
 * beats all of the second: that gives the distribution for (a, b) from those for (a - 1, b) and (a, b - 1).
 */
function exactP(u: number, n1: number, n2: number): number {
  const few = Math.min(n1, n2)
  const many = Math.max(n1, n2)
  // chances[a][k] is the chance of U = k for sizes a and b, as b grows; the distribution is symmetric in a and b.
  const chances = Array.from({ length: few + 1 }, (_, a) => new Float64Array(a * many + 1))
  for (const row of chances) row[0] = 1
  for (let b = 1; b <= many; b++) {
    for (let a = 1; a <= few; a++) {
      const fewer = chances[a - 1]
      const row = chances[a]
      if (fewer === undefined || row === undefined) continue
      const first = a / (a + b)
      for (let k = a * b; k >= 0; k--) row[k] = first * (k < b ? 0 : (fewer[k - b] ?? 0)) + (1 - first) * (row[k] ?? 0)
    }
  }
  const tail = chances[few]?.subarray(u) ?? new Float64Array()
  return Math.min(1, 2 * tail.reduceRight((sum, chance) => sum + chance, 0))
}
