import { expect, test } from 'vitest'
import { drawTable } from './draw-table.ts'

test('columns are as wide as their widest line, and stand left or right', () => {
  const rows = [
    ['name', 'mark'],
    ['a', '7.25'],
    ['longer', '–'],
  ]
  expect(drawTable(rows, [false, true]).split('\n')).toEqual([
    '┌────────┬──────┐',
    '│ name   │ mark │',
    '├────────┼──────┤',
    '│ a      │ 7.25 │',
    '│ longer │    – │',
    '└────────┴──────┘',
  ])
})

test('a row is as high as its highest cell', () => {
  const rows = [
    ['a', 'b'],
    ['one\ntwo', '1'],
    ['x', '2'],
  ]
  expect(drawTable(rows, [false, true]).split('\n').slice(3, 6)).toEqual(['│ one │ 1 │', '│ two │   │', '│ x   │ 2 │'])
})

test('a head alone is a table', () => {
  expect(drawTable([['a']], [false])).toBe('┌───┐\n│ a │\n├───┤\n└───┘')
})

test.each([
  ['Chinese, Japanese and Korean take two columns a character', '評価 かな 한국', 14],
  ['so do emoji, also of several code points', '👩‍🔬🇫🇷❤️', 6],
  ['fullwidth forms do, and halfwidth ones do not', 'Ａｱ', 3],
  ['accents join onto their letters, in either form', 'e\u0301é', 2],
  ['marks alone take none', '\u0301\u200b', 0],
  ['Greek, Cyrillic, dashes, arrows and signs take one', 'αЖ–→≥±', 6],
])('%s', (_, text, width) => {
  expect(drawTable([[text]], [false]).split('\n')[0]).toBe(`┌${'─'.repeat(width + 2)}┐`)
})
