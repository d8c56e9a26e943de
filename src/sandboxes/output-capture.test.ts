import { expect, test } from 'vitest'
import { OutputCapture } from './output-capture.ts'

function capture(maxBytes: number, ...chunks: readonly (string | Buffer)[]) {
  const output = new OutputCapture(maxBytes)
  for (const chunk of chunks) output.push(Buffer.from(chunk))
  return output.finish()
}

test('keeps output that just fits, whole', () => {
  expect(capture(10, 'abcde', 'fghij')).toEqual({ text: 'abcdefghij', truncated: false, totalBytes: 10 })
})

test('keeps head and tail and says how many bytes are missing between them', () => {
  expect(capture(4, 'abcdefghij')).toEqual({
    text: 'ab\n[6 bytes of output left out]\nij',
    truncated: true,
    totalBytes: 10,
  })
})

test('keeps the very last bytes of a stream far longer than the limit', () => {
  const chunks = Array.from({ length: 500 }, (_, index) => `${String(index).padStart(999, '.')}\n`)
  const { text, totalBytes } = capture(2_000, ...chunks)
  expect(totalBytes).toBe(500_000)
  expect(text.endsWith(`${'.'.repeat(996)}499\n`)).toBe(true)
  expect(text.length).toBeLessThan(2_100)
})

test('joins a character that two chunks share, and drops one that the cut halves', () => {
  const euro = Buffer.from('€')
  expect(capture(100, euro.subarray(0, 1), euro.subarray(1)).text).toBe('€')
  expect(capture(8, 'abc€', 'x'.repeat(100), '€xyz').text).toBe('abc\n[104 bytes of output left out]\nxyz')
})

test('replaces bytes that are not UTF-8', () => {
  expect(capture(100, Buffer.from([0x61, 0xff, 0x62])).text).toBe('a\u{fffd}b')
})

test('keeps nothing but the count when nothing may be kept', () => {
  expect(capture(0, 'abc')).toEqual({ text: '\n[3 bytes of output left out]\n', truncated: true, totalBytes: 3 })
})
