import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readIndexed } from './file-index.ts'

const execute = promisify(execFile)

let run = ''
let made: string[] = []
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'mlrbench-index-'))
  made = []
})
afterEach(() => rm(run, { recursive: true, force: true }))

const longAgo = new Date('2026-01-01T00:00:00Z')
const indexPath = (): string => join(run, 'index', 'notes.json')

/** Writes a file of the run, as if long ago. */
async function write(path: string, text: string, time = longAgo): Promise<void> {
  await mkdir(dirname(join(run, path)), { recursive: true })
  await writeFile(join(run, path), text)
  for (const changed of [path, dirname(path)]) await utimes(join(run, changed), time, time)
}

/** Reads files, or folders of files, as their texts; `made` tells which were not in the index. */
async function read(
  paths: readonly string[],
  options: { version?: string; make?: typeof makeEntry } = {},
): Promise<object> {
  const { version = '1', make = makeEntry } = options
  made = []
  const entries = await readIndexed(run, { name: 'notes', version, paths, make })
  return Object.fromEntries([...entries].map(([path, { text }]) => [path, text]))
}

interface Note {
  readonly text: string
  readonly kind: 'file' | 'folder'
}

async function makeEntry(path: string): Promise<Note> {
  made.push(path)
  const names = await readdir(join(run, path)).catch(() => null)
  if (names === null) return { kind: 'file', text: await readFile(join(run, path), 'utf8').catch(() => 'nothing') }
  const texts = await Promise.all(names.toSorted().map((name) => readFile(join(run, path, name), 'utf8')))
  return { kind: 'folder', text: texts.join('+') }
}

test('entries are made once, and come in the order asked for', async () => {
  await write('notes/a', 'one')
  await write('notes/b', 'two')
  for (const expected of [['notes/b', 'notes/a'], []]) {
    expect(Object.entries(await read(['notes/b', 'notes/a']))).toEqual([
      ['notes/b', 'two'],
      ['notes/a', 'one'],
    ])
    expect(made).toEqual(expected)
  }
})

test('a file that changed in size or time is read anew, and no other', async () => {
  await write('notes/a', 'one')
  await write('notes/b', 'two')
  await read(['notes/a', 'notes/b'])
  await write('notes/a', 'longer')
  expect(await read(['notes/a', 'notes/b'])).toEqual({ 'notes/a': 'longer', 'notes/b': 'two' })
  expect(made).toEqual(['notes/a'])
  await write('notes/b', 'TWO', new Date('2026-01-02T00:00:00Z'))
  expect(await read(['notes/a', 'notes/b'])).toEqual({ 'notes/a': 'longer', 'notes/b': 'TWO' })
  expect(made).toEqual(['notes/b'])
})

test('what was added is made, and what is no longer asked for leaves the index', async () => {
  await write('notes/a', 'one')
  await read(['notes/a'])
  await write('notes/b', 'two')
  expect(await read(['notes/a', 'notes/b'])).toEqual({ 'notes/a': 'one', 'notes/b': 'two' })
  expect(made).toEqual(['notes/b'])
  expect(await read(['notes/b'])).toEqual({ 'notes/b': 'two' })
  expect(await readFile(indexPath(), 'utf8')).not.toContain('notes/a')
})

test('files and folders stand in one index, each with its own entry', async () => {
  await write('notes/a', 'one')
  await write('notes/b', 'one')
  await write('folders/c/x', 'one')
  await write('folders/d/x', 'two')
  await write('folders/d/y', 'three')
  const paths = ['notes/a', 'folders/c', 'gone', 'notes/b', 'folders/d']
  const expected = { 'notes/a': 'one', 'folders/c': 'one', gone: 'nothing', 'notes/b': 'one', 'folders/d': 'two+three' }
  for (const isNew of [true, false]) {
    expect(await read(paths)).toEqual(expected)
    expect(made).toEqual(isNew ? paths : [])
  }
  await write('folders/d/y', 'four', new Date('2026-01-02T00:00:00Z'))
  expect(await read(paths)).toEqual({ ...expected, 'folders/d': 'two+four' })
  expect(made).toEqual(['folders/d'])
})

test('a file that became a folder, or is gone, is read anew', async () => {
  await write('notes/a', 'one')
  expect(await read(['notes/a'])).toEqual({ 'notes/a': 'one' })
  await rm(join(run, 'notes', 'a'))
  await write('notes/a/x', 'inside')
  expect(await read(['notes/a'])).toEqual({ 'notes/a': 'inside' })
  await rm(join(run, 'notes', 'a'), { recursive: true })
  expect(await read(['notes/a'])).toEqual({ 'notes/a': 'nothing' })
})

