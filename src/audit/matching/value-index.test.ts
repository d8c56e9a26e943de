import { expect, test } from 'vitest'
import { indexValues } from './value-index.ts'

test('finds values by size, whatever their sign and order', () => {
  const index = indexValues([3, -1, Number.NaN, 2, 2.5])
  expect(index.within([1.5, 2.6], 10)).toEqual([3, 4])
  expect(index.within([0.5, 1], 10)).toEqual([1])
  expect(index.within([0, 10], 10)).toHaveLength(4)
})

test('spreads what it gives over all that is there when there is more', () => {
  const index = indexValues(Array.from({ length: 1000 }, (_, place) => place / 1000))
  expect(index.within([0, 1], 4)).toEqual([0, 250, 500, 750])
})

test('coverage is the share of neighbouring values that are taken', () => {
  const index = indexValues([0.51, 0.52, 0.53, 0.53])
  // 0.35 to 0.65 in steps of 0.01 are 31 values, of which 3 are there; none on another scale.
  expect(index.coverage(0.5, 2)).toBeCloseTo(3 / 31, 12)
  expect(index.coverage(0.5, 1)).toBeCloseTo(1 / 3, 12)
})

test('coverage counts shares for percentages', () => {
  expect(indexValues([0.5]).coverage(50, 0)).toBeCloseTo(1 / 31, 12)
})

test('an empty index, and values of any size, cover nothing', () => {
  expect(indexValues([]).coverage(0.5, 2)).toBe(0)
  expect(indexValues([1, 2]).coverage(1e300, 5)).toBe(0)
  expect(indexValues([1, 2]).coverage(0, 2)).toBe(0)
})
