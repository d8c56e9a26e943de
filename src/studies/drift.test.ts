import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import { measureDrift } from './drift.ts'

const later = { repeat: 2, createdAt: '2026-03-02T00:00:00.000Z' }
const tasks = ['a', 'b', 'c', 'd']

test('a judge whose marks moved is told from one whose marks stayed', () => {
  const reviews = tasks.flatMap((task, index) => [
    sampleReview({ overall: 4 + index, clarity: 5 }, { task }),
    sampleReview({ overall: 6 + index, clarity: 5 }, { task, ...later }),
    sampleReview({ overall: 4 + index }, { task, judge: 'openai/b' }),
    sampleReview({ overall: 4 + index }, { task, judge: 'openai/b', ...later }),
  ])
  const rows = measureDrift(reviews)
  expect(
    rows.map(({ judge, dimension, meanShift, changedShare }) => [judge, dimension, meanShift, changedShare]),
  ).toEqual([
    ['openai/a', 'clarity', 0, 0],
    ['openai/a', 'overall', 2, 1],
    ['openai/b', 'overall', 0, 0],
  ])
  expect(rows[1]).toMatchObject({ items: 4, tasks: 4, medianDays: 60, interval: { lo: 2, hi: 2 }, otherModel: 0 })
  expect(rows[1]?.agreement.bias).toBe(-2)
})

test('the first and the last review count; another text, view or single review is no pair', () => {
  const rows = measureDrift([
    sampleReview({ overall: 4 }, { repeat: 3, createdAt: '2026-02-01T00:00:00.000Z' }),
    sampleReview({ overall: 9 }, { repeat: 2, createdAt: '2026-01-15T00:00:00.000Z' }),
    sampleReview({ overall: 5 }),
    sampleReview({ overall: 1 }, { subject: 'second', ...later }),
    sampleReview({ overall: 1 }, { view: 'no-code', ...later }),
    sampleReview({ overall: 1 }, { task: 'other' }),
  ])
  expect(rows).toMatchObject([{ items: 1, meanShift: -1 }])
})
