import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import type { Review } from '../schema/review.ts'
import { agreeAmongJudges } from './judge-agreement.ts'
import { tabulateMarks } from './marks.ts'
import { describeWorth } from './score-worth.ts'

/** What is said of two judges' overall marks, one pair a task. */
function worthOf(pairs: readonly (readonly [first: number, second: number])[]): string {
  return describe(
    pairs.flatMap(([first, second], index) => [
      sampleReview({ overall: first }, { task: `t${index}` }),
      sampleReview({ overall: second }, { task: `t${index}`, judge: 'openai/b' }),
    ]),
  )
}

function describe(reviews: readonly Review[]): string {
  const [table] = tabulateMarks([{ run: 'r', agents: ['one'], reviews }], 'mean')
  if (table === undefined) throw new Error('no table')
  return describeWorth(table, agreeAmongJudges(table, { resamples: 200 }))
}

const many = Array.from({ length: 24 }, (_, index) => index)

test('judges that rank alike and differ in level are good for comparing', () => {
  expect(worthOf(many.map((index) => [(index % 5) + 5, (index % 5) + 2]))).toMatch(
    /^The two judges rank ideas alike \(Spearman 1\.00 \[1\.00, 1\.00\], over 24 ideas of 24 tasks\) but differ by 3\.0 points: compare agents marked by the same judges, not absolute marks\.$/,
  )
})

test('judges that agree in both can be taken at their word', () => {
  expect(worthOf(many.map((index) => [(index % 5) + 4, (index % 5) + 4]))).toMatch(
    /alike .* and hardly differ in level \(0\.0 points\): marks of both can be compared\.$/,
  )
})

test('judges that rank a little alike are no good for single marks', () => {
  // every fifth and its neighbour are marked alike, the others without regard to each other
  const pairs = Array.from({ length: 120 }, (_, index) => {
    const first = 4 + (index % 4)
    return [first, index % 5 < 2 ? first : 4 + (Math.floor(index / 4) % 4)] as const
  })
  expect(worthOf(pairs)).toMatch(
    /^The two judges rank ideas a little alike \(Spearman 0\.33 .*a single mark says little/,
  )
})

test('few tasks leave it open, and many without agreement do not', () => {
  expect(
    worthOf([
      [4, 6],
      [5, 5],
      [7, 6],
      [8, 5],
    ]),
  ).toMatch(/^Whether the two judges rank ideas alike cannot be told yet/)
  expect(
    worthOf(
      many.flatMap(
        () =>
          [
            [3, 6],
            [6, 6],
            [3, 8],
            [6, 8],
          ] as const,
      ),
    ),
  ).toMatch(/^The two judges show no sign of ranking ideas alike .* look at each judge's own marks\.$/)
})

test('what cannot be known is said to be unknown', () => {
  const one = [sampleReview({ overall: 5 })]
  expect(describe(one)).toBe('One judge: nothing is known about how far another would agree.')
  expect(
    worthOf([
      [5, 5],
      [6, 6],
    ]),
  ).toMatch(/on 2 tasks alone: too few/)
  expect(worthOf(many.map((index) => [5, (index % 4) + 5]))).toMatch(
    /undefined, as one of them gave every one the same mark\.$/,
  )
  expect(describe([...one, sampleReview({ overall: 5 }, { task: 'other', judge: 'openai/b' })])).toMatch(
    /^No two judges/,
  )
})

test('rules and linear models are never taken for judges', () => {
  expect(describe([sampleReview({ overall: 5 }, { kind: 'rule' })])).toMatch(/say nothing about the research/)
  expect(describe([sampleReview({ overall: 5 }, { kind: 'distilled' })])).toMatch(/no review/)
})
