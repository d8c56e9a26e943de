import { expect, test } from 'vitest'
import { areCountedNames } from './counted-names.ts'

test('cases that a count names are no values', () => {
  expect(areCountedNames(['40 labels', '80 labels', '40 labels', '80 labels'])).toBe(true)
  expect(areCountedNames(['8 clients', '', '16 clients', '16 clients', '8 clients'])).toBe(true)
})

test.each([
  ['measured times', ['3 hours', '5 hours', '3 hours', '5 hours']],
  ['several words', ['40 labels', '80 classes', '40 labels', '80 classes']],
  ['decimals', ['4.5 labels', '8.5 labels', '4.5 labels', '8.5 labels']],
  ['counts out of counts', ['5 of 8', '6 of 8', '5 of 8', '6 of 8']],
  ['a count of its own in each row', ['40 errors', '81 errors', '17 errors', '9 errors']],
  ['one count in all rows', ['8 seeds', '8 seeds', '8 seeds', '8 seeds']],
  ['plain numbers', ['40', '80', '40', '80']],
  ['nothing', ['', '']],
])('%s are', (_what, cells) => {
  expect(areCountedNames(cells)).toBe(false)
})
