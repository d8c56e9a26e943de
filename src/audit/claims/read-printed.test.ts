import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readPdf } from '../../importers/pdf-text.ts'
import type { Claim, DocumentClaims } from './claim.ts'
import { isPrinted } from './is-printed.ts'
import { extractClaims } from './extract-claims.ts'

const read = (text: string, path = 'paper.pdf'): DocumentClaims => extractClaims({ path, text }, 0)
const results = (text: string, path?: string): string[] => textsOf(read(text, path).claims, 'result')

describe('a paper printed with its layout', async () => {
  const text = await readFile(new URL('fixtures/paper.pdf.txt', import.meta.url), 'utf8')
  const { claims, tables } = read(text, 'paper.pdf.txt')

  test('states so many results, settings and other numbers', () => {
    expect(textsOf(claims, 'result')).toEqual(
      '12.4 99.2 0.937 0.618 0.021 0.245 0.951 0.948 0.902 0.874 0.861 0.618 0.937 0.929 0.863 0.911 0.744 15.5 3.42 7.15 41.7 52.3 12.4 6.38 2.19 0.886'.split(
        ' ',
      ),
    )
    expect(textsOf(claims, 'setup')).toEqual('14 32 2.5e−4 0.15'.split(' '))
    expect(textsOf(claims, 'other')).toEqual('8.31 14'.split(' '))
  })

  test('has a table with its caption, headers and missing cell', () => {
    expect(tables).toHaveLength(1)
    expect(tables[0]).toMatchObject({
      caption: 'Table 1: Accuracy of counters by time of day.',
      headers: ['Method', 'Dawn', 'Noon', 'Dusk'],
      section: ['3 RESULTS', '3.1 MAIN RESULTS'],
    })
    expect(tables[0]?.rows.at(-1)?.cells).toEqual(['Without lens', '0.911', '', '0.744'])
  })

  test('says where every claim stands', () => {
    for (const { start, end, number, line } of claims) {
      expect(text.slice(start, end)).toBe(number.text)
      expect(text.slice(0, start).split('\n')).toHaveLength(line)
    }
  })

  test('gives sentences without margins and breaks of words', () => {
    expect(sentenceOf(claims, '99.2')).toBe(
      'Our counter cuts the error by 12.4 % and reaches >99.2% accuracy on one hive, where older counters Smith et al. (2020) stay below it.',
    )
    expect(sentenceOf(claims, '0.618')).toContain('and the gap between them is 0.245')
  })

  test('is known without its name', () => {
    expect(results(text, 'paper.txt')).toEqual(textsOf(claims, 'result'))
    expect(results(text, 'paper.md')).toEqual(textsOf(claims, 'result'))
  })

  test('is not seen in Markdown without marks of headings', () => {
    const marked =
      'Abstract\n\n1. Setting\n\nWe set $x$.\n\n2. Results\n\n• The error is 0.312.\n\nReferences\n\n![](bees.png)\n'
    expect(isPrinted({ path: 'paper.md', text: marked })).toBe(false)
    expect(isPrinted({ path: 'paper.md', text })).toBe(true)
  })

  test('reads the same with other line breaks', () => {
    for (const lineBreak of ['\r\n', '\r'])
      expect(results(text.replaceAll('\n', lineBreak))).toEqual(textsOf(claims, 'result'))
  })
})

describe('columns of text', () => {
  const left = Array.from({ length: 16 }, (_, index) => `our counter of bees is good in line ${index + 10}`)
  const right = Array.from({ length: 16 }, (_, index) => `and the other one is bad in the line ${index + 30}`)
  left[7] = 'Our counter reaches an accuracy of about'
  left[8] = '0.913 at noon. Another sentence begins now'
  right[3] = 'at all. The mean error of our method falls'
  right[4] = 'to 0.274 behind it, and goes on from here a'
  const page = left.map((line, index) => `  ${line.padEnd(52)}${right[index] ?? ''}`).join('\n')
  const text = `Counting\n\nAbstract\nWe count.\n\n1  Introduction\n\nBees are hard to count.\n\n2  Results\n\n${page}\n`
  const { claims } = read(text)

  test('are read one after the other', () => {
    expect(sentenceOf(claims, '0.913')).toContain('Our counter reaches an accuracy of about 0.913 at noon.')
    expect(sentenceOf(claims, '0.274')).toContain('The mean error of our method falls to 0.274 behind it')
  })

  test('keep the places of the document', () => {
    for (const { start, end, number } of claims) expect(text.slice(start, end)).toBe(number.text)
  })
})

