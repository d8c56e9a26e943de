import { expect, test } from 'vitest'
import type { OutputLine } from './sandbox.ts'
import { splitLines } from './split-lines.ts'

function split(maxBytes: number, ...chunks: readonly (string | Buffer)[]): OutputLine[] {
  const lines: OutputLine[] = []
  const splitter = splitLines('output', (line) => lines.push(line), { maxBytes })
  for (const chunk of chunks) splitter.push(Buffer.from(chunk))
  splitter.end()
  return lines
}

test('lines come whole, whatever the pieces', () => {
  const text = 'one\n\nthree €\nfour'
  const bytes = Buffer.from(text)
  for (let size = 1; size <= bytes.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    )
    expect(split(100, ...chunks).map((line) => line.text)).toEqual(['one', '', 'three €', 'four'])
  }
})

test('nothing follows a last line break', () => {
  expect(split(100, 'one\n').map((line) => line.text)).toEqual(['one'])
  expect(split(100)).toEqual([])
})

test('a line that is too long is its beginning and says so; the next is whole again', () => {
  expect(split(4, 'abc', 'defgh\nxyz\nabcd\nabcde')).toEqual([
    { stream: 'output', text: 'abcd', isCut: true },
    { stream: 'output', text: 'xyz', isCut: false },
    { stream: 'output', text: 'abcd', isCut: false },
    { stream: 'output', text: 'abcd', isCut: true },
  ])
})

test('a character that the cut halves is left out, and bytes that are no UTF-8 are replaced', () => {
  expect(split(4, 'ab€€\n', Buffer.from([0x61, 0xff, 0x0a])).map((line) => line.text)).toEqual(['ab', 'a\u{fffd}'])
})
