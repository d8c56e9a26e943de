import { expect, it } from 'vitest'
import { isTelling, looksMeasured, tellingDigits } from './literal-value.ts'

it('counts digits without the zeros at either end', () => {
  expect(['0.80', '0.853', '100', '1.2e-3', '0', '12.50', '1_024'].map(tellingDigits)).toEqual([1, 3, 1, 2, 0, 3, 4])
})

it('tells results from settings', () => {
  expect(['0.85', '0.853', '512', '0.8', '100', '12'].map(isTelling)).toEqual([true, true, true, false, false, false])
  expect(['0.873', '0.87', '71.4'].every((text) => looksMeasured(text, Number(text)))).toBe(true)
  expect(
    ['0.5', '0.0', '1.0', '0.25', '0.95', '0.999', '1e-4', '512', '2.5'].some((text) =>
      looksMeasured(text, Number(text)),
    ),
  ).toBe(false)
})
