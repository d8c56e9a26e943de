import { join } from 'node:path'
import type { Review } from '../schema/review.ts'
import { readIndexed } from './file-index.ts'
import { readRecord, recordNames } from './record-folder.ts'
import { reviewRecords } from './review-store.ts'

/** What tables read of a review: all but its words. Every review is one. */
export interface ReviewSummary
  extends Readonly<Pick<Review, 'id' | 'trial' | 'rubric' | 'view' | 'repeat' | 'createdAt' | 'subject'>>,
    Readonly<Pick<Review, 'confidence' | 'addressed' | 'costUsd'>> {
  readonly judge: Pick<Review['judge'], 'name' | 'kind'>
  /** Null for a review made here. */
  readonly imported: object | null
  readonly scores: Readonly<Record<string, { readonly score: number }>>
  readonly overall: { readonly score: number } | null
  readonly flag: { readonly id: string; readonly value: boolean } | null
  /** `quoted`: whether the quotation exists; absent where nobody looked. */
  readonly findings:
    | readonly { readonly type: string; readonly quoted?: { readonly found: boolean } | undefined }[]
    | null
}

/** All reviews of a run without their words, sorted by id, from the run's index where that is up to date. */
export async function readReviewSummaries(runFolder: string): Promise<ReviewSummary[]> {
  const { folder } = reviewRecords
  const summaries = await readIndexed<ReviewSummary>(runFolder, {
    name: folder,
    version: 'review-summary@1',
    paths: recordNames(runFolder, reviewRecords).map((name) => `${folder}/${name}`),
    make: async (path) => summarise(await readRecord(join(runFolder, path), reviewRecords)),
  })
  return [...summaries.values()]
}

function summarise(review: Review): ReviewSummary {
  const { id, trial, rubric, view, repeat, createdAt, subject, confidence, addressed, costUsd } = review
  const { judge, overall, flag, findings } = review
  return {
    id,
    trial,
    rubric,
    view,
    repeat,
    createdAt,
    subject,
    confidence,
    addressed,
    costUsd,
    imported: review.imported === null ? null : {},
    judge: { name: judge.name, kind: judge.kind },
    scores: Object.fromEntries(Object.entries(review.scores).map(([dimension, { score }]) => [dimension, { score }])),
    overall: overall === null ? null : { score: overall.score },
    flag: flag === null ? null : { id: flag.id, value: flag.value },
    findings: findings?.map(({ type, quoted }) => ({ type, quoted: quoted && { found: quoted.found } })) ?? null,
  }
}