test('an entry of a folder follows files that are added, grow and are taken away, and a folder that is not there yet', async () => {
  const paths = ['events']
  expect(await read(paths)).toEqual({ events: 'nothing' })
  await write('events/a', 'one')
  expect(await read(paths)).toEqual({ events: 'one' })
  await write('events/b', 'two', new Date('2026-01-02T00:00:00Z'))
  expect(await read(paths)).toEqual({ events: 'one+two' })
  await write('events/a', 'one more', new Date('2026-01-02T00:00:00Z'))
  expect(await read(paths)).toEqual({ events: 'one more+two' })
  await rm(join(run, 'events', 'b'))
  expect(await read(paths)).toEqual({ events: 'one more' })
})

test('what changes while it is read, or has only just changed, is read anew the next time', async () => {
  await write('notes/a', 'one')
  await write('notes/b', 'two', new Date())
  const whileChanging: typeof makeEntry = async (path) => {
    const entry = await makeEntry(path)
    if (path === 'notes/a') await write(path, 'later')
    return entry
  }
  const paths = ['notes/a', 'notes/b']
  expect(await read(paths, { make: whileChanging })).toEqual({ 'notes/a': 'one', 'notes/b': 'two' })
  expect(await read(paths)).toEqual({ 'notes/a': 'later', 'notes/b': 'two' })
  expect(made).toContain('notes/a')
})

test('entries of another version are not used', async () => {
  await write('notes/a', 'one')
  await read(['notes/a'])
  await read(['notes/a'], { version: '2' })
  expect(made).toEqual(['notes/a'])
  await read(['notes/a'], { version: '2' })
  expect(made).toEqual([])
})

test.each([
  ['empty', () => ''],
  ['cut short', (text: string) => text.slice(0, -9)],
  ['no index', () => '{"entries":[null]}'],
  ['changed by hand', (text: string) => text.replace('"one"', '"ten"')],
  ['of another package', (text: string) => text.replace('"madeBy":"', '"madeBy":"9')],
])('an index that is %s is made anew', async (_, damage) => {
  await write('notes/a', 'one')
  await read(['notes/a'])
  const whole = await readFile(indexPath(), 'utf8')
  await writeFile(indexPath(), damage(whole))
  expect(await read(['notes/a'])).toEqual({ 'notes/a': 'one' })
  expect(made).toEqual(['notes/a'])
  expect(await readFile(indexPath(), 'utf8')).toBe(whole)
})

test('several readers at once, in one process too, leave one whole index', async () => {
  await write('notes/a', 'one')
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => read(['notes/a'])))
  expect(all).toEqual(all.map(() => ({ 'notes/a': 'one' })))
  expect(await readdir(join(run, 'index'))).toEqual(['notes.json'])
  await read(['notes/a'])
  expect(made).toEqual([])
})

test('an entry that cannot be made rejects, and leaves the index alone', async () => {
  await write('notes/a', 'one')
  const failing = (): Promise<Note> => Promise.reject(new Error('no such note'))
  await expect(read(['notes/a'], { make: failing })).rejects.toThrow('no such note')
  expect(await readdir(run)).toEqual(['notes'])
})

test('a run that cannot be written to is read without an index, and so is one whose index is closed to the reader', async () => {
  await write('notes/a', 'one')
  await chmod(run, 0o555)
  await utimes(run, longAgo, longAgo)
  expect(await readAsNobody()).toEqual([['notes/a', 'entry']])
  expect(await readdir(run)).toEqual(['notes'])
  await chmod(run, 0o755)
  await read(['notes/a'])
  await chmod(indexPath(), 0)
  await chmod(dirname(indexPath()), 0o555)
  expect(await readAsNobody()).toEqual([['notes/a', 'entry']])
})

/** In another process: for root nothing is closed. */
async function readAsNobody(): Promise<unknown> {
  const paths = JSON.stringify({ module: new URL('./file-index.ts', import.meta.url), run })
  const script = `const { module, run } = ${paths}
    const { readIndexed } = await import(module)
    if (process.getuid?.() === 0) process.setuid(65534)
    const read = await readIndexed(run, { name: 'notes', version: '1', paths: ['notes/a'], make: async () => ({ text: 'entry' }) })
    console.log(JSON.stringify([...read].map(([path, { text }]) => [path, text])))`
  const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', script])
  return JSON.parse(stdout)
}
