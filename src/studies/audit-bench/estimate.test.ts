import { expect, test } from 'vitest'
import { macroShare } from './estimate.ts'

test('every run counts the same, however many changes it had', () => {
  const { value, runs } = macroShare([
    { of: 100, found: 100 },
    { of: 2, found: 0 },
    { of: 4, found: 2 },
  ])
  expect(value).toBe(0.5)
  expect(runs).toBe(3)
})

test('runs without any change are left out, and no runs have no value', () => {
  expect(macroShare([{ of: 0, found: 0 }])).toEqual({ value: null, interval: null, runs: 0 })
  expect(
    macroShare([
      { of: 0, found: 0 },
      { of: 5, found: 4 },
    ]),
  ).toEqual({ value: 0.8, interval: null, runs: 1 })
})

test('the interval is over runs and the same each time', () => {
  const counts = [0, 1, 2, 3, 4, 4, 4].map((found) => ({ of: 4, found }))
  const { interval } = macroShare(counts)
  expect(interval).toEqual(macroShare(counts).interval)
  expect(interval?.lo).toBeGreaterThan(0.2)
  expect(interval?.hi).toBeLessThan(1)
})
