import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { expect, test } from 'vitest'

/** Lowest first. A folder may import what stands below its own line, and itself. */
const layers = [
  ['base'],
  ['schema', 'stats'],
  ['models', 'sandboxes', 'executors', 'transcripts'],
  ['gateway'],
  ['tasks', 'prompts', 'rubrics', 'runs'],
  ['coders', 'importers'],
  ['stages', 'judges', 'audit'],
  ['agents'],
  ['pipeline', 'studies'],
  ['report', 'viewer'],
  ['cli'],
]
const src = join(import.meta.dirname, '../src')
const folderOf = (path: string): string => relative(src, path).split(sep)[0] ?? ''
const heightOf = (folder: string): number => layers.findIndex((layer) => layer.includes(folder))

test('imports go down the layers only, and folders of one layer do not know each other', () => {
  // files beside the folders, such as the library's entry, stand above all of them
  const files = globSync(join(src, '*/**/*.ts')).filter((path) => !path.endsWith('.test.ts'))
  expect(files.length).toBeGreaterThan(100)
  expect([...new Set(files.map(folderOf))].filter((folder) => heightOf(folder) === -1)).toEqual([])

  const imports = files.flatMap((from) =>
    [...readFileSync(from, 'utf8').matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.[^']*)'/g)].map(([, path = '']) => ({
      from,
      to: resolve(dirname(from), path),
    })),
  )
  expect(imports.length).toBeGreaterThan(files.length)
  const wrong = imports.filter(({ from, to }) => {
    const [own, other] = [folderOf(from), folderOf(to)]
    return own !== other && !(heightOf(other) !== -1 && heightOf(other) < heightOf(own))
  })
  expect(wrong.map(({ from, to }) => `${relative(src, from)} imports ${relative(src, to)}`)).toEqual([])
})
