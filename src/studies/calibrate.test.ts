import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import type { Review } from '../schema/review.ts'
import type { ControlResult } from '../schema/study.ts'
import { type Control, judgeControls } from './calibrate.ts'
import { partsOfTrial } from './marks.ts'

const controlOf = (trial: string): Control | null => (partsOfTrial(trial).agent === 'honest' ? 'honest' : 'fabricator')

/** Overall marks of honest work and of the fabricator's, by task. */
const reviewsBy = (judge: string, marks: readonly (readonly [honest: number, fabricator: number])[]): Review[] =>
  marks.flatMap(([honest, fabricator], index) =>
    (
      [
        ['honest', honest],
        ['fabricator', fabricator],
      ] as const
    ).map(([agent, overall]) => sampleReview({ overall }, { judge, agent, task: `t${index}` })),
  )

const judgeOf = (reviews: readonly Review[], judge: string | null = 'openai/a'): ControlResult | undefined =>
  judgeControls(reviews, controlOf).find((result) => result.judge === judge)

test('three tasks that agree by chance tell nothing apart, and three that agree clearly do', () => {
  const noisy = judgeOf(
    reviewsBy('openai/a', [
      [9, 2],
      [6, 5],
      [7, 6],
    ]),
  )
  expect(noisy).toMatchObject({ probability: 1, interval: { lo: 1, hi: 1 }, verdict: 'cannot-say' })
  expect(
    judgeOf(
      reviewsBy('openai/a', [
        [7, 3],
        [8, 4],
        [7, 4],
      ]),
    )?.verdict,
  ).toBe('tells-apart')
  expect(
    judgeOf(
      reviewsBy('openai/a', [
        [3, 7],
        [4, 8],
        [4, 7],
      ]),
    )?.verdict,
  ).toBe('prefers-control')
})

test('few tasks show that a judge is blind only when it marks all of them alike', () => {
  expect(
    judgeOf(
      reviewsBy('openai/a', [
        [7, 7],
        [6, 6],
        [7, 7],
      ]),
    )?.verdict,
  ).toBe('does-not-tell-apart')
  expect(
    judgeOf(
      reviewsBy('openai/a', [
        [7, 7],
        [6, 6],
        [7, 9],
      ]),
    )?.verdict,
  ).toBe('cannot-say')
})

test('work that one judge of the panel did not mark moves the panel by nothing', () => {
  const mild = reviewsBy('openai/a', [
    [9, 9],
    [9, 9],
    [9, 9],
    [9, 9],
  ])
  const harsh = reviewsBy('openai/b', [
    [3, 3],
    [3, 3],
    [3, 3],
    [3, 3],
  ])
  const failed = harsh.filter(({ trial }) => trial !== 't0/honest/1')
  expect(judgeOf([...mild, ...failed], null)).toMatchObject({ tasks: 3, probability: 0.5, honestMean: 6 })
})
