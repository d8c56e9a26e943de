import type { Review } from '../schema/review.ts'
import { mean } from '../stats/mean.ts'

export interface ScoreRow {
  readonly agent: string
  readonly rubric: string
  readonly view: Review['view']
  /** `rule`: form only, by fixed rules. */
  readonly judgeKind: Review['judge']['kind']
  /** A dimension of the rubric, or `overall`. */
  readonly dimension: string
  /** Mean over items of the mean over judges, 1..10. */
  readonly mean: number
  /** Items: trials with at least one valid review. */
  readonly items: number
  /** Of them, those that some judge of the group did not validly review. */
  readonly incompleteItems: number
  readonly judges: { readonly judge: string; readonly mean: number; readonly items: number }[]
}

/**
 * Averages reviews into one row per agent, rubric, view and dimension. Models and rules are never averaged together, and of an
 * artefact that was made anew only the newest reviewed version counts.
 */
export function summariseScores(reviews: readonly Review[]): ScoreRow[] {
  const groups = new Map<
    string,
    { key: Omit<ScoreRow, 'mean' | 'items' | 'incompleteItems' | 'judges'>; marks: Mark[] }
  >()
  for (const review of currentReviews(reviews)) {
    const agent = review.trial.split('/')[1] ?? ''
    for (const [dimension, score] of marksOf(review)) {
      const key = { agent, rubric: review.rubric.id, view: review.view, judgeKind: review.judge.kind, dimension }
      const id = JSON.stringify(key)
      const group = groups.get(id) ?? { key, marks: [] }
      group.marks.push({ item: review.trial, judge: review.judge.name, score })
      groups.set(id, group)
    }
  }
  return [...groups.values()].map(({ key, marks }) => ({ ...key, ...summarise(marks) }))
}

/** Of what was judged again after it changed, or after its rubric did, only the newest counts: marks of two scales have no mean. */
function currentReviews(reviews: readonly Review[]): Review[] {
  const newest = new Map<string, Review>()
  const keyOf = ({ trial, rubric }: Review): string => JSON.stringify([trial, rubric.id])
  for (const review of reviews)
    if (review.createdAt >= (newest.get(keyOf(review))?.createdAt ?? '')) newest.set(keyOf(review), review)
  const rubrics = new Map<string, Review>()
  for (const review of reviews)
    if (review.createdAt >= (rubrics.get(review.rubric.id)?.createdAt ?? '')) rubrics.set(review.rubric.id, review)
  return reviews.filter(
    (review) =>
      review.subject.sha256 === newest.get(keyOf(review))?.subject.sha256 &&
      review.rubric.hash === rubrics.get(review.rubric.id)?.rubric.hash,
  )
}

interface Mark {
  readonly item: string
  readonly judge: string
  readonly score: number
}

function marksOf(review: Review): [dimension: string, score: number][] {
  const marks = Object.entries(review.scores).map(([dimension, { score }]): [string, number] => [dimension, score])
  return review.overall === null ? marks : [...marks, ['overall', review.overall.score]]
}

/** Repeats of one judge are averaged first, then judges, then items: no one counts more for having answered more often. */
function summarise(marks: readonly Mark[]): Pick<ScoreRow, 'mean' | 'items' | 'incompleteItems' | 'judges'> {
  const judges = [...new Set(marks.map(({ judge }) => judge))].toSorted()
  const items = [...Map.groupBy(marks, ({ item }) => item).values()].map((own) =>
    judges.map((judge) => mean(own.filter((mark) => mark.judge === judge).map(({ score }) => score))),
  )
  const known = (scores: readonly (number | null)[]): number[] => scores.filter((score) => score !== null)
  return {
    mean: mean(known(items.map((scores) => mean(known(scores))))) ?? Number.NaN,
    items: items.length,
    incompleteItems: items.filter((scores) => scores.includes(null)).length,
    judges: judges.map((judge, index) => {
      const own = known(items.map((scores) => scores[index] ?? null))
      return { judge, mean: mean(own) ?? Number.NaN, items: own.length }
    }),
  }
}
