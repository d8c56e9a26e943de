import { describe, expect, test } from 'vitest'
import { renderCsv, renderMarkdown, renderText, type Table } from './table.ts'

const scores: Table = {
  title: 'Scores',
  columns: ['agent', 'clarity', 'items'],
  rows: [
    ['one', '7.25', '10'],
    ['another', null, '9'],
  ],
  notes: ['Mean over tasks.'],
}

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))

describe('text', () => {
  test('is drawn with names to the left, numbers to the right, and a dash for what is unknown', () => {
    expect(renderText([scores]).split('\n')).toEqual([
      'Scores',
      '┌─────────┬─────────┬───────┐',
      '│ agent   │ clarity │ items │',
      '├─────────┼─────────┼───────┤',
      '│ one     │    7.25 │    10 │',
      '│ another │       – │     9 │',
      '└─────────┴─────────┴───────┘',
      'Mean over tasks.',
    ])
  })

  test('has names that begin with a date to the left', () => {
    const dated = { ...scores, rows: [['2026-11-21-191957-8ff9:task/agent/1', '7.25', '10']] }
    expect(renderText([{ ...dated, rows: [...dated.rows, ['2026-11-21-2', '7', '9']] }])).toContain(
      '│ 2026-11-21-2    ',
    )
  })

  test('of a table without rows is its title and notes', () => {
    expect(renderText([{ ...scores, rows: [] }])).toBe('Scores\nMean over tasks.')
  })

  test('has colours only where they are asked for', () => {
    const colored = renderText([scores], { width: null, colors: true })
    expect(colored).toContain('\u001b[1mScores')
    expect(renderText([scores])).not.toContain('\u001b')
  })

  test('lets no control codes of others through', () => {
    const hostile = {
      ...scores,
      title: 'A\u001b[2Jtitle',
      rows: [['x\u001b[31m\ny', 'a\u0007b', '1']],
      notes: ['n\ro'],
    }
    const text = renderText([hostile])
    expect(text).toContain('Atitle')
    expect(text).toContain('│ x y ')
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

describe('on a narrow terminal', () => {
  const columns = ['trial', 'a title of many words', 'state']
  const wordy: Table = {
    title: 'T',
    columns,
    rows: [['task/agent/1', 'Learning from Small Data with Noisy Labels', '3 done (108 ms)']],
    notes: [],
  }
  const wide: Table = {
    title: 'T',
    columns: ['agent', ...Array.from({ length: 9 }, (_, index) => `dimension${index}`)],
    rows: [['one', ...Array.from({ length: 9 }, (_, index) => `${index}.00`)]],
    notes: [],
  }

  test('without a width lines are as long as they like', () => {
    expect(widest(renderText([wide]))).toBeGreaterThan(100)
    expect(renderText([wordy])).toContain('Learning from Small Data with Noisy Labels │')
  })

  test.each([80, 60, 50, 44])('%d characters are enough for long cells, broken between words', (width) => {
    const text = renderText([wordy], { width, colors: false })
    expect(widest(text)).toBeLessThanOrEqual(width)
    expect(text).toMatch(/^┌/m)
    for (const word of ['task/', 'Learning', 'Noisy', 'Labels', '108 ms']) expect(text).toContain(word)
  })

  test('a table of many columns is laid on its side', () => {
    const text = renderText([wide], { width: 40, colors: false })
    expect(text).toContain('│ agent      │  one │')
    expect(text).toContain('│ dimension8 │ 8.00 │')
    expect(widest(text)).toBeLessThanOrEqual(40)
  })

  test('what fits neither way becomes a list', () => {
    const rows = Array.from({ length: 12 }, (_, index) => [`agent${index}`, ...Array.from({ length: 9 }, () => '5.00')])
    const text = renderText([{ ...wide, rows }], { width: 40, colors: false })
    expect(text.split('\n').slice(0, 3)).toEqual(['T', 'agent0', '  dimension0  5.00'])
    expect(text).toContain('agent11')
    expect(widest(text)).toBeLessThanOrEqual(40)
  })
})

describe('Markdown', () => {
  test('is one table under a heading, with its notes', () => {
    expect(renderMarkdown([scores])).toBe(
      '## Scores\n\n| agent | clarity | items |\n| --- | ---: | ---: |\n| one | 7.25 | 10 |\n| another | – | 9 |\n\nMean over tasks.',
    )
  })

  test('cells cannot break out of their column or row', () => {
    const text = renderMarkdown([{ ...scores, rows: [['a|b', 'c\\|d', 'e\nf']] }])
    expect(text).toContain('\n| a\\|b | c\\\\\\|d | e f |\n')
  })
})

test('CSV quotes commas, quotes and line breaks, leaves the unknown empty, and ends every line as RFC 4180 says', () => {
  const rows = [
    ['a,b', 1.5, null],
    ['say "x"', 'two\nlines', 'plain'],
  ]
  expect(renderCsv(['x', 'y', 'z'], rows)).toBe('x,y,z\r\n"a,b",1.5,\r\n"say ""x""","two\nlines",plain\r\n')
})
