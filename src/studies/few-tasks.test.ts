import { expect, test } from 'vitest'
import { studentBounds } from './few-tasks.ts'

test('bounds over few tasks are those of Student, each task counting once', () => {
  // mean 2, deviation 1, t(0.95, 2) = 2.91999
  const bounds = studentBounds([[1], [2, 2, 2], [3]])
  expect(bounds?.lo).toBeCloseTo(2 - 2.9199856 / Math.sqrt(3), 6)
  expect(bounds?.hi).toBeCloseTo(2 + 2.9199856 / Math.sqrt(3), 6)
})

test('tasks that agree exactly leave no doubt, one task leaves all, and ten need no bounds', () => {
  expect(studentBounds([[4], [4], [4]])).toEqual({ lo: 4, hi: 4 })
  expect(studentBounds([[4, 5]])).toEqual({ lo: -Infinity, hi: Infinity })
  expect(studentBounds(Array.from({ length: 10 }, () => [1]))).toBeNull()
})
