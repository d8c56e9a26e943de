import type { Review } from '../schema/review.ts'
import { type Agreement, agreement } from '../stats/agreement.ts'
import { mean, median } from '../stats/mean.ts'
import { type BootstrapOptions, bootstrapMean, type Interval } from '../stats/resample.ts'
import { clusterByTask, compareText, marksOf, partsOfTrial } from './marks.ts'

/** How one judge's marks changed when it reviewed the very same thing again. */
export interface Drift {
  readonly judge: string
  readonly rubric: string
  /** A dimension of the rubric, or `overall`. */
  readonly dimension: string
  /** Artefacts with a first and a later review. */
  readonly items: number
  readonly tasks: number
  /** Days between the two reviews, the middle one. Minutes apart, this is a judge's noise rather than drift. */
  readonly medianDays: number
  /** Mean of (last mark − first mark), in points. */
  readonly meanShift: number
  /** 95 %, resampling tasks. */
  readonly interval: Interval | null
  /** Of the artefacts: how many got another mark. */
  readonly changedShare: number
  /** First against last; `bias` is first − last. */
  readonly agreement: Agreement
  /** Pairs in which the provider named another model the second time. */
  readonly otherModel: number
}

interface Pair {
  readonly task: string
  readonly first: Review
  readonly last: Review
}

const dayMs = 24 * 3_600_000

/**
 * First against last review of equal trial, text, rubric, prompts, view and judge, in the order they were made.
 * @returns a row for each judge, rubric and dimension; none where nothing was reviewed twice
 */
export function measureDrift(reviews: readonly Review[], bootstrap: BootstrapOptions = {}): Drift[] {
  const own = reviews.filter(({ imported, subject }) => imported === null && subject.sha256 !== null)
  const groups = Map.groupBy(own, ({ trial, subject, rubric, view, judge }) =>
    JSON.stringify([trial, subject.sha256, rubric.id, rubric.hash, view, judge.name, judge.prompts]),
  )
  const pairs = [...groups.values()].flatMap((group): Pair[] => {
    const ordered = group.toSorted((a, b) => compareText(a.createdAt, b.createdAt) || a.repeat - b.repeat)
    const [first] = ordered
    const last = ordered.at(-1)
    if (first === undefined || last === undefined || first === last) return []
    return [{ task: partsOfTrial(first.trial).task, first, last }]
  })
  const byJudge = Map.groupBy(pairs, ({ first }) => JSON.stringify([first.judge.name, first.rubric.id]))
  return [...byJudge.values()]
    .flatMap((group) => describe(group, bootstrap))
    .toSorted(
      (a, b) =>
        compareText(a.judge, b.judge) || compareText(a.rubric, b.rubric) || compareText(a.dimension, b.dimension),
    )
}

function describe(pairs: readonly Pair[], bootstrap: BootstrapOptions): Drift[] {
  const changes = pairs.flatMap(({ task, first, last }) => {
    const later = new Map(marksOf(last).map(({ dimension, score }) => [dimension, score]))
    return marksOf(first).flatMap(({ dimension, score }) => {
      const again = later.get(dimension)
      return again === undefined ? [] : [{ task, dimension, first: score, last: again }]
    })
  })
  const [pair] = pairs
  if (pair === undefined) return []
  const days = pairs.map(({ first, last }) => (Date.parse(last.createdAt) - Date.parse(first.createdAt)) / dayMs)
  const otherModel = pairs.filter(({ first, last }) => first.judge.responseModel !== last.judge.responseModel).length
  return [...Map.groupBy(changes, ({ dimension }) => dimension)].map(([dimension, own]) => {
    const clusters = clusterByTask(own)
    return {
      judge: pair.first.judge.name,
      rubric: pair.first.rubric.id,
      dimension,
      items: own.length,
      tasks: clusters.length,
      medianDays: median(days) ?? Number.NaN,
      meanShift: mean(own.map(({ first, last }) => last - first)) ?? Number.NaN,
      interval: bootstrapMean(
        clusters.map((cluster) => cluster.map(({ first, last }) => last - first)),
        bootstrap,
      ),
      changedShare: own.filter(({ first, last }) => first !== last).length / own.length,
      agreement: agreement(own.map(({ first, last }) => [first, last] as const)),
      otherModel,
    }
  })
}
