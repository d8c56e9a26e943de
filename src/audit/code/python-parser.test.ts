import { expect, it } from 'vitest'
import type { CodeNode } from './code.ts'
import { loadPythonParser } from './python-parser.ts'
import { descendants } from './python-nodes.ts'

const parse = await loadPythonParser()

function treeOf(text: string): { tree: CodeNode; hasErrors: boolean } {
  const parsed = parse(text)
  if (!('tree' in parsed)) throw new Error(parsed.reason)
  return parsed
}

it('keeps fields, lines and offsets, in UTF-16 code units', () => {
  const text = '\n# é 😀\nname = "😀"\nother = 2.5\n'
  const { tree, hasErrors } = treeOf(text)
  expect(hasErrors).toBe(false)
  const assignments = [...descendants(tree)].filter((node) => node.type === 'assignment')
  expect(assignments.map((node) => [node.line, text.slice(node.start, node.end)])).toEqual([
    [3, 'name = "😀"'],
    [4, 'other = 2.5'],
  ])
  expect(assignments[1]?.children.map((child) => [child.field, child.type])).toEqual([
    ['left', 'identifier'],
    ['right', 'float'],
  ])
})

it('goes on behind what is no Python', () => {
  const { tree, hasErrors } = treeOf('def broken(:\n  x = = 3\n\naccuracy = 0.8\n')
  expect(hasErrors).toBe(true)
  expect([...descendants(tree)].some((node) => node.type === 'float')).toBe(true)
})

it('gives the same tree after a text that it gave up on', () => {
  const before = treeOf('a = 1\n')
  expect(parse('x=1;'.repeat(240_000))).toEqual({ reason: 'takes too many steps to parse' })
  expect(treeOf('a = 1\n')).toEqual(before)
})

it.each([
  ['20,000 nested brackets', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'nested deeper than 400'],
  ['a sum of 10,000 terms', `x = 1${' + 1'.repeat(10_000)}`, 'nested deeper than 400'],
  ['a million characters and one', '#'.repeat(1_000_001), 'longer than 1000000 characters'],
])('leaves out %s', (_, text, reason) => {
  expect(parse(text)).toEqual({ reason })
})

it.each([
  ['nothing', ''],
  ['NUL bytes and lone CR', 'x = 1\0\0\ry = 2\r\n'],
  ['100,000 digits', '1'.repeat(100_000)],
  ['open quotes', '"'.repeat(10_001)],
  ['open brackets', '('.repeat(20_000)],
])('reads %s', (_, text) => {
  expect(parse(text)).toHaveProperty('tree')
})
