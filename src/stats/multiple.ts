/**
 * Holm's step-down adjustment: rejecting where the result is at most α keeps the chance of any false rejection at most α, whatever
 * the dependence. In the order given, each 0..1. @see Holm 1979, Scandinavian Journal of Statistics 6(2)
 */
export function holm(pValues: readonly number[]): number[] {
  const order = ascending(pValues)
  const adjusted: number[] = []
  let highest = 0
  for (const [i, index] of order.entries()) {
    highest = Math.max(highest, (order.length - i) * (pValues[index] ?? 1))
    adjusted[index] = Math.min(1, highest)
  }
  return adjusted
}

/**
 * Benjamini and Hochberg's step-up adjustment: rejecting where the result is at most q keeps the expected share of false rejections at
 * most q for independent or positively dependent tests. In the order given, each 0..1. @see Benjamini & Hochberg 1995, JRSS B 57(1)
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  return stepUp(pValues, 1)
}

/** As Benjamini and Hochberg, under any dependence. @see Benjamini & Yekutieli 2001, Annals of Statistics 29(4) */
export function benjaminiYekutieli(pValues: readonly number[]): number[] {
  return stepUp(
    pValues,
    pValues.reduce((sum, _, i) => sum + 1 / (i + 1), 0),
  )
}

function stepUp(pValues: readonly number[], factor: number): number[] {
  const order = ascending(pValues)
  const adjusted: number[] = []
  let lowest = 1
  for (const [i, index] of [...order.entries()].toReversed()) {
    lowest = Math.min(lowest, (factor * order.length * (pValues[index] ?? 1)) / (i + 1))
    adjusted[index] = lowest
  }
  return adjusted
}

function ascending(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`no p-value: ${p}`)
  return pValues.map((_, i) => i).toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
}
