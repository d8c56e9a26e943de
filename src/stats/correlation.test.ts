import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/correlation.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { kendallTauB, pearson, spearman } from './correlation.ts'
import { averageRanks } from './ranks.ts'

const coefficients = [pearson, spearman, kendallTauB]

test.each(golden)('ranks and correlations of $name are those of SciPy', ({ x, y, ...expected }) => {
  expect(averageRanks(x)).toEqual(expected.ranksOfX)
  expect(pearson(x, y)).toEqual(near(expected.pearson, 1e-12))
  expect(spearman(x, y)).toEqual(near(expected.spearman, 1e-12))
  expect(kendallTauB(x, y)).toEqual(near(expected.kendallTauB, 1e-12))
})

test('correlations do not depend on which side is which, and turn with the direction', () => {
  for (const { x, y } of golden) {
    for (const coefficient of coefficients) {
      const value = coefficient(x, y) ?? Number.NaN
      const down = y.map((score) => -score)
      expect(coefficient(y, x)).toEqual(near(value, 1e-12))
      expect(coefficient(x, down)).toEqual(near(-value, 1e-12))
      expect(Math.abs(value)).toBeLessThanOrEqual(1)
    }
  }
})

test('rank correlations see only the order', () => {
  for (const { x, y } of golden) {
    const stretched = y.map((score) => Math.exp(score / 10))
    expect(spearman(x, stretched)).toBe(spearman(x, y))
    expect(kendallTauB(x, stretched)).toBe(kendallTauB(x, y))
  }
})

test('without two pairs, or with a constant side, there is no correlation', () => {
  for (const coefficient of coefficients) {
    expect(coefficient([], [])).toBeNull()
    expect(coefficient([1], [2])).toBeNull()
    expect(coefficient([0.1, 0.1, 0.1], [1, 2, 3])).toBeNull()
    expect(coefficient([1, 2, 3], [0.7, 0.7, 0.7])).toBeNull()
  }
})

test('unpaired lists are refused', () => {
  for (const coefficient of coefficients) {
    expect(() => coefficient([1, 2], [1])).toThrow('2 values against 1')
  }
})

test('no values have no ranks', () => {
  expect(averageRanks([])).toEqual([])
})
