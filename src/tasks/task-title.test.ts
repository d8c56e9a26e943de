import { expect, test } from 'vitest'
import { hasVisibleText, titleOf } from './task-title.ts'

test.each([
  ['# One\ntext', 'One'],
  ['text\n\n### Three ###\n# One', 'Three'],
  ['## **Bold**\r\ntext', 'Bold'],
  ['\uFEFF\u200B# Marked\u200B', 'Marked'],
  ['```sh\n# a comment\n```\n## Real', 'Real'],
  ['#hashtag\nmore', '#hashtag'],
  ['#\n## Not empty', 'Not empty'],
  ['\n\n  First line \rsecond', 'First line'],
])('takes the title from %j', (text, title) => {
  expect(titleOf(text)).toBe(title)
})

test('cuts a long line without splitting a character', () => {
  const title = titleOf('😀'.repeat(200)) ?? ''
  expect(title).toBe(`${'😀'.repeat(119)}…`)
  expect(titleOf('x'.repeat(120))).toBe('x'.repeat(120))
})

test('finds no title in a text without visible characters', () => {
  expect(titleOf(' \n\u200B\n')).toBeNull()
  expect(hasVisibleText(' \n\u200B\uFEFF')).toBe(false)
  expect(hasVisibleText('\u200Bx')).toBe(true)
})
