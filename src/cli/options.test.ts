import { expect, test } from 'vitest'
import { collectList, parseName, parseNatural, parsePositiveInteger, parsePositiveNumber } from './options.ts'

const invalid = (parse: () => unknown): string => {
  try {
    return `accepted as ${String(parse())}`
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}
const refused = 'commander.invalidArgument'

test('lists grow by commas and by repeating the option', () => {
  expect(collectList('b, c', collectList('a'))).toEqual(['a', 'b', 'c'])
})

test.each(['', ',', 'a,', 'a,,b', ' '])('the list %j has an empty entry and is refused', (value) => {
  expect(invalid(() => collectList(value))).toBe(refused)
})

test('whole numbers are read', () => {
  expect([parsePositiveInteger('1'), parsePositiveInteger('007'), parseNatural('0')]).toEqual([1, 7, 0])
})

test.each(['', ' ', '-1', '1.5', '1e3', '0x10', '٣', 'x', '9007199254740993', 'Infinity'])(
  '%j is no whole number',
  (value) => {
    expect(invalid(() => parseNatural(value))).toBe(refused)
    expect(invalid(() => parsePositiveInteger(value))).toBe(refused)
  },
)

test('0 is no positive number', () => {
  expect(invalid(() => parsePositiveInteger('0'))).toBe(refused)
  expect(invalid(() => parsePositiveNumber('0'))).toBe(refused)
})

test('positive numbers may have a fraction', () => {
  expect([parsePositiveNumber('0.5'), parsePositiveNumber('12')]).toEqual([0.5, 12])
  expect(
    ['', '-0.5', 'NaN', 'Infinity', 'many', '1,5'].map((value) => invalid(() => parsePositiveNumber(value))),
  ).toEqual(Array.from({ length: 6 }, () => refused))
})

test('a name must do as a folder', () => {
  expect(parseName('my-run_1.2')).toBe('my-run_1.2')
  expect(
    ['', '.', '..', '.hidden', 'a/b', 'a b', '-x', 'ä', 'x'.repeat(101)].map((name) => invalid(() => parseName(name))),
  ).toEqual(Array.from({ length: 9 }, () => refused))
})
