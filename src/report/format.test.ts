import { expect, test } from 'vitest'
import { formatCost, formatCount, formatDuration, formatNumberOf, formatScore, formatSpending } from './format.ts'

test('scores have two decimals, and an unknown one stays unknown', () => {
  expect([7, 7.005, 6.999, 0, null].map(formatScore)).toEqual(['7.00', '7.00', '7.00', '0.00', null])
})

test('counts have separators, and an unknown one stays unknown', () => {
  expect([0, 999, 1234567, null].map((count) => formatCount(count))).toEqual(['0', '999', '1,234,567', null])
})

test('small costs keep the digits that matter; an unknown cost is a dash and not 0', () => {
  expect([0, 0.00123, 0.5, 1, 12.345, null].map(formatCost)).toEqual([
    '$0.00',
    '$0.0012',
    '$0.5000',
    '$1.00',
    '$12.35',
    '–',
  ])
})

test('spending is at least what is known of it, and unknown where nothing is', () => {
  const spent = { costUsd: null, knownCostUsd: 0, brokenTries: 0 }
  expect(formatSpending(spent)).toBeNull()
  expect(formatSpending({ ...spent, knownCostUsd: 2 })).toBe('≥ $2.00')
  expect(formatSpending({ ...spent, costUsd: 0 })).toBe('$0.00')
  expect(formatSpending({ ...spent, costUsd: 0, brokenTries: 1 })).toBe('≥ $0.00')
})

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [1_500, '1.5 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [3_600_000, '1 h 0 min'],
  [9_000_000, '2 h 30 min'],
])('%d ms are written %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text)
})

test('one thing is not called many', () => {
  expect([0, 1, 2, 1_000].map((count) => formatNumberOf(count, 'trial'))).toEqual([
    '0 trials',
    '1 trial',
    '2 trials',
    '1,000 trials',
  ])
})
