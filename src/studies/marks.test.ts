import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import type { Review } from '../schema/review.ts'
import { currentReviews, groupItems, listMarks, type MarkTable, reduceMarks, tabulateMarks } from './marks.ts'

const tabulate = (reviews: readonly Review[], agents = ['one', 'two']): MarkTable[] =>
  tabulateMarks([{ run: 'r', agents, reviews }], 'mean')

test('marks stand by item, judge and dimension, and what a judge did not mark is unknown', () => {
  const [table, ...others] = tabulate([
    sampleReview({ clarity: 3, overall: 4 }, { task: 'b' }),
    sampleReview({ overall: 8 }, { task: 'a', agent: 'two' }),
    sampleReview({ clarity: 5 }, { task: 'b', judge: 'openai/b' }),
    sampleReview({ overall: 7 }, { task: 'b', agent: 'two' }),
  ])
  expect(others).toEqual([])
  expect(table).toMatchObject({ judges: ['openai/a', 'openai/b'], dimensions: ['clarity', 'overall'] })
  expect(table?.items.map(({ trial, marks }) => [trial, marks])).toEqual([
    [
      'a/two/1',
      [
        [null, 8],
        [null, null],
      ],
    ],
    [
      'b/one/1',
      [
        [3, 4],
        [5, null],
      ],
    ],
    [
      'b/two/1',
      [
        [null, 7],
        [null, null],
      ],
    ],
  ])
  expect(table && listMarks(table)).toContainEqual({
    task: 'b',
    agent: 'one',
    judge: 'openai/b',
    dimension: 'clarity',
    score: 5,
  })
})

test.each([
  ['mean', 5.75],
  ['median', 6],
  ['trimmed-mean', 6],
] as const)('repeats become one mark by their %s', (reduce, expected) => {
  expect(reduceMarks([1, 6, 6, 10], reduce)).toBe(expected)
  expect(reduceMarks([4], reduce)).toBe(4)
  expect(reduceMarks([], reduce)).toBeNull()
})

test('two marks have nothing to trim; of ten a fifth goes at either end', () => {
  expect(reduceMarks([2, 10], 'trimmed-mean')).toBe(6)
  expect(reduceMarks([1, 1, 5, 5, 5, 5, 5, 5, 10, 10], 'trimmed-mean')).toBe(5)
})

test('agents are called by their names, and with their runs where a name is taken', () => {
  const run = (id: string, agents: string[]) => ({
    run: id,
    agents,
    reviews: agents.map((agent) => sampleReview({ overall: 5 }, { agent })),
  })
  const [table] = tabulateMarks([run('r', ['one', 'two']), run('s', ['one'])], 'mean')
  expect(table?.agents).toEqual([
    { agent: 'r:one', run: 'r' },
    { agent: 'two', run: 'r' },
    { agent: 's:one', run: 's' },
  ])
})

test('a newer rubric makes the older reviews of its kind of judge stale, and those of no other kind', () => {
  const newer = { ...sampleReview({ clarity: 5 }, { createdAt: '2026-02-01T00:00:00.000Z' }) }
  const rubric = { ...newer.rubric, hash: 'b'.repeat(64) }
  const older = sampleReview({ clarity: 9 }, { task: 'other' })
  const guessed = sampleReview({ clarity: 2 }, { kind: 'distilled', judge: 'offline/distilled' })
  expect(currentReviews([older, { ...newer, rubric }, guessed])).toEqual([{ ...newer, rubric }, guessed])
})

test('imported reviews stand beside those under our rubric, and give way to their own judge alone', () => {
  const imported = (task: string, judge: string): Review => {
    const review = sampleReview({ clarity: 9 }, { task, judge })
    return { ...review, rubric: { ...review.rubric, version: null, hash: null } }
  }
  const [one, two, other] = [imported('t', 'openai/a'), imported('u', 'openai/a'), imported('t', 'openai/b')]
  const ours = sampleReview({ clarity: 5 }, { task: 't', judge: 'openai/a', createdAt: '2026-02-01T00:00:00.000Z' })
  const older = { ...ours, rubric: { ...ours.rubric, hash: 'b'.repeat(64) }, createdAt: '2025-02-01T00:00:00.000Z' }
  expect(currentReviews([one, two, other, older, ours])).toEqual([two, other, ours])
})

test('marks of one thing come together, several of one judge as their mean', () => {
  const of = { task: 't', agent: 'one', dimension: 'overall' }
  const marks = [2, 3, 7].map((score) => ({ ...of, judge: 'a', score }))
  expect(
    groupItems([...marks, { ...of, judge: 'b', score: 1 }, { ...of, agent: 'two', judge: 'b', score: 9 }]),
  ).toMatchObject([
    {
      task: 't',
      agent: 'one',
      marks: new Map([
        ['a', 4],
        ['b', 1],
      ]),
    },
    { task: 't', agent: 'two', marks: new Map([['b', 9]]) },
  ])
})
