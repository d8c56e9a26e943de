import { tieSum } from './mann-whitney.ts'
import { twoSidedNormal } from './normal.ts'
import { averageRanks } from './ranks.ts'

export interface WilcoxonOptions {
  readonly method?: 'auto' | 'exact' | 'asymptotic' | undefined
  /** `wilcox` drops differences of zero before ranking; `pratt` ranks them and drops their ranks. Default `wilcox`. */
  readonly zeros?: 'wilcox' | 'pratt' | undefined
  /** Move the statistic half a step towards its mean before it meets the normal distribution; default true. */
  readonly continuity?: boolean | undefined
  /** `greater` asks whether differences lie above 0, `less` below. Default `two-sided`. */
  readonly alternative?: 'two-sided' | 'greater' | 'less' | undefined
}

export interface Wilcoxon {
  /** The smaller of the sums of ranks of positive and of negative differences. */
  readonly w: number
  /** Sum of the ranks of positive differences. */
  readonly wPlus: number
  /** Standardised `wPlus`: positive when differences lie above 0. Null for exact results. */
  readonly z: number | null
  /** Null when no difference is other than 0. */
  readonly p: number | null
  /** Differences other than 0. */
  readonly n: number
  readonly method: 'exact' | 'asymptotic'
}

/**
 * Wilcoxon's signed-rank test of paired differences: is their distribution symmetric about 0?
 *
 * `auto` is exact for at most 50 differences, none of them 0 and no two of one size, else asymptotic with the variance corrected for
 * ties. `exact` counts all signs given the ranks, so it holds with ties and zeros too. Sizes are ties when they are the same number, so
 * differences of averages should come from sums of whole scores.
 * @throws RangeError when `exact` is asked for with more than 500 differences other than 0
 * @see Wilcoxon 1945, Biometrics Bulletin 1(6); Pratt 1959, JASA 54(287)
 */
export function wilcoxonSignedRank(differences: readonly number[], options: WilcoxonOptions = {}): Wilcoxon {
  const { method = 'auto', zeros = 'wilcox', continuity = true, alternative = 'two-sided' } = options
  const ranked = zeros === 'wilcox' ? differences.filter((difference) => difference !== 0) : differences
  const sizes = ranked.map(Math.abs)
  const ranks = averageRanks(sizes)
  const kept = ranks.filter((_, i) => sizes[i] !== 0)
  const sumWhere = (sign: number) =>
    ranks.reduce((sum, rank, i) => sum + (Math.sign(ranked[i] ?? 0) === sign ? rank : 0), 0)
  const wPlus = sumWhere(1)
  const wMinus = sumWhere(-1)
  const ties = tieSum(sizes.filter((size) => size !== 0))
  const n = kept.length
  if (method === 'exact' && n > 500)
    throw new RangeError('the exact test counts at most 500 differences; use the asymptotic one')
  const plain = differences.length <= 50 && n === differences.length && ties === 0
  const exact = method === 'exact' || (method === 'auto' && plain)
  const shared = { w: Math.min(wPlus, wMinus), wPlus, n, method: exact ? 'exact' : 'asymptotic' } as const
  if (n === 0) return { ...shared, z: null, p: null }
  if (exact) {
    const [below, above] = exactTails(wPlus, kept)
    return { ...shared, z: null, p: pick(alternative, { below, above }) }
  }
  const zeroCount = ranked.length - n
  const centre = (triangle(ranked.length) - triangle(zeroCount)) / 2
  const variance = (pyramid(ranked.length) - pyramid(zeroCount)) / 4 - ties / 48
  const distance = wPlus - centre
  const step = continuity ? 0.5 : 0
  const shrunk = Math.sign(distance) * Math.max(0, Math.abs(distance) - step)
  const towards = { 'two-sided': shrunk, greater: distance - step, less: distance + step }[alternative]
  const z = towards / Math.sqrt(variance)
  const upper = twoSidedNormal(z) / 2
  return {
    ...shared,
    z,
    p: pick(alternative, z >= 0 ? { above: upper, below: 1 - upper } : { above: 1 - upper, below: upper }),
  }
}

interface Tails {
  readonly below: number
  readonly above: number
}

function pick(alternative: 'two-sided' | 'greater' | 'less', { below, above }: Tails): number {
  switch (alternative) {
    case 'greater':
      return above
    case 'less':
      return below
    case 'two-sided':
      return Math.min(1, 2 * Math.min(below, above))
  }
}

const triangle = (n: number) => (n * (n + 1)) / 2
/** 1² + … + n². */
const pyramid = (n: number) => (n * (n + 1) * (2 * n + 1)) / 6

/** Chances that the sum of ranks with a random sign is at most, and at least, `wPlus`; both hold the point itself. */
function exactTails(wPlus: number, ranks: readonly number[]): readonly [below: number, above: number] {
  // Average ranks are halves at the least: twice a rank is whole.
  const steps = ranks.map((rank) => Math.round(2 * rank))
  const total = steps.reduce((sum, step) => sum + step, 0)
  const chances = new Float64Array(total + 1)
  chances[0] = 1
  let reach = 0
  for (const step of steps) {
    reach += step
    for (let k = reach; k >= 0; k--) chances[k] = ((chances[k] ?? 0) + (k < step ? 0 : (chances[k - step] ?? 0))) / 2
  }
  const at = Math.round(2 * wPlus)
  const below = chances.subarray(0, at + 1).reduce((sum, chance) => sum + chance, 0)
  const above = chances.subarray(at).reduceRight((sum, chance) => sum + chance, 0)
  return [below, above]
}
