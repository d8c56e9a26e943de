import { expect, test } from 'vitest'
import { createUsageFilter } from './hide-usage.ts'

const words = 'data: {"choices":[{"delta":{"content":"ü 日本"}}],"usage":null}'
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1}}'
const last = 'data: {"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}}'

function filter(text: string, size: number): string {
  const bytes = Buffer.from(text)
  const stream = createUsageFilter()
  const shown = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    stream.push(bytes.subarray(at * size, (at + 1) * size)),
  )
  return Buffer.concat([...shown, stream.end()]).toString('utf8')
}

const breaks = [
  ['line feeds', '\n\n'],
  ['carriage returns', '\r\n\r\n'],
] as const
const sizes = [1, 2, 3, 7, 64, 10_000]

test.each(breaks)('takes out the event of usage alone, however the stream is cut up: %s', (_, end) => {
  const events = [words, ': a remark', words, usage, 'data: [DONE]'].map((event) => `${event}${end}`)
  for (const size of sizes)
    expect(filter(events.join(''), size)).toBe(events.filter((event) => !event.startsWith(usage)).join(''))
})

test.each(breaks)('leaves everything else as it is: %s', (_, end) => {
  const text = [words, last, 'event: x\ndata: {"usage":', 'data: {"choices":[],"error":{}}', 'an unended "usage"'].join(
    end,
  )
  for (const size of sizes) expect(filter(text, size)).toBe(text)
})

test('does not hold back an event without end', () => {
  const stream = createUsageFilter()
  const piece = Buffer.from('"usage"'.repeat(100_000))
  expect(stream.push(piece).byteLength).toBe(0)
  expect(stream.push(piece).byteLength).toBe(2 * piece.byteLength)
  expect(stream.push(piece).byteLength).toBe(piece.byteLength)
})
