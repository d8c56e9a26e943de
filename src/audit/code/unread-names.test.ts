import { expect, it } from 'vitest'
import { loadPythonParser } from './python-parser.ts'
import { unreadNames } from './unread-names.ts'

async function unread(code: string) {
  const parsed = (await loadPythonParser())(code)
  if (!('tree' in parsed)) throw new Error(parsed.reason)
  const [first] = parsed.tree.children
  if (first === undefined) throw new Error('no statement')
  return unreadNames(first.type === 'function_definition' ? first : parsed.tree, code)
}

it.each([
  ['def f(a, b):\n    c = 1\n    return a\n', { parameters: ['b'], locals: ['c'], readsParameter: true }],
  ['def f(self, a=1, *rest):\n    self.x = 1\n', { parameters: ['a'], locals: [], readsParameter: false }],
  ['def f():\n    xs = []\n    xs.append(1)\n    n = 0\n    n += 1\n', { locals: ['n', 'xs'] }],
  ['def f():\n    xs = []\n    return lambda: xs\n', { locals: [] }],
  ['def f():\n    xs = 1\n    def g():\n        return xs\n    return g\n', { locals: [] }],
  ['def f():\n    d = {}\n    d["k"] = 1\n', { locals: ['d'] }],
  ['def f():\n    global n\n    n = 1\n    _unused = 2\n    a, b = 1, 2\n', { locals: [] }],
  ['def f():\n    n, m = 0, 0\n    n += 1\n', { locals: ['n'] }],
  ['def f(x):\n    return g(x=1)\n', { parameters: ['x'] }],
  ['a = 1\nb = a\nprint(f"{b}")\nc = 2\n', { locals: ['c'] }],
])('tells what is filled and never read: %s', async (code, expected) => {
  expect(await unread(code)).toMatchObject(expected)
})
