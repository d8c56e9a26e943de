import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/mean.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { mean, median, quantile, standardDeviation } from './mean.ts'

test('no values have neither mean nor median', () => {
  expect(mean([])).toBeNull()
  expect(median([])).toBeNull()
})

test('the mean is the sum over the number', () => {
  expect(mean([1, 2, 6])).toBe(3)
})

test('the median is the middle in order of size, or the mean of the two in the middle', () => {
  const values = [10, 9, 1]
  expect(median(values)).toBe(9)
  expect(median([...values, 2])).toBe(5.5)
  expect(values).toEqual([10, 9, 1])
})

test('means, deviations and quantiles are those of exact sums and of NumPy', () => {
  for (const { values, quantiles, ...expected } of golden) {
    const sorted = values.toSorted((a, b) => a - b)
    expect(mean(values)).toEqual(near(expected.mean, 1e-12))
    expect(standardDeviation(values, { divisor: 'n' })).toEqual(near(expected.populationDeviation, 1e-12))
    const sample = expected.sampleDeviation
    expect(standardDeviation(values, { divisor: 'n-1' })).toEqual(sample === null ? null : near(sample, 1e-12))
    for (const { p, value } of quantiles) expect(quantile(sorted, p)).toEqual(near(value, 1e-12))
  }
})

test('equal values have a deviation of exactly 0; too few have none', () => {
  expect(standardDeviation([0.1, 0.1, 0.1], { divisor: 'n-1' })).toBe(0)
  expect(standardDeviation([5], { divisor: 'n' })).toBe(0)
  expect(standardDeviation([5], { divisor: 'n-1' })).toBeNull()
  expect(standardDeviation([], { divisor: 'n' })).toBeNull()
})

test('no values have no quantile, and a share beyond 0..1 is refused', () => {
  expect(quantile([], 0.5)).toBeNull()
  expect(() => quantile([1], 1.5)).toThrow('between 0 and 1, not 1.5')
})
