import { expect, test } from 'vitest'
import { cliffsDelta, rankBiserial } from './effect.ts'

test('delta is the balance of wins over all pairs', () => {
  expect(cliffsDelta([3, 4], [1, 2])).toBe(1)
  expect(cliffsDelta([1, 2], [1, 2])).toBe(0)
  expect(cliffsDelta([1, 2, 3], [3])).toBeCloseTo(-2 / 3, 15)
})

test('the rank-biserial correlation runs from 1 when the second sample wins every pair to -1', () => {
  expect([0, 3, 6].map((u) => rankBiserial(u, 2, 3))).toEqual([1, 0, -1])
})

test('an empty sample has no effect', () => {
  expect([cliffsDelta([], [1]), cliffsDelta([1], []), rankBiserial(0, 0, 3)]).toEqual([null, null, null])
})
