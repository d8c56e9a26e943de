import { expect, test } from 'vitest'
import { scanNumbers } from '../numbers/scan-numbers.ts'
import { compareRounded, isPlausibleScale } from './rounding.ts'

function claim(text: string) {
  const [number] = scanNumbers(text)
  if (number === undefined) throw new Error(`no number in ${text}`)
  return number
}

function compare(stated: string, found: string, scale: 1 | 100 | 0.01 = 1) {
  return compareRounded(claim(stated), claim(found), scale)
}

test('a claim is its evidence when it rounds to it', () => {
  expect(compare('0.92', '0.9153')).toBe('same')
  expect(compare('0.92', '0.9149')).toBe('apart')
  expect(compare('24.667', '24.666666666666668')).toBe('same')
})

test('half a unit rounds either way', () => {
  expect(compare('0.92', '0.915')).toBe('same')
  expect(compare('0.91', '0.915')).toBe('same')
})

test('what is cut off where it should be rounded is a slip', () => {
  expect(compare('0.91', '0.9173')).toBe('slip')
  expect(compare('0.93', '0.9173')).toBe('apart')
})

test('evidence with fewer digits must be equal', () => {
  expect(compare('0.870', '0.87')).toBe('same')
  expect(compare('0.873', '0.87')).toBe('apart')
})

test('percentages are found in shares, and the other way round', () => {
  expect(compare('91.5%', '0.91529', 100)).toBe('same')
  expect(compare('0.915', '91.5%', 0.01)).toBe('same')
  expect(isPlausibleScale(claim('915'), 9.15, 100)).toBe(false)
})

test('signs are ignored, and approximate numbers reach twice as far', () => {
  expect(compare('−4.2', '4.2')).toBe('same')
  expect(compare('about 4.2', '4.27')).toBe('same')
  expect(compare('4.3', '4.22')).toBe('apart')
  expect(compare('about 4.3', '4.22')).toBe('same')
})

test('numbers beyond what doubles hold are apart from everything', () => {
  const huge = { ...claim('1.5'), decimals: -400 }
  expect(compareRounded(huge, { value: 1.5, decimals: 1 }, 1)).toBe('apart')
  expect(compareRounded(claim('1.5'), { value: Number.NaN, decimals: 1 }, 1)).toBe('apart')
})
