import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listFiles } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import { type Collected, collectResults } from './collect-results.ts'

let root = ''
let workspace = ''
let results = ''
let trial = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'collect-'))
  workspace = join(root, 'trial', 'attempts', 'experiment', '1', 'workspace')
  results = join(workspace, 'results')
  trial = join(root, 'trial')
  await mkdir(results, { recursive: true })
  await writeFile(join(root, 'secret'), 'secret')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const collect = (): Promise<Collected> => collectResults(workspace, trial)
const reasons = ({ refused }: Collected): string[] => refused.map(({ path, reason }) => `${path}: ${reason}`)
const copied = async (): Promise<string[]> => (await listFiles(join(trial, 'results'))).map(({ path }) => path)

test('copies what is there, with hashes, and nothing from outside results/', async () => {
  await writeFile(join(results, 'results.md'), '# Results\n')
  await mkdir(join(results, 'figures', 'a'), { recursive: true })
  await writeFile(join(results, 'figures', 'a', 'b.png'), Buffer.of(1, 2, 3))
  await writeFile(join(results, 'empty.txt'), '')
  await writeFile(join(workspace, 'run.sh'), 'echo')
  const { taken, refused } = await collect()
  expect(refused).toEqual([])
  expect(taken).toEqual([
    { path: 'results/results.md', sha256: sha256('# Results\n'), bytes: 10 },
    { path: 'results/empty.txt', sha256: sha256(''), bytes: 0 },
    { path: 'results/figures/a/b.png', sha256: sha256(Buffer.of(1, 2, 3)), bytes: 3 },
  ])
  expect(await copied()).toEqual(['empty.txt', 'figures/a/b.png', 'results.md'])
})

test('what an earlier attempt left is gone', async () => {
  await mkdir(join(trial, 'results'))
  await writeFile(join(trial, 'results', 'old.md'), 'old')
  expect(await collect()).toEqual({ taken: [], refused: [] })
  expect(await copied()).toEqual([])
})

test('a workspace without results has none', async () => {
  await rm(results, { recursive: true })
  expect(await collect()).toEqual({ taken: [], refused: [] })
})

test('links, pipes and sockets are named, not followed and not waited for', async () => {
  await symlink(join(root, 'secret'), join(results, 'results.md'))
  await symlink('..', join(results, 'up'))
  await symlink(root, join(results, 'around'))
  execFileSync('mkfifo', [join(results, 'pipe.csv')])
  const collected = await collect()
  expect(collected.taken).toEqual([])
  expect(reasons(collected)).toEqual([
    'results/results.md: a link, not a file',
    'results/around: a link, not a file',
    'results/pipe.csv: not a regular file, or closed to us',
    'results/up: a link, not a file',
  ])
  expect(await copied()).toEqual([])
})

test('results that are themselves a link out of the workspace are refused as a whole', async () => {
  await mkdir(join(root, 'outside'))
  await writeFile(join(root, 'outside', 'results.md'), 'secret')
  await rm(results, { recursive: true })
  await symlink(join(root, 'outside'), results)
  expect(reasons(await collect())).toEqual(['results: a link, not a folder'])
  expect(await copied()).toEqual([])
})

test('names that try to climb stay names', async () => {
  for (const name of ['..\\up', '...', 'new\nline', '-rf', '$(id)']) await writeFile(join(results, name), name)
  const { taken } = await collect()
  expect(taken.map(({ path }) => path)).toEqual(
    ['$(id)', '-rf', '...', '..\\up', 'new\nline'].map((name) => `results/${name}`),
  )
  expect(await readFile(join(trial, 'results', '..\\up'), 'utf8')).toBe('..\\up')
})

test('a file that is large only in name is refused unread', async () => {
  await writeFile(join(results, 'model.bin'), '')
  await truncate(join(results, 'model.bin'), 2 ** 40)
  await writeFile(join(results, 'results.md'), 'fine')
  const collected = await collect()
  expect(reasons(collected)).toEqual(['results/model.bin: larger than 200 MiB'])
  expect(collected.taken).toHaveLength(1)
})

test('a folder in place of the report is a folder', async () => {
  await mkdir(join(results, 'results.md'))
  await writeFile(join(results, 'results.md', 'inner.md'), 'text')
  expect((await collect()).taken.map(({ path }) => path)).toEqual(['results/results.md/inner.md'])
})

test('the paper is not the experiment’s to write', async () => {
  await writeFile(join(results, 'paper.md'), '# A paper no writer wrote')
  expect(reasons(await collect())).toEqual(['results/paper.md: the name of what the paper stage writes'])
  expect(await copied()).toEqual([])
})

test('of too many files the first are taken, and the report whatever its name’s place', async () => {
  execFileSync('bash', ['-c', 'for i in $(seq -w 2000); do : > a$i; done; echo found > results.md'], { cwd: results })
  const { taken, refused } = await collectResults(workspace, trial, { mostFiles: 100 })
  expect(taken).toHaveLength(100)
  expect(taken.slice(0, 2).map(({ path }) => path)).toEqual(['results/results.md', 'results/a0001'])
  expect(refused).toEqual([{ path: 'results', reason: 'more than 100 files: all others' }])
})

test('a file that is closed to us is named', async () => {
  await writeFile(join(results, 'closed.txt'), 'x')
  await chmod(join(results, 'closed.txt'), 0)
  // root may read everything
  const isRoot = process.geteuid?.() === 0
  if (isRoot) execFileSync('chown', ['-R', '65534', root])
  if (isRoot) process.seteuid?.(65_534)
  try {
    expect(reasons(await collect())).toEqual(['results/closed.txt: cannot be read: EACCES'])
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
})
