import { assertFinite } from './finite.ts'
import { averageRanks } from './ranks.ts'

/** Pearson's product-moment correlation of paired values, -1..1; null for fewer than two pairs or when either side is constant.
 * @throws RangeError when the lists differ in length, or hold a value that is not finite */
export function pearson(x: readonly number[], y: readonly number[]): number | null {
  assertPaired(x, y)
  if (isConstant(x) || isConstant(y)) return null
  const [a, b] = [centred(x), centred(y)]
  const dot = (one: readonly number[], other: readonly number[]): number =>
    one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
  const r = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
  return Math.max(-1, Math.min(1, r))
}

/** Spearman's rank correlation, -1..1: Pearson's over average ranks, so that ties are treated exactly.
 * Null as for {@link pearson}. */
export function spearman(x: readonly number[], y: readonly number[]): number | null {
  assertPaired(x, y)
  return pearson(averageRanks(x), averageRanks(y))
}

/** Kendall's tau-b, -1..1: concordant minus discordant pairs over the geometric mean of the pairs untied on either side.
 * Null for fewer than two pairs or when either side is constant. Takes time quadratic in the number of pairs.
 * @see Kendall 1945, The treatment of ties in ranking problems, Biometrika 33 */
export function kendallTauB(x: readonly number[], y: readonly number[]): number | null {
  assertPaired(x, y)
  let [balance, untiedX, untiedY] = [0, 0, 0]
  const ySide = Float64Array.from(y)
  const xSide = Float64Array.from(x)
  for (let i = 1; i < xSide.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const signX = Math.sign((xSide[i] ?? 0) - (xSide[j] ?? 0))
      const signY = Math.sign((ySide[i] ?? 0) - (ySide[j] ?? 0))
      balance += signX * signY
      untiedX += Math.abs(signX)
      untiedY += Math.abs(signY)
    }
  }
  return untiedX === 0 || untiedY === 0 ? null : balance / Math.sqrt(untiedX * untiedY)
}

function assertPaired(x: readonly number[], y: readonly number[]): void {
  if (x.length !== y.length) {
    throw new RangeError(`a correlation needs pairs, not ${x.length} values against ${y.length}`)
  }
  assertFinite(x)
  assertFinite(y)
}

const isConstant = (values: readonly number[]): boolean => values.every((value) => value === values[0])

function centred(values: readonly number[]): number[] {
  const first = values[0] ?? 0
  const centre = first + values.reduce((sum, value) => sum + (value - first), 0) / values.length
  return values.map((value) => value - centre)
}
