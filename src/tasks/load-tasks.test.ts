import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PrerequisiteError } from '../base/errors.ts'
import { sha256 } from '../base/hash.ts'
import type { Catalogue } from './catalogue.ts'
import { type LoadTasksOptions, loadTasks } from './load-tasks.ts'

const alphaText = '# A heading\n\nzero\u200Bwidth\n'
const catalogue: Catalogue = {
  schema: 'mlrbench/catalogue@1',
  source: { repository: 'toy/bench', commit: '0123456', archiveUrl: 'http://127.0.0.1:9/x', licence: 'MIT' },
  tasks: [
    {
      id: 'toy2024_alpha',
      slug: 'alpha',
      venue: 'Toy',
      year: 2024,
      title: 'The catalogue title',
      sha256: sha256(alphaText),
      bytes: Buffer.byteLength(alphaText),
      category: 'ML Theory',
      inSubset: true,
    },
    {
      id: 'toy2024_untitled',
      slug: 'untitled',
      venue: 'Toy',
      year: 2024,
      title: null,
      sha256: sha256('Only text.'),
      bytes: 10,
      category: null,
      inSubset: false,
    },
  ],
}

let root = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tasks-load-'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

describe('the pulled data set', () => {
  test('carries the facts of the catalogue and the text as it is', async () => {
    const pulledFolder = await folder('pulled', { 'toy2024_alpha.md': alphaText, 'toy2024_untitled.md': 'Only text.' })
    const [alpha, untitled] = await load({ pulledFolder })
    expect(alpha).toEqual({
      id: 'toy2024_alpha',
      title: 'The catalogue title',
      source: 'mlr-bench',
      path: join(pulledFolder, 'toy2024_alpha.md'),
      text: alphaText,
      sha256: sha256(alphaText),
      venue: 'Toy',
      year: 2024,
      category: 'ML Theory',
      inSubset: true,
    })
    expect(untitled).toMatchObject({ title: 'Only text.', category: null, inSubset: false })
  })

  test('may be absent', async () => {
    const own = await folder('own', { 'mine.md': 'x' })
    const tasks = await load({ pulledFolder: join(root, 'nowhere'), folders: [own] })
    expect(tasks.map((task) => task.id)).toEqual(['mine'])
  })

  test('is refused once a task was changed or lost, with the way to restore it', async () => {
    const pulledFolder = await folder('pulled', { 'toy2024_alpha.md': 'edited' })
    await expect(load({ pulledFolder })).rejects.toThrow(
      /1 missing \(toy2024_untitled\), 1 changed \(toy2024_alpha\).*"mlrbench tasks pull"/,
    )
  })

  test("is refused with a user's task in it, which has to move first", async () => {
    const pulledFolder = await folder('pulled', {
      'toy2024_alpha.md': alphaText,
      'toy2024_untitled.md': 'Only text.',
      'mine.md': 'x',
    })
    await expect(load({ pulledFolder })).rejects.toThrow(/1 unexpected \(mine.md\)\. Move what is unexpected/)
  })
})

