import { assertFinite } from './finite.ts'

/**
 * How far `x` lies above `y`: the share of pairs with x > y minus the share with x < y, -1..1, 0 when neither leads.
 * Null without values on both sides. @throws RangeError for a value that is not finite. @see Cliff 1993, Psychological Bulletin 114(3)
 */
export function cliffsDelta(x: readonly number[], y: readonly number[]): number | null {
  if (x.length === 0 || y.length === 0) return null
  assertFinite(x)
  assertFinite(y)
  let balance = 0
  for (const a of x) for (const b of y) balance += Math.sign(a - b)
  return balance / (x.length * y.length)
}

/**
 * Rank-biserial correlation 1 - 2u/(n1 n2), where `u` is the first sample's Mann-Whitney statistic: -1..1, positive when the *second*
 * sample lies higher (minus Cliff's delta). Null when a sample is empty. @see Wendt 1972, European Journal of Social Psychology 2(4)
 */
export function rankBiserial(u: number, n1: number, n2: number): number | null {
  return n1 === 0 || n2 === 0 ? null : 1 - (2 * u) / (n1 * n2)
}
