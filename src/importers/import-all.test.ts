import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { miniRelease, writeFiles } from '../../test/support/mini-release.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { listFiles } from '../base/files.ts'
import { readRun } from '../runs/run-store.ts'
import { readTrialRecord } from '../runs/trial-store.ts'
import { importAll, type ImportRequest, type ImportResult } from './import-all.ts'

let folder: string
let release: string
let logDir: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-import-'))
  release = join(folder, 'release')
  logDir = join(folder, 'logs')
  await writeFiles(release, miniRelease())
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const bring = (changes: Partial<ImportRequest> = {}): Promise<ImportResult> =>
  importAll({
    from: release,
    logDir,
    format: null,
    options: { prefix: '', agent: null },
    versions: { mlrbench: '0' },
    signal: new AbortController().signal,
    note: () => undefined,
    ...changes,
  })

const statuses = ({ runs }: ImportResult): string[] => [...new Set(runs.map(({ status }) => status))]

test('each study becomes a run, with every file accounted for', async () => {
  await writeFiles(release, { 'notes/private.txt': 'mine', 'tasks/nobody.md': 'unused' })
  await symlink('/etc/hostname', join(release, 'agent_results/elsewhere.md'))
  const result = await bring()
  expect(
    result.runs.map(({ report: { run, counts } }) => [run, counts.trials, counts.reviews, counts.humanReviews]),
  ).toEqual([
    ['mlr-bench-ideas', 4, 8, 0],
    ['mlr-bench-proposals', 4, 8, 0],
    ['mlr-bench-experiments', 1, 1, 0],
    ['mlr-bench-papers', 1, 1, 0],
    ['mlr-bench-end2end-o4-mini', 2, 3, 3],
  ])
  expect(result.skipped.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: 'agent_results/elsewhere.md', reason: 'a link, never followed' },
    {
      path: 'human_eval/human_review.csv, line 4',
      reason: 'a row that cannot be used: Novelty is no mark from 1 to 10',
    },
    { path: 'human_eval/human_review.csv, line 5', reason: 'a human review of work that the source does not hold' },
    { path: 'notes/private.txt', reason: 'not part of the layout' },
    { path: 'tasks/nobody.md', reason: 'not part of the layout' },
  ])
  const kept = JSON.parse(await readFile(join(logDir, 'mlr-bench-ideas/import.json'), 'utf8')) as unknown
  expect(kept).toEqual(result.runs[0]?.report)
})

test('importing again changes nothing, whether from the folder, the one around it, or an archive of it', async () => {
  expect(statuses(await bring())).toEqual(['imported'])
  const before = await snapshot(logDir)
  const archive = join(folder, 'release.tar.gz')
  await create({ gzip: true, file: archive, cwd: folder }, ['release'])
  const around = join(folder, 'around')
  await mkdir(around)
  await rename(release, join(around, 'release'))
  for (const from of [join(around, 'release'), around, archive]) {
    const again = await bring({ from })
    expect(statuses(again)).toEqual(['present'])
    expect(again.runs[0]?.report.counts.reviews).toBe(8)
  }
  expect(await snapshot(logDir)).toEqual(before)
})

test('an archive gives the same bytes as the folder, the time of the import aside', async () => {
  const archive = join(folder, 'release.tar')
  await create({ file: archive, cwd: release }, await readdir(release))
  await bring()
  await bring({ from: archive, logDir: join(folder, 'other') })
  expect(await contents(join(folder, 'other'))).toEqual(await contents(logDir))
})

