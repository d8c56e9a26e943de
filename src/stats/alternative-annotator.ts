import { mean, standardDeviation } from './mean.ts'
import { benjaminiYekutieli } from './multiple.ts'
import { studentCdf } from './normal.ts'

export interface Rating {
  readonly item: string
  readonly annotator: string
  readonly score: number
}

export interface AlternativeAnnotatorOptions {
  /**
   * How much better than the model a human must be to be worth the trouble, 0..1: the authors advise 0.2 where humans are experts, 0.15
   * where they are trained, 0.1 for crowd workers. Set beforehand; default 0.2.
   */
  readonly epsilon?: number | undefined
  /** Expected share of false rejections among the annotators; default 0.05. */
  readonly falseDiscoveryRate?: number | undefined
  /** How closeness to the others is measured: root mean squared distance, or share of equal labels. Default `rmse`. */
  readonly alignment?: 'rmse' | 'accuracy' | undefined
  /** Items an annotator must share with the model and another annotator; default 30. */
  readonly minimumItems?: number | undefined
}

export interface AnnotatorComparison {
  readonly annotator: string
  readonly items: number
  /** Share of items on which the model is at least as close to the other annotators as this one is, 0..1. */
  readonly modelAdvantage: number
  /** Share of items on which this annotator is at least as close to the others as the model is, 0..1. */
  readonly humanAdvantage: number
  /** One-sided p of "the human's advantage exceeds the model's by epsilon or more". */
  readonly p: number
  readonly adjustedP: number
  /** The model does not lose to this annotator. */
  readonly rejected: boolean
}

export type AlternativeAnnotatorResult =
  | {
      readonly status: 'tested'
      readonly comparisons: readonly AnnotatorComparison[]
      /** ω, the share of annotators the model does not lose to, 0..1. */
      readonly winningRate: number
      /** ρ, mean of `modelAdvantage`, 0..1. */
      readonly averageAdvantage: number
      /** ω is at least one half. */
      readonly passed: boolean
      /** Annotators with too few shared items: others are compared with them, but they are not tested. */
      readonly leftOut: readonly string[]
    }
  | { readonly status: 'refused'; readonly reason: string }

const fewestAnnotators = 3

/**
 * Alternative annotator test: may the model stand in for a human annotator? Each annotator in turn is set aside, and on each item
 * model and annotator are compared by their closeness to the annotators who remain. A one-sided paired t-test asks
 * whether the annotator's advantage stays below epsilon; the p-values are adjusted by Benjamini and Yekutieli, as the annotators share
 * items. The model passes when it does not lose to at least half of them.
 *
 * The authors ask for at least three annotators, and at least 30 items each for the t-test (50 to 100 are better). With less the test is
 * refused.
 * @param ratings of humans; one for each annotator and item
 * @param model the model's score of each item; other items are left aside
 * @throws RangeError when an annotator rated an item twice
 * @see Calderon, Reichart & Dror 2025, arXiv 2501.10970
 */
export function alternativeAnnotatorTest(
  ratings: readonly Rating[],
  model: ReadonlyMap<string, number>,
  options: AlternativeAnnotatorOptions = {},
): AlternativeAnnotatorResult {
  const { epsilon = 0.2, falseDiscoveryRate = 0.05, alignment = 'rmse', minimumItems = 30 } = options
  const byItem = scoresByItem(ratings)
  const annotators = [...new Set(ratings.map((rating) => rating.annotator))].toSorted()
  const measured = annotators.map((annotator) => ({
    annotator,
    ...advantages(annotator, { byItem, model, distance: distances[alignment] }),
  }))
  const tested = measured.filter(({ human }) => human.length >= minimumItems)
  if (tested.length < fewestAnnotators) {
    const most = measured.map(({ human }) => human.length).toSorted((a, b) => b - a)
    return {
      status: 'refused',
      reason:
        `the test needs at least ${fewestAnnotators} annotators with at least ${minimumItems} items each that the model and another ` +
        `annotator scored too; there are ${tested.length} of ${annotators.length}` +
        (most.length === 0 ? '' : ` (shared items: ${most.join(', ')})`),
    }
  }
  const pValues = tested.map(({ human, model }) =>
    belowP(
      human.map((value, i) => value - (model[i] ?? 0)),
      epsilon,
    ),
  )
  const adjusted = benjaminiYekutieli(pValues)
  const comparisons = tested.map(({ annotator, human, model }, i) => ({
    annotator,
    items: human.length,
    modelAdvantage: mean(model) ?? 0,
    humanAdvantage: mean(human) ?? 0,
    p: pValues[i] ?? 1,
    adjustedP: adjusted[i] ?? 1,
    rejected: (adjusted[i] ?? 1) <= falseDiscoveryRate,
  }))
  const winningRate = comparisons.filter(({ rejected }) => rejected).length / comparisons.length
  return {
    status: 'tested',
    comparisons,
    winningRate,
    averageAdvantage: mean(comparisons.map(({ modelAdvantage }) => modelAdvantage)) ?? 0,
    passed: winningRate >= 0.5,
    leftOut: measured.filter(({ human }) => human.length < minimumItems).map(({ annotator }) => annotator),
  }
}

type Distance = (score: number, others: readonly number[]) => number

const distances: Record<'rmse' | 'accuracy', Distance> = {
  // The mean square orders as its root does, and is exact for whole scores.
  rmse: (score, others) => others.reduce((sum, other) => sum + (score - other) ** 2, 0) / others.length,
  accuracy: (score, others) => others.filter((other) => other !== score).length / others.length,
}

interface Sources {
  readonly byItem: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly model: ReadonlyMap<string, number>
  readonly distance: Distance
}

/** For each item shared with the model and another annotator, 1 where human or model is at least as close; equals give both 1. */
function advantages(annotator: string, { byItem, model, distance }: Sources): { human: number[]; model: number[] } {
  const result = { human: [] as number[], model: [] as number[] }
  for (const [item, scores] of byItem) {
    const own = scores.get(annotator)
    const models = model.get(item)
    const others = [...scores].filter(([name]) => name !== annotator).map(([, score]) => score)
    if (own === undefined || models === undefined || others.length === 0) continue
    const human = distance(own, others)
    const machine = distance(models, others)
    result.human.push(human <= machine ? 1 : 0)
    result.model.push(machine <= human ? 1 : 0)
  }
  return result
}

function scoresByItem(ratings: readonly Rating[]): Map<string, Map<string, number>> {
  const byItem = new Map<string, Map<string, number>>()
  for (const { item, annotator, score } of ratings) {
    const scores = byItem.get(item) ?? new Map<string, number>()
    byItem.set(item, scores)
    if (scores.has(annotator)) throw new RangeError(`annotator "${annotator}" rated item "${item}" twice`)
    scores.set(annotator, score)
  }
  return byItem
}

/** One-sided p of a mean below `bound`; without spread the mean itself decides. */
function belowP(values: readonly number[], bound: number): number {
  const centre = mean(values) ?? 0
  const error = (standardDeviation(values, { divisor: 'n-1' }) ?? 0) / Math.sqrt(values.length)
  if (error === 0) return centre < bound ? 0 : 1
  return studentCdf((centre - bound) / error, values.length - 1)
}
