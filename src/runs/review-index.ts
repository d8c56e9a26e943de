import { join } from 'node:path'
import type { Review } from '../schema/review.ts'
import { namesIn, openFileIndex } from './file-index.ts'
import { readReview } from './review-store.ts'

/** What tables read of a review: all but its words. */
export interface ReviewSummary
  extends Pick<Review, 'id' | 'trial' | 'rubric' | 'view' | 'repeat' | 'createdAt' | 'subject'> {
  readonly judge: Pick<Review['judge'], 'name' | 'kind'>
  readonly scores: Readonly<Record<string, { readonly score: number }>>
  readonly overall: { readonly score: number } | null
  readonly confidence: Review['confidence']
  readonly flag: { readonly id: string; readonly value: boolean } | null
  /** `quoted`: whether the quotation exists; null where nobody looked. */
  readonly findings: readonly { readonly type: string; readonly quoted: boolean | null }[] | null
  /** Passages that speak to the reviewer; null where nobody looked. */
  readonly addressed: number | null
}

/** Changes with what `summarise` keeps. */
const version = 'review-summary@1'

/** All reviews of a run without their words, sorted by id, from the run's index where that is up to date. */
export async function readReviewSummaries(runFolder: string): Promise<ReviewSummary[]> {
  const names = namesIn(join(runFolder, 'reviews')).filter((name) => name.endsWith('.json') && !name.startsWith('.'))
  const index = openFileIndex<ReviewSummary>(runFolder, { name: 'reviews', version })
  const summaries = await index.read(
    names.map((name) => ({ name, paths: [join('reviews', name)] })),
    async ({ name }) => summarise(await readReview(join(runFolder, 'reviews', name))),
  )
  return [...summaries.values()]
}

function summarise(review: Review): ReviewSummary {
  const { id, trial, rubric, view, repeat, createdAt, subject, judge, confidence, flag } = review
  return {
    id,
    trial,
    rubric,
    view,
    repeat,
    createdAt,
    subject,
    judge: { name: judge.name, kind: judge.kind },
    scores: Object.fromEntries(Object.entries(review.scores).map(([dimension, { score }]) => [dimension, { score }])),
    overall: review.overall === null ? null : { score: review.overall.score },
    confidence,
    flag: flag === null ? null : { id: flag.id, value: flag.value },
    findings: review.findings?.map(({ type, quoted }) => ({ type, quoted: quoted?.found ?? null })) ?? null,
    addressed: review.addressed?.length ?? null,
  }
}