test('another source under the same name is refused before anything is written', async () => {
  await bring()
  await writeFiles(release, { [`agent_results/experiments_and_writeups/claude/alpha2025_one/results/more.csv`]: '1' })
  await rm(join(logDir, 'mlr-bench-ideas'), { recursive: true })
  const refused = bring()
  await expect(refused).rejects.toThrow(PrerequisiteError)
  await expect(refused).rejects.toThrow('another run "mlr-bench-experiments"')
  expect(await readdir(logDir)).not.toContain('mlr-bench-ideas')
  const prefixed = await bring({ options: { prefix: 'new-', agent: null } })
  expect(statuses(prefixed)).toEqual(['imported'])
  const { inputs } = await readTrialRecord(
    join(logDir, 'new-mlr-bench-papers/trials/alpha2025_one/o4-mini-2025-04-16/1'),
  )
  expect(inputs.map(({ stage, run, trial }) => [stage, run, trial])).toEqual([
    ['idea', 'new-mlr-bench-ideas', 'alpha2025_one/o4-mini-2025-04-16/1'],
    ['literature', null, null],
    ['proposal', 'new-mlr-bench-proposals', 'alpha2025_one/claude-3-7-sonnet-20250219/1'],
    ['experiment', 'new-mlr-bench-experiments', 'alpha2025_one/claude/1'],
  ])
})

test('an import that is stopped, or finds a name taken, leaves nothing of its own behind', async () => {
  const stopped = new AbortController()
  const note = (line: string): void => {
    if (line.startsWith('mlr-bench-papers')) stopped.abort(new Error('interrupted'))
  }
  await expect(bring({ signal: stopped.signal, note })).rejects.toThrow('interrupted')
  expect(await readdir(logDir)).toEqual([])
  await mkdir(join(logDir, 'mlr-bench-papers'), { recursive: true })
  await writeFile(join(logDir, 'mlr-bench-papers/notes.txt'), 'mine')
  await expect(bring()).rejects.toThrow('is there and is no run')
  expect(await readdir(logDir)).toEqual(['mlr-bench-papers'])
  expect(await readFile(join(logDir, 'mlr-bench-papers/notes.txt'), 'utf8')).toBe('mine')
})

test('what a killed import left is swept away by the next one', async () => {
  const dead = ['nowhere', 'boot', '1', '1', 'cafe'].join('~')
  const own = (await import('../base/process.ts')).thisProcess()
  const killed = [own.host, 'an-earlier-boot', '1', '1', 'cafe'].join('~')
  await mkdir(join(logDir, `.mlr-bench-ideas.pull~${dead}/new`), { recursive: true })
  await mkdir(join(logDir, `.mlr-bench-ideas.pull~${killed}/new`), { recursive: true })
  await bring()
  // another machine's process may still live
  expect((await readdir(logDir)).filter((name) => name.startsWith('.'))).toEqual([`.mlr-bench-ideas.pull~${dead}`])
})

test.each([
  ['nothing at all', 'missing', 'there is nothing at'],
  ['a folder of something else', 'release/human_eval', 'none of the layouts'],
  ['a file that is no archive', 'release/LICENSE', 'cannot be read as a tar archive'],
])('%s is refused with what to do', async (_what, path, message) => {
  const refused = bring({ from: join(folder, path) })
  await expect(refused).rejects.toThrow(PrerequisiteError)
  await expect(refused).rejects.toThrow(message)
  expect(await readdir(logDir)).toEqual([])
})

test('an imported run is read like any other', async () => {
  await bring()
  const { record } = await readRun(logDir, 'mlr-bench-end2end-o4-mini')
  expect(record.imported?.trials).toEqual(['alpha2025_one/o4-mini/1', 'alpha2025_two/o4-mini/1'])
  expect(record.tasks[0]).toMatchObject({ id: 'alpha2025_one', title: 'Task alpha2025_one', source: 'folder' })
  expect(record.config.agents[0]).toMatchObject({
    kind: 'imported',
    system: 'MLR-Agent with Claude Code',
    models: { literature: 'openai/gpt-4o-search-preview-2025-03-11' },
  })
})

/** Every file with its time of writing. */
async function snapshot(root: string): Promise<[path: string, mtimeMs: number][]> {
  const files = await listFiles(root)
  return Promise.all(files.map(async ({ path }) => [path, (await stat(join(root, path))).mtimeMs]))
}

/** Every file's text, without times of import. */
async function contents(root: string): Promise<Record<string, string>> {
  const texts = await Promise.all(
    (await listFiles(root)).map(async ({ path }) => [path, await readFile(join(root, path), 'latin1')] as const),
  )
  return Object.fromEntries(
    texts.map(([path, text]) => [path, text.replaceAll(/"(createdAt|at)": ?"[^"]*"/g, '"$1":""')]),
  )
}
