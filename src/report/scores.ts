import type { Review } from '../schema/review.ts'
import { mean } from '../stats/mean.ts'
import { type MarkedReview, partsOfTrial, type Reducer, tabulateMarks } from '../studies/marks.ts'
import { averageMark } from '../studies/score-tables.ts'

/** One agent's mean marks in one dimension, without the intervals of a report. */
export interface ScoreRow {
  readonly agent: string
  readonly rubric: string
  readonly view: Review['view']
  /** `rule`: form only, by fixed rules. `distilled`: a linear model's guess. */
  readonly judgeKind: Review['judge']['kind']
  /** A dimension of the rubric, or `overall`. */
  readonly dimension: string
  /** Mean over items of the mean over judges, 1..10. */
  readonly mean: number
  /** Items: trials with at least one valid review. */
  readonly items: number
  /** Of them, those that some judge of the table did not validly review. */
  readonly incompleteItems: number
  readonly judges: { readonly judge: string; readonly mean: number; readonly items: number }[]
}

/** Averages one run's reviews into one row per agent, rubric, view and dimension; repeats first, then judges, then items. */
export function summariseScores(reviews: readonly MarkedReview[], reduce: Reducer = 'mean'): ScoreRow[] {
  const agents = [...new Set(reviews.map(({ trial }) => partsOfTrial(trial).agent))]
  return tabulateMarks([{ run: '', agents, reviews }], reduce).flatMap((table) => {
    const own = Map.groupBy(table.items, ({ agent }) => agent)
    return table.agents.flatMap(({ agent }) => {
      const items = own.get(agent) ?? []
      return table.dimensions.flatMap((dimension, index) => {
        const averages = items.flatMap((item) => averageMark(item, index) ?? [])
        const average = mean(averages)
        if (average === null) return []
        const { rubric, view, judgeKind } = table
        return [
          {
            agent,
            rubric,
            view,
            judgeKind,
            dimension,
            mean: average,
            items: averages.length,
            incompleteItems: items.filter(({ marks }) => marks.some((given) => (given[index] ?? null) === null)).length,
            judges: table.judges.flatMap((judge, place) => {
              const given = items.flatMap(({ marks }) => marks[place]?.[index] ?? [])
              const own = mean(given)
              return own === null ? [] : [{ judge, mean: own, items: given.length }]
            }),
          },
        ]
      })
    })
  })
}
