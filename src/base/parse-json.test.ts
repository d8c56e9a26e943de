import { expect, test } from 'vitest'
import { parseJson } from './parse-json.ts'

test.each([
  ['{"a":[1,null]}', { a: [1, null] }],
  ['null', null],
  ['\uFEFF"with a mark"', 'with a mark'],
  ['', undefined],
  ['{"a":NaN}', undefined],
  ['{"a":1} and more', undefined],
])('%j', (text, value) => expect(parseJson(text)).toEqual(value))