describe('a printed page', () => {
  const page = (body: string): string =>
    `Title\n\nAbstract\n\nWe count.\n\n1 Results\n\n${body}\n\nReferences\n\n[1] A. Bee. 2.5 bees. 2020.\n`

  test.each([
    [
      'a caption below its table',
      'Method    Error   Time\nSingle    0.312   4.21\nDouble    0.198   5.02\n\nTable 2: Errors.\n\nThe end.',
      4,
    ],
    ['a table of one column', 'Table 2: Errors.\n\nMethod    Error\nSingle    0.312\nDouble    0.198\n', 2],
    [
      'spreads',
      'Table 2: Errors.\n\nMethod    Error            Time\nSingle    0.312 ± 0.011    4.21 ± 0.20\nDouble    0.198 ± 0.009    5.02 ± 0.31\n',
      8,
    ],
    ['blanks of one', 'Table 2: Errors.\nMethod Error Time\nSingle 0.312 ± 0.011 4.21\nDouble 0.198 ± 0.009 5.02\n', 6],
    [
      'two lines of headers',
      'Table 2: Errors.\n              Day              Night\nMethod    Error   Time     Error   Time\nSingle    0.312   4.21     0.402   4.33\nDouble    0.198   5.02     0.287   5.11\n',
      8,
    ],
    [
      'names of groups',
      'Table 2: Errors.\n\nMethod    Error   Time\nOld ones\nSingle    0.312   4.21\nNew ones\nDouble    0.198   5.02\n',
      4,
    ],
  ])('has a table with %s', (_, body, count) => {
    const { claims, tables } = read(page(body))
    expect(tables).toHaveLength(1)
    expect(tables[0]?.caption).toBe(body.includes('Table 2') ? 'Table 2: Errors.' : '')
    expect(claims.filter(({ role, where }) => role === 'result' && where.kind === 'cell')).toHaveLength(count)
    const labels = claims.flatMap(({ where }) => (where.kind === 'cell' ? [where.columnLabel] : []))
    expect(labels.filter((label) => !/Error|Time/.test(label))).toEqual([])
  })

  test('has no claims in page numbers, axes and references', () => {
    expect(
      read(page('The error is 0.312.\n\n0.0 0.2 0.4\n\n7\n\nIt stays.')).claims.map(({ number }) => number.text),
    ).toEqual(['0.312'])
  })

  test('keeps a number alone in the last line of a paragraph', () => {
    expect(
      results(page('The mean error of the double counter, which sees each bee twice, is\n0.312.\n\nIt stays.')),
    ).toEqual(['0.312'])
  })

  test('takes no numbered item for a heading', () => {
    const { claims } = read(
      page('We did this:\n1. We counted bees with an error of 0.312.\n2. We counted wasps with an error of 0.415.'),
    )
    expect(claims.map(({ section }) => section)).toEqual([['1 Results'], ['1 Results']])
  })
})

test('reads the text that comes out of a PDF', async () => {
  const bytes = await readFile(new URL('../../../test/data/papers/counting-beans.pdf', import.meta.url))
  const pdf = await readPdf(new Uint8Array(bytes))
  const { claims, tables } = read('text' in pdf ? pdf.text : '')
  expect(textsOf(claims, 'result')).toEqual('3.4 9.1 0.998 1.000 0.998 9.1 1.000 3.4'.split(' '))
  expect(tables[0]?.headers).toEqual(['Method', 'Accuracy', 'Seconds'])
})

test('keeps every place exact, whatever the text', () => {
  const pieces = [
    '0.91',
    '12 ',
    '\n',
    '\r',
    '\f',
    '   ',
    'Table 1: x',
    'Figure 2. ',
    'ﬁ',
    '¿99.1',
    '%',
    '5  R ESULTS',
    '000',
    '\n001  a',
    'A BSTRACT',
    'word-\nword',
    ' ± 0.02',
    '\0',
    'REFERENCES',
    '\n\n',
    'Ours  0.5  nan',
  ]
  let state = 7
  for (let round = 0; round < 300; round += 1) {
    let text = ''
    for (let length = 0; length < 80; length += 1) {
      state = (state * 48271) % 2147483647
      text += (pieces[state % pieces.length] ?? '') + (state % 3 === 0 ? ' ' : '')
    }
    for (const { start, end, number, line } of read(text).claims) {
      expect(text.slice(start, end)).toBe(number.text)
      expect(text.slice(0, start).split(/\r\n?|\n/)).toHaveLength(line)
    }
  }
})

function textsOf(claims: readonly Claim[], role: Claim['role']): string[] {
  return claims.filter((claim) => claim.role === role).map(({ number }) => number.text)
}

function sentenceOf(claims: readonly Claim[], written: string): string {
  const where = claims.find(({ number }) => number.text === written)?.where
  return where?.kind === 'prose' ? where.sentence : ''
}
