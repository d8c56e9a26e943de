import { expect, test } from 'vitest'
import { isAbbreviation } from './abbreviation.ts'

test.each([
  ['logreg', 'logistic regression', true],
  ['rf', 'random forest', true],
  ['knn', 'k nearest neighbour', true],
  ['aab', 'aa ab', true],
  ['ridge', 'random forest', false],
  ['rf2', 'random forest', false],
  ['forest', 'forest', false],
  ['r', 'random forest', false],
])('%s for %s: %s', (short, name, expected) => {
  expect(isAbbreviation(short, name.split(' '))).toBe(expected)
})

test('words of one letter over and over take no longer than their length', () => {
  expect(
    isAbbreviation(
      'a'.repeat(16),
      Array.from({ length: 16 }, () => 'a'.repeat(10_000)),
    ),
  ).toBe(true)
  expect(
    isAbbreviation(
      'a'.repeat(10_000),
      Array.from({ length: 9_000 }, () => 'a'.repeat(100)),
    ),
  ).toBe(false)
})
