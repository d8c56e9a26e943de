import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/round.json' with { type: 'json' }
import { formatHalfUp, roundHalfUp } from './round.ts'

test('rounds as decimal arithmetic does on the digits one reads', () => {
  for (const { value, decimals, text } of golden) {
    expect({ value, text: formatHalfUp(value, decimals) }).toEqual({ value, text })
    expect(roundHalfUp(value, decimals)).toBe(Number(text))
  }
})

test('noise of a sum does not turn a half down', () => {
  expect(formatHalfUp((8.75 + 9.22) / 2, 2)).toBe('8.99')
  expect(formatHalfUp(0.1 + 0.7 + 0.045, 2)).toBe('0.85')
  expect(roundHalfUp(2.5 - 4e-14, 0)).toBe(3)
})

test('what is truly below a half stays below', () => {
  expect(roundHalfUp(2.499999, 0)).toBe(2)
  expect(roundHalfUp(0.1249999999, 2)).toBe(0.12)
  expect(roundHalfUp(Number.MAX_SAFE_INTEGER, 2)).toBe(Number.MAX_SAFE_INTEGER)
})

test('there is no negative zero', () => {
  expect(roundHalfUp(-0.004, 2)).toBe(0)
  expect(formatHalfUp(-0, 1)).toBe('0.0')
})

test('what cannot be rounded is refused', () => {
  expect(() => roundHalfUp(Number.NaN, 2)).toThrow('cannot round NaN')
  expect(() => formatHalfUp(Number.POSITIVE_INFINITY, 2)).toThrow(RangeError)
  expect(() => roundHalfUp(1, -1)).toThrow('decimals must be a whole number')
})
