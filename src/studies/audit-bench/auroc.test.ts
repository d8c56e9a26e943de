import { expect, test } from 'vitest'
import { auroc, precisionAndRecall } from './auroc.ts'

const rows = (positives: readonly number[], negatives: readonly number[]) => [
  ...positives.map((score) => ({ isPositive: true, score })),
  ...negatives.map((score) => ({ isPositive: false, score })),
]

test('counts pairs by hand, ties as half', () => {
  // pairs: 3>1, 3>2, 2>1 and 2=2: (3 + 0.5) / 4
  expect(auroc(rows([3, 2], [1, 2]))).toBe(0.875)
  expect(auroc(rows([1, 2], [3, 4]))).toBe(0)
})

test('a constant tells nothing apart', () => {
  expect(auroc(rows([0, 0, 0], [0, 0]))).toBe(0.5)
})

test('has no value without both kinds of runs', () => {
  expect(auroc(rows([1, 2], []))).toBeNull()
  expect(auroc([])).toBeNull()
})

test('precision and recall by hand, null where nothing is flagged or positive', () => {
  const flagged = (isPositive: boolean, isFlagged: boolean) => ({ isPositive, isFlagged })
  const own = [
    flagged(true, true),
    flagged(true, false),
    flagged(true, true),
    flagged(false, true),
    flagged(false, false),
  ]
  expect(precisionAndRecall(own)).toEqual({ precision: 2 / 3, recall: 2 / 3, flagged: 3 })
  expect(precisionAndRecall([flagged(true, false)])).toEqual({ precision: null, recall: 0, flagged: 0 })
  expect(precisionAndRecall([flagged(false, false)])).toEqual({ precision: null, recall: null, flagged: 0 })
})
