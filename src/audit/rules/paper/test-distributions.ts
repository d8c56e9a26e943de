import { studentSurvival, twoSidedNormal } from '../../../stats/normal.ts'

/** A test statistic as papers print it, with its degrees of freedom. */
export type TestStatistic =
  | { readonly kind: 't' | 'r'; readonly degrees: number }
  | { readonly kind: 'z' }
  | { readonly kind: 'F'; readonly degrees: number; readonly within: number }
  | { readonly kind: 'chi2'; readonly degrees: number }

/**
 * Chance of a statistic at least as extreme, in both directions where it has two.
 * @returns 0..1; null for degrees of freedom or values that no test has
 * @see DLMF 8.17.22 (F and t by the incomplete beta function), 8.9.2 and 8.7.3 (chi-squared by the incomplete gamma functions)
 */
export function pValue(test: TestStatistic, value: number): number | null {
  const size = Math.abs(value)
  switch (test.kind) {
    case 'z':
      return twoSidedNormal(size)
    case 't':
      return isDegrees(test.degrees) ? Math.min(1, 2 * studentSurvival(size, test.degrees)) : null
    case 'r':
      if (!isDegrees(test.degrees) || size >= 1) return null
      return Math.min(1, 2 * studentSurvival(size * Math.sqrt(test.degrees / (1 - size * size)), test.degrees))
    case 'F': {
      const { degrees, within } = test
      if (!isDegrees(degrees) || !isDegrees(within) || value < 0) return null
      return incompleteBeta(within / (within + degrees * value), within / 2, degrees / 2)
    }
    case 'chi2':
      return isDegrees(test.degrees) && value >= 0 ? upperGamma(test.degrees / 2, value / 2) : null
  }
}

function isDegrees(degrees: number): boolean {
  return degrees >= 1 && degrees <= 1e6
}

const mostTerms = 2_000
const tiny = 1e-300

/** Regularised I_x(a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  const fraction = lentz((term) => {
    const m = Math.floor(term / 2)
    const numerator =
      term % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    return [numerator, 1]
  }, 1)
  return front / fraction
}

/** Regularised Q(a, x): a series below a + 1, a continued fraction above. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < mostTerms && term > sum * 1e-16; n += 1) {
      term *= x / (a + n)
      sum += term
    }
    return Math.max(0, 1 - front * sum)
  }
  return front / lentz((n) => [-n * (n - a), x + 2 * n + 1 - a], x + 1 - a)
}

/** first + a1/(b1 + a2/(b2 + …)), `terms` giving [a_n, b_n]. */
function lentz(terms: (n: number) => readonly [number, number], first: number): number {
  let value = first || tiny
  let rising = value
  let falling = 0
  for (let n = 1; n < mostTerms; n += 1) {
    const [a, b] = terms(n)
    falling = 1 / (b + a * falling || tiny)
    rising = b + a / rising || tiny
    value *= rising * falling
    if (Math.abs(rising * falling - 1) < 1e-15) break
  }
  return value
}

/** log Γ(x) for x > 0: the recurrence up to 15, then Stirling's series (DLMF 5.11.1). */
function logGamma(x: number): number {
  let shift = 0
  let at = x
  for (; at < 15; at += 1) shift -= Math.log(at)
  const inverse = 1 / at
  const square = inverse * inverse
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
  return shift + (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series
}
