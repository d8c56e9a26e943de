import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleReview as sampleReviewBy } from '../../test/support/sample-review.ts'
import { keepReview, readReviews } from './review-store.ts'

const sampleReview = (marks: Record<string, number>, agent = 'one') => sampleReviewBy(marks, { agent, judge: 'judge' })

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reviews-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the first review of a subject stays', async () => {
  const first = sampleReview({ overall: 3 })
  expect(await keepReview(folder, first)).toEqual(first)
  expect(await keepReview(folder, sampleReview({ overall: 9 }))).toEqual(first)
  expect(await readReviews(folder)).toEqual([first])
  expect(await readdir(join(folder, 'reviews'))).toEqual([`${first.id}.json`])
})

test('of several at once one is kept, and all learn which', async () => {
  const kept = await Promise.all(
    [1, 2, 3, 4, 5].map((overall) => keepReview(folder, { ...sampleReview({ overall }), id: 'same' })),
  )
  const [stored] = await readReviews(folder)
  expect(kept.map(({ overall }) => overall)).toEqual(Array.from({ length: 5 }, () => stored?.overall))
})

test('a review that is none is never kept', async () => {
  await expect(keepReview(folder, sampleReview({ overall: 11 }))).rejects.toThrow(/overall/)
  expect(await readReviews(folder)).toEqual([])
})

test('reviews come sorted; one that cannot be read is named', async () => {
  expect(await readReviews(folder)).toEqual([])
  for (const agent of ['two', 'one']) await keepReview(folder, sampleReview({ overall: 5 }, agent))
  expect((await readReviews(folder)).map(({ trial }) => trial)).toEqual(['task/one/1', 'task/two/1'])
  await writeFile(join(folder, 'reviews', 'torn.json'), '{"schema"')
  await expect(readReviews(folder)).rejects.toThrow(/reviews\/torn\.json is not a review this version can read/)
})