describe("a user's folder", () => {
  test('holds tasks as files and as folders; a README, hidden files and other folders are none', async () => {
    const own = await folder('own', {
      'b.md': '# B',
      'a/task.md': '# A',
      'README.md': '# How to',
      '.hidden.md': '# Hidden',
      'data/table.csv': '1',
      'notes.txt': 'x',
    })
    const tasks = await load({ folders: [own] })
    expect(tasks.map(({ id, title, source, path }) => ({ id, title, source, path }))).toEqual([
      { id: 'a', title: 'A', source: 'folder', path: join(own, 'a', 'task.md') },
      { id: 'b', title: 'B', source: 'folder', path: join(own, 'b.md') },
    ])
    expect(tasks[0]).toMatchObject({ venue: null, year: null, category: null, inSubset: false })
  })

  test('may link to tasks elsewhere', async () => {
    const elsewhere = await folder('elsewhere', { 'task.md': '# Far' })
    const own = await folder('own', {})
    await symlink(elsewhere, join(own, 'far'))
    expect(await load({ folders: [own] })).toMatchObject([{ id: 'far', title: 'Far' }])
  })

  test('yields an MLR-Bench task only where the bytes are those of the catalogue', async () => {
    const same = await folder('same', { 'toy2024_alpha.md': alphaText })
    const other = await folder('other', { 'toy2024_alpha.md': `${alphaText} ` })
    expect(await load({ folders: [same] })).toMatchObject([{ source: 'mlr-bench', venue: 'Toy', inSubset: true }])
    expect(await load({ folders: [other] })).toMatchObject([{ source: 'folder', venue: null, inSubset: false }])
  })

  test('keeps a byte order mark in the text, so that text and hash agree', async () => {
    const own = await folder('own', { 'bom.md': '\uFEFF# Marked' })
    const [task] = await load({ folders: [own] })
    expect(task).toMatchObject({ title: 'Marked', text: '\uFEFF# Marked', sha256: sha256('\uFEFF# Marked') })
  })

  test.each([
    ['has no tasks', { 'notes.txt': 'x' }, 'There are no tasks in'],
    ['holds an empty task', { 'void.md': ' \n\u200B\uFEFF\n' }, 'void.md is empty'],
    ['holds a name unsafe for a folder', { 'two words.md': 'x' }, 'rename it to letters'],
    ['holds a name that starts with a dash', { '-rf/task.md': 'x' }, 'rename it to letters'],
    ['holds one task twice', { 'a.md': 'x', 'a/task.md': 'y' }, 'Two tasks have the id "a"'],
    ['holds a task too large for any model', { 'big.md': 'x'.repeat(1_000_001) }, 'at most 1000000'],
  ])('is refused when it %s', async (_, files: Record<string, string>, expected) => {
    const own = await folder('own', files)
    const loading = load({ folders: [own] })
    await expect(loading).rejects.toThrow(PrerequisiteError)
    await expect(loading).rejects.toThrow(expected)
  })

  test('is refused when a task is not UTF-8, naming it', async () => {
    const own = await folder('own', { 'good.md': 'x' })
    await writeFile(join(own, 'latin.md'), Buffer.from([0x63, 0x61, 0x66, 0xe9]))
    await expect(load({ folders: [own] })).rejects.toThrow(/latin\.md is not UTF-8/)
  })

  test('is refused when it is not there', async () => {
    await expect(load({ folders: [join(root, 'nowhere')] })).rejects.toThrow(/There is no folder .*nowhere/)
  })

  test('does not read from a device', async () => {
    const own = await folder('own', { 'good.md': 'x' })
    await symlink('/dev/zero', join(own, 'endless.md'))
    expect(await load({ folders: [own] })).toHaveLength(1)
  })
})

test('the tasks shipped with the package are there unless left out', async () => {
  const tasks = await loadTasks({ pulledFolder: null })
  expect(tasks.length).toBeGreaterThan(0)
  expect(tasks.filter((task) => task.source !== 'bundled')).toEqual([])
})

describe('several folders', () => {
  test('are merged and sorted by id', async () => {
    const bundledFolder = await folder('bundled', { 'm/task.md': '# M' })
    const own = await folder('own', { 'z.md': 'z', 'B.md': 'b' })
    const tasks = await load({ bundledFolder, folders: [own] })
    expect(tasks.map(({ id, source }) => [id, source])).toEqual([
      ['B', 'folder'],
      ['m', 'bundled'],
      ['z', 'folder'],
    ])
  })

  test('may not share an id, not even one that differs only in letter case', async () => {
    const one = await folder('one', { 'same.md': 'x' })
    const two = await folder('two', { 'Same.md': 'x' })
    await expect(load({ folders: [one, two] })).rejects.toThrow(
      /"Same" \(letter case aside\): .*same\.md and .*Same\.md/,
    )
  })
})

async function load(options: Partial<LoadTasksOptions>) {
  return await loadTasks({ pulledFolder: null, bundledFolder: null, catalogue, ...options })
}

async function folder(name: string, files: Record<string, string>): Promise<string> {
  const path = join(root, name)
  await mkdir(path)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, file)), { recursive: true })
    await writeFile(join(path, file), text)
  }
  return path
}
