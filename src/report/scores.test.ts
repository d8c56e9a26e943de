import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import { type ScoreRow, summariseScores } from './scores.ts'

const rowOf = (rows: readonly ScoreRow[], dimension: string): ScoreRow | undefined =>
  rows.find((row) => row.dimension === dimension)

test('no reviews, no rows', () => {
  expect(summariseScores([])).toEqual([])
})

test('judges are averaged within an item, then the items', () => {
  const rows = summariseScores([
    sampleReview({ clarity: 2, overall: 4 }, { task: 'a', judge: 'openai/a' }),
    sampleReview({ clarity: 4, overall: 8 }, { task: 'a', judge: 'openai/b' }),
    sampleReview({ clarity: 9, overall: 9 }, { task: 'b', judge: 'openai/a' }),
    sampleReview({ clarity: 10, overall: 9 }, { task: 'b', judge: 'openai/b' }),
  ])
  expect(rowOf(rows, 'clarity')).toEqual({
    agent: 'one',
    rubric: 'idea',
    view: 'full',
    judgeKind: 'model',
    dimension: 'clarity',
    mean: (3 + 9.5) / 2,
    items: 2,
    incompleteItems: 0,
    judges: [
      { judge: 'openai/a', mean: 5.5, items: 2 },
      { judge: 'openai/b', mean: 7, items: 2 },
    ],
  })
  expect(rowOf(rows, 'overall')?.mean).toBe(7.5)
})

test('an item that one judge failed on counts with the other alone, and is counted as incomplete', () => {
  const [row] = summariseScores([
    sampleReview({ clarity: 2 }, { task: 'a', judge: 'openai/a' }),
    sampleReview({ clarity: 8 }, { task: 'a', judge: 'openai/b' }),
    sampleReview({ clarity: 9 }, { task: 'b', judge: 'openai/b' }),
  ])
  expect(row).toMatchObject({ mean: 7, items: 2, incompleteItems: 1 })
  expect(row?.judges).toEqual([
    { judge: 'openai/a', mean: 2, items: 1 },
    { judge: 'openai/b', mean: 8.5, items: 2 },
  ])
})

test('a judge that answered more often counts no more', () => {
  const [row] = summariseScores([
    sampleReview({ clarity: 1 }, { judge: 'openai/a', repeat: 1 }),
    sampleReview({ clarity: 3 }, { judge: 'openai/a', repeat: 2 }),
    sampleReview({ clarity: 8 }, { judge: 'openai/b' }),
  ])
  expect(row).toMatchObject({ mean: 5, items: 1, incompleteItems: 0 })
})

test('agents, rubrics, views, and rules and models are never averaged together', () => {
  const rows = summariseScores([
    sampleReview({ clarity: 1 }),
    sampleReview({ clarity: 2 }, { agent: 'two' }),
    sampleReview({ clarity: 3 }, { rubric: 'paper' }),
    sampleReview({ clarity: 4 }, { view: 'no-code' }),
    sampleReview({ clarity: 5 }, { kind: 'rule', judge: 'scripted/form-check' }),
  ])
  expect(rows.map(({ mean }) => mean)).toEqual([1, 2, 3, 4, 5])
  expect(rows.every(({ items, incompleteItems }) => items === 1 && incompleteItems === 0)).toBe(true)
})

test('a review without an overall mark gives no row for it', () => {
  expect(summariseScores([sampleReview({ clarity: 1 })]).map(({ dimension }) => dimension)).toEqual(['clarity'])
})

test('of an artefact that was made anew only the newest version counts', () => {
  const old = { subject: 'first', createdAt: '2026-01-01T00:00:00.000Z' } as const
  const anew = { subject: 'second', createdAt: '2026-01-02T00:00:00.000Z' } as const
  const [row, ...others] = summariseScores([
    sampleReview({ clarity: 9 }, anew),
    sampleReview({ clarity: 1 }, old),
    sampleReview({ clarity: 3 }, { ...old, judge: 'openai/b' }),
  ])
  expect(others).toEqual([])
  expect(row).toMatchObject({ mean: 9, items: 1, judges: [{ judge: 'openai/a' }] })
})
