import { describe, expect, test } from 'vitest'
import { cutMiddle, fenceBlock, oneLine, plain, printableJson } from './text.ts'

describe('cutting the middle out', () => {
  test('leaves a text alone that fits exactly', () => {
    expect(cutMiddle('häh', 4)).toEqual({ text: 'häh', cut: false })
  })

  test('keeps head and tail and counts what is missing', () => {
    expect(cutMiddle('0123456789', 4)).toEqual({ text: '01\n[… 6 bytes left out …]\n89', cut: true })
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('never shows half of a character at %i bytes', (maxBytes) => {
    const text = '🙂é🙂x🙂'
    const { text: shown, cut } = cutMiddle(text, maxBytes)
    const [head = '', tail = ''] = shown.split(/\n\[… \d+ bytes left out …\]\n/)
    expect(cut).toBe(true)
    expect(text.startsWith(head) && text.endsWith(tail)).toBe(true)
    const kept = Buffer.byteLength(head) + Buffer.byteLength(tail)
    expect(kept).toBeLessThanOrEqual(maxBytes)
    expect(shown).toContain(`[… ${Buffer.byteLength(text) - kept} bytes left out …]`)
  })
})

describe('a fenced block', () => {
  test('has three backticks and its language', () => {
    expect(fenceBlock('x = 1', 'python')).toBe('```python\nx = 1\n```')
  })

  test('cannot be ended by what stands in it', () => {
    expect(fenceBlock('a\n`````\nb')).toBe('``````\na\n`````\nb\n``````')
  })

  test('holds a text of nothing but backticks and spaces, however long', () => {
    expect(fenceBlock('` '.repeat(300_000)).startsWith('```\n')).toBe(true)
  })
})

describe('one line', () => {
  test('has neither line breaks nor control characters', () => {
    expect(oneLine(' red: \u001b[31mno\r\n\tyes\u0007 ', 100)).toBe('red: [31mno yes')
  })

  test('is cut at its limit, not through a character', () => {
    expect(oneLine('abcdef', 6)).toBe('abcdef')
    expect(oneLine('abcdefg', 6)).toBe('abcde…')
    expect(oneLine('abcd🙂🙂', 6)).toBe('abcd…')
  })
})

describe('what a terminal is given', () => {
  const drawn = '\u001b[31m0.91\u009b2J \u202e19.0\u202c'

  test('draws nothing, and stands in the order in which it is written', () => {
    expect(plain(drawn)).not.toMatch(/[\p{Cc}\u202a-\u202e]/u)
    expect(plain('a\u202eb')).toBe('a\ufffdb')
  })

  test('is the same value as JSON, with such characters escaped', () => {
    const text = printableJson({ drawn })
    expect(text).not.toMatch(/[\u007f-\u009f\u202a-\u202e]/)
    expect(JSON.parse(text)).toEqual({ drawn })
  })
})
