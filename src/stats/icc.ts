import { assertFinite } from './finite.ts'

/** By their place in Shrout & Fleiss: (1,·) other raters for each target; (2,·) the same raters, drawn from many, absolute agreement;
 * (3,1) these raters only, consistency. ·,1 is the reliability of one rating, ·,k that of the mean of all k. */
export type IccKind = 'ICC(1,1)' | 'ICC(1,k)' | 'ICC(2,1)' | 'ICC(2,k)' | 'ICC(3,1)'

/** Intraclass correlation from the mean squares of an analysis of variance. For single ratings at most 1 and
 * below 0 where raters agree less than by chance; for means without bound there.
 * @param ratings targets × raters, complete
 * @returns null for fewer than two targets or raters, and where the denominator is zero, as when all ratings are equal
 * @throws RangeError when targets differ in their number of ratings, or a rating is not finite
 * @see Shrout & Fleiss 1979, Intraclass correlations, Psychological Bulletin 86 */
export function icc(ratings: readonly (readonly number[])[], kind: IccKind): number | null {
  const raters = ratings[0]?.length ?? 0
  if (ratings.some((row) => row.length !== raters)) {
    throw new RangeError('an intraclass correlation needs the same number of ratings for every target')
  }
  for (const row of ratings) assertFinite(row)
  if (ratings.length < 2 || raters < 2) return null
  return iccOfSquares(meanSquares(ratings, raters), { kind, targets: ratings.length, raters })
}

interface MeanSquares {
  readonly betweenTargets: number
  readonly withinTargets: number
  readonly betweenRaters: number
  readonly residual: number
}

/** The coefficient from the mean squares alone; null where the denominator is zero but for rounding. */
function iccOfSquares(
  squares: MeanSquares,
  design: { readonly kind: IccKind; readonly targets: number; readonly raters: number },
): number | null {
  const { betweenTargets, withinTargets, betweenRaters, residual } = squares
  const { targets: n, raters: k } = design
  const share = (top: number, bottom: number): number | null =>
    Math.abs(bottom) <= 1e-13 * (betweenTargets + withinTargets) ? null : top / bottom
  switch (design.kind) {
    case 'ICC(1,1)':
      return share(betweenTargets - withinTargets, betweenTargets + (k - 1) * withinTargets)
    case 'ICC(1,k)':
      return share(betweenTargets - withinTargets, betweenTargets)
    case 'ICC(2,1)':
      return share(
        betweenTargets - residual,
        betweenTargets + (k - 1) * residual + (k * (betweenRaters - residual)) / n,
      )
    case 'ICC(2,k)':
      return share(betweenTargets - residual, betweenTargets + (betweenRaters - residual) / n)
    case 'ICC(3,1)':
      return share(betweenTargets - residual, betweenTargets + (k - 1) * residual)
  }
}

function meanSquares(ratings: readonly (readonly number[])[], raters: number): MeanSquares {
  const targets = ratings.length
  // Measured from one of the ratings: equal ratings give exact zeros.
  const origin = ratings[0]?.[0] ?? 0
  const table = ratings.map((row) => row.map((rating) => rating - origin))
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const targetMeans = table.map(meanOf)
  const raterMeans = Array.from({ length: raters }, (_, rater) => meanOf(table.map((row) => row[rater] ?? 0)))
  const centre = meanOf(targetMeans)
  const squaresAround = (values: readonly number[], middle: number): number =>
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  const within = table.reduce((sum, row, target) => sum + squaresAround(row, targetMeans[target] ?? 0), 0)
  const residual = table.reduce(
    (total, row, target) =>
      row.reduce(
        (sum, value, rater) => sum + (value - (targetMeans[target] ?? 0) - (raterMeans[rater] ?? 0) + centre) ** 2,
        total,
      ),
    0,
  )
  return {
    betweenTargets: (raters * squaresAround(targetMeans, centre)) / (targets - 1),
    withinTargets: within / (targets * (raters - 1)),
    betweenRaters: (targets * squaresAround(raterMeans, centre)) / (raters - 1),
    residual: residual / ((targets - 1) * (raters - 1)),
  }
}
