import { expect, test } from 'vitest'
import { readNumberForm, sizeOf, writeNumberForm } from './number-form.ts'

test('writes numbers back as they were', () => {
  for (const text of ['0.85', '.5', '12', '1,234', '1,234.50', '-0.120', '−3.1', '1.2e-3', '0.00', '007'])
    expect(writeNumberForm(readNumberForm(text) ?? never(text))).toBe(text)
})

test('other units keep decimals, grouping, sign and exponent', () => {
  const restate = (text: string, units: number): string =>
    writeNumberForm({ ...(readNumberForm(text) ?? never(text)), units })
  expect(restate('0.85', 7)).toBe('0.07')
  expect(restate('99.5', 1003)).toBe('100.3')
  expect(restate('1,234.50', 99_950)).toBe('999.50')
  expect(restate('-9,999', 10_000)).toBe('-10,000')
  expect(restate('1.2e-3', 34)).toBe('3.4e-3')
})

test('knows how large a number is', () => {
  expect(sizeOf(readNumberForm('-1,234.5') ?? never(''))).toBe(1234.5)
  expect(sizeOf(readNumberForm('1.25e-3') ?? never(''))).toBe(0.00125)
})

test('leaves alone what it could not write back', () => {
  for (const text of ['', '1.2.3', 'nan', '1 234', '1,23', '12345678901234567890', '1/2'])
    expect(readNumberForm(text)).toBeNull()
})

function never(text: string): never {
  throw new Error(`not read: ${text}`)
}
