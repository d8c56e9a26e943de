import { expect, test } from 'vitest'
import { packEntries, unpackEntries } from './packed-entries.ts'

const throughJson = (entries: readonly object[]): object[] =>
  unpackEntries(JSON.parse(JSON.stringify(packEntries(entries))) as ReturnType<typeof packEntries>)

test.each<[string, object[]]>([
  ['no entries', []],
  ['one entry', [{ id: 'a', marks: { clarity: 7 } }]],
  ['entries without fields', [{}, {}]],
  [
    'values that differ, are shared, and are all alike',
    [
      { id: 'a', judge: { name: 'x' }, view: 'full' },
      { id: 'b', judge: { name: 'y' }, view: 'full' },
      { id: 'c', judge: { name: 'x' }, view: 'full' },
    ],
  ],
  ['fields that only some entries have', [{ a: 1 }, { b: 1 }, { a: 1, b: 2 }, {}]],
  ['a field that one of two entries has', [{ a: 1 }, {}]],
  ['null, false, zero and the empty text', [{ a: null }, { a: false }, { a: 0 }, { a: '' }, { a: [] }, { a: null }]],
  ['text that looks like another type', [{ a: '1' }, { a: 1 }, { a: 'null' }, { a: null }]],
])('%s come back as they were, in their order', (_, entries) => {
  expect(throughJson(entries)).toEqual(entries)
})

test('an undefined field is left out, as JSON leaves it out', () => {
  const [entry] = throughJson([{ a: undefined, b: 1 }])
  expect(Object.keys(entry ?? {})).toEqual(['b'])
})

test('a value that many entries share is kept once', () => {
  const judge = { name: 'a name that is long enough to matter' }
  const packed = JSON.stringify(packEntries(Array.from({ length: 100 }, (_, id) => ({ id, judge: { ...judge } }))))
  expect(packed.split(judge.name)).toHaveLength(2)
})
