import { expect, test } from 'vitest'
import { mean, median } from './mean.ts'

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
