import { expect, test } from 'vitest'
import { near } from '../../test/support/near.ts'
import { sampleSizeForCorrelation, sampleSizeForInterval } from './sample-size.ts'

test('a correlation of 0.3 is told from 0 with 85 items, as the tables say', () => {
  // Hulley et al. 2013, Designing Clinical Research, table 6C: r = 0.30 and 0.50, two-sided alpha 0.05, power 0.80
  expect(sampleSizeForCorrelation({ expected: 0.3, excluded: 0 })).toBe(85)
  expect(sampleSizeForCorrelation({ expected: 0.5, excluded: 0 })).toBe(30)
})

test('the nearer the correlations, the more items; equal ones are never told apart', () => {
  const sizes = [0.9, 0.6, 0.5, 0.45].map((expected) => sampleSizeForCorrelation({ expected, excluded: 0.4 }) ?? 0)
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
  expect(sampleSizeForCorrelation({ expected: 0.4, excluded: 0.4 })).toBeNull()
  expect(sampleSizeForCorrelation({ expected: 0.999, excluded: -0.999 })).toBe(4)
  const pearson = { expected: 0.8, excluded: 0.6 } as const
  expect(sampleSizeForCorrelation({ ...pearson, kind: 'spearman' })).toBeGreaterThan(
    sampleSizeForCorrelation(pearson) ?? 0,
  )
})

test('half the width takes four times the items', () => {
  expect(sampleSizeForInterval({ items: 30, halfWidth: 0.4 }, 0.2)).toBe(120)
  expect(sampleSizeForInterval({ items: 30, halfWidth: 0.2 }, 0.2)).toEqual(near(30))
})

test('what is no correlation or width is refused', () => {
  expect(() => sampleSizeForCorrelation({ expected: 1, excluded: 0 })).toThrow(/correlation/)
  expect(() => sampleSizeForInterval({ items: 3, halfWidth: 0 }, 1)).toThrow(RangeError)
})
