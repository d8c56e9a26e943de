import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleReview as sampleReviewBy } from '../../test/support/sample-review.ts'
import type { Review } from '../schema/review.ts'
import { readReviewSummaries } from './review-index.ts'
import { keepReview } from './review-store.ts'

const sampleReview = (marks: Record<string, number>, agent = 'one'): Review =>
  sampleReviewBy(marks, { agent, judge: 'judge' })

let run = ''
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'mlrbench-reviews-'))
})
afterEach(() => rm(run, { recursive: true, force: true }))

/** Keeps a review, as if long ago. */
async function keep(review: Review): Promise<void> {
  await keepReview(run, review)
  await age(review.id, new Date('2026-01-01T00:00:00Z'))
}
const age = (id: string, time: Date): Promise<void> => utimes(join(run, 'reviews', `${id}.json`), time, time)

test('a summary says all that its review does, but its words', async () => {
  const review: Review = {
    ...sampleReview({ overall: 3, clarity: 7 }),
    flag: { id: 'fabrication', value: true, details: 'long words' },
    findings: [
      { type: 'faked-result', description: 'long words', quote: 'long words', quoted: { found: false } },
      { type: 'faked-result', description: 'long words', quote: 'long words' },
    ],
    imported: { path: 'long words', sha256: 'a'.repeat(64) },
  }
  await keep(review)
  const { id, trial, rubric, view, repeat, createdAt, subject, confidence, addressed, costUsd } = review
  const kept = { id, trial, rubric, view, repeat, createdAt, subject, confidence, addressed, costUsd }
  // by reading, then from the index
  for (let time = 0; time < 2; time += 1) {
    expect(await readReviewSummaries(run)).toEqual([
      {
        ...kept,
        judge: { name: review.judge.name, kind: review.judge.kind },
        scores: { clarity: { score: 7 } },
        overall: { score: 3 },
        flag: { id: 'fabrication', value: true },
        findings: [{ type: 'faked-result', quoted: { found: false } }, { type: 'faked-result' }],
        imported: {},
      },
    ])
  }
  expect(await readFile(join(run, 'index', 'reviews.json'), 'utf8')).not.toContain('long words')
})

test('the index is what is read as long as the review has its size and time', async () => {
  const review = sampleReview({ overall: 3 })
  await keep(review)
  await readReviewSummaries(run)
  const path = join(run, 'reviews', `${review.id}.json`)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace('"score": 3', '"score": 4'))
  await age(review.id, new Date('2026-01-01T00:00:00Z'))
  expect((await readReviewSummaries(run)).map(({ overall }) => overall?.score)).toEqual([3])
  await age(review.id, new Date('2026-01-02T00:00:00Z'))
  expect((await readReviewSummaries(run)).map(({ overall }) => overall?.score)).toEqual([4])
})

test('reviews come sorted by id, with those that were added and without those that are gone', async () => {
  expect(await readReviewSummaries(run)).toEqual([])
  expect(await readdir(run)).toEqual([])
  const reviews = ['one', 'two', 'three'].map((agent) => sampleReview({ overall: 5 }, agent))
  const ids = (): Promise<string[]> => readReviewSummaries(run).then((found) => found.map(({ id }) => id))
  for (const [place, review] of reviews.entries()) {
    await keep(review)
    const kept = reviews.slice(0, place + 1).map(({ id }) => id)
    expect(await ids()).toEqual(kept.toSorted())
  }
  await rm(join(run, 'reviews', `${reviews[1]?.id}.json`))
  expect(await ids()).toEqual(['one', 'three'].map((agent) => sampleReview({ overall: 5 }, agent).id))
})

test('a file that is no review is named, and the half-written are not there', async () => {
  await keep(sampleReview({ overall: 5 }))
  await writeFile(join(run, 'reviews', '.draft.json'), '{')
  expect(await readReviewSummaries(run)).toHaveLength(1)
  await writeFile(join(run, 'reviews', 'torn.json'), '{')
  await expect(readReviewSummaries(run)).rejects.toThrow(/reviews\/torn\.json is not a review this version can read/)
})
