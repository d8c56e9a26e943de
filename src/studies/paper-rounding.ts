import { mean } from '../stats/mean.ts'
import { formatHalfUp, roundHalfUp } from '../stats/round.ts'

/** One judge's numbers over the items of a table. */
export interface JudgeFigures {
  readonly judge: string
  readonly mean: number
  /** Divided by n. */
  readonly populationDeviation: number
}

/** Numbers as the paper prints them, two decimals each. */
export interface PaperFigures {
  readonly judges: readonly { readonly judge: string; readonly mean: string; readonly standardDeviation: string }[]
  readonly mean: string
  readonly standardDeviation: string
}

const decimals = 2

/**
 * Rounds as the tables of arXiv 2505.19955 are rounded: every judge's mean and population standard deviation half-up to two
 * decimals; then the mean over judges of those already rounded means, half-up again, which may differ by 0.01 from
 * rounding once; and the root of the sum of the rounded deviations' squares, over the number of judges, which gives
 * a part of the printed ones. No single formula gives them all.
 * @returns null without judges
 */
export function roundAsPaper(judges: readonly JudgeFigures[]): PaperFigures | null {
  const means = judges.map((judge) => roundHalfUp(judge.mean, decimals))
  const deviations = judges.map((judge) => roundHalfUp(judge.populationDeviation, decimals))
  const average = mean(means)
  if (average === null) return null
  const quadrature = Math.sqrt(deviations.reduce((sum, deviation) => sum + deviation ** 2, 0)) / judges.length
  return {
    judges: judges.map(({ judge }, index) => ({
      judge,
      mean: formatHalfUp(means[index] ?? 0, decimals),
      standardDeviation: formatHalfUp(deviations[index] ?? 0, decimals),
    })),
    mean: formatHalfUp(average, decimals),
    standardDeviation: formatHalfUp(quadrature, decimals),
  }
}
