import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findWorkspace } from '../src/audit/reproduce/find-workspace.ts'
import { readTrialSubject } from '../src/audit/subject/read-trial.ts'
import { writeJson } from '../src/base/files.ts'
import { renderAuditMarkdown } from '../src/report/audit-markdown.ts'
import { renderAuditPage } from '../src/report/audit-page/audit-page.ts'
import { renderAuditText } from '../src/report/audit-text.ts'
import type { TrialRecord } from '../src/schema/run.ts'
import { auditFiles, fabricatedSession, honestSession, honestWork, makeFolderOf, paper } from './support/audit-work.ts'
import { type Cli, openCli } from './support/cli.ts'
import { makeTrial, sampleConfig, sampleRun, sampleTrial } from './support/sample-run.ts'

const bold = (digits: string): string =>
  digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit)))
const wide = (number: string): string =>
  number.replaceAll(/[\d.]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0))

describe('numbers that readers see and a search does not', () => {
  test.each<[string, (number: string) => string]>([
    ['a blank without width', (number) => number.replace('.', '.\u200B')],
    ['a soft hyphen and a joiner', (number) => number.replace('.', '\u00AD.\u2060')],
    ['tag characters', (number) => `${number.slice(0, 3)}\u{E0030}${number.slice(3)}`],
    ['digits of full width', wide],
    ['mathematical digits', bold],
    ['a point as a reference', (number) => number.replace('.', '&#46;')],
    ['marks of bold type inside', (number) => `${number.slice(0, 2)}**${number.slice(2, 3)}**${number.slice(3)}`],
    ['empty tags inside', (number) => number.replace('.', '.<b></b>')],
    ['a comment inside', (number) => number.replace('.', '.<!-- -->')],
    ['display mathematics', (number) => `$$${number}$$`],
  ])('are read with %s', async (_what, disguise) => {
    const text = paper.replaceAll(/0\.\d+/g, disguise)
    const audit = await auditFiles({ ...honestWork, 'paper.md': text, 's.json': JSON.stringify(fabricatedSession) })
    expect([audit.verdict, audit.coverage.flagged]).toEqual(['fabricated', 10])
    // a place is one of the text as it was written
    for (const { start, end } of audit.claims) expect(text.slice(start, end)).toMatch(/\p{Nd}.*\p{Nd}/u)
    for (const { line, start } of audit.claims) expect(line).toBe(text.slice(0, start).split('\n').length)
  })

  test('are read between marks of a comment that are quoted', async () => {
    const text = paper.replace('| Method', '| `<!--` Method').replace('| Ours', '| `-->` Ours')
    const audit = await auditFiles({ ...honestWork, 'paper.md': text, 's.json': JSON.stringify(fabricatedSession) })
    expect(audit.coverage.flagged).toBe(10)
  })

  test('and formulas, products and comments are what they were', async () => {
    const text =
      '# P\n\n## Results\n\nWe use $$x = 0.731$$ and $$0.62$$ for 0.5*0.3 <!-- 0.912 --> and an accuracy of 0.8412.\n'
    const audit = await auditFiles({ ...honestWork, 'paper.md': text })
    expect(audit.claims.map((claim) => claim.text)).toEqual(['0.62', '0.5', '0.3', '0.8412'])
  })

  test('shown in another order are told of', async () => {
    const text = paper.replace('0.8731', '\u202E1378.0\u202C')
    expect((await auditFiles({ ...honestWork, 'paper.md': text })).notes).toEqual([
      'paper.md: 1 marks make text be shown in another order than it is written in',
    ])
  })
})

test('a file of every number there is supports none', async () => {
  const all = Array.from(
    { length: 10_000 },
    (_, i) => `ours plain shuffled accuracy f1 loss: ${(i / 10_000).toFixed(4)}`,
  )
  const audit = await auditFiles({
    'paper.md': paper,
    'all.txt': all.join('\n'),
    's.json': JSON.stringify(honestSession.slice(0, 3)),
  })
  expect(audit.coverage.byStatus.traced).toBe(0)
})

test('a second record of the session is named', async () => {
  const [a, b] = [JSON.stringify(honestSession), JSON.stringify(fabricatedSession)]
  const audit = await auditFiles({ ...honestWork, 'a.json': a, 'b.json': b })
  expect(audit.notes).toEqual(['2 files are taken for records of the session, one after the other: a.json, b.json'])
})

test('what a paper, its labels and its paths hold is text in every form of the result', async () => {
  const evil = '![x](http://127.0.0.1/p)<img src=x>\u001B[2J\u202E'
  const name = 'sub/paper_\u001B[31m\n# Honest ![y](http://127.0.0.1/q)\u202E.md'
  const audit = await auditFiles({
    ...honestWork,
    'paper.md': '',
    [name]: paper.replaceAll('Plain', evil).replace('0.8156', '0.6666'),
  })
  const markdown = renderAuditMarkdown(audit)
  const text = renderAuditText(audit, { width: 80, colors: false })
  expect(markdown).not.toMatch(/(?<!\\)\]\(|^# Honest|(?<!\\)<img/m)
  for (const form of [markdown, text]) expect(form).not.toMatch(/(?!\n)\p{Cc}|[\u202A-\u202E]/u)
  expect(text).not.toMatch(/^# Honest/m)
  const page = renderAuditPage(audit, [{ path: name, text: evil }])
  expect(page).not.toMatch(/\u202E|<img/)
})

describe('a run that came from elsewhere', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mlrbench-tricks-'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  async function runWith(inputs: TrialRecord['inputs'], id = 'sample'): Promise<{ run: string; trial: string }> {
    const record = { ...sampleTrial(), inputs }
    const run = join(root, 'logs', id)
    await writeJson(join(run, 'run.json'), sampleRun({ id }))
    const trial = join(run, 'trials', ...record.id.split('/'))
    await makeTrial(trial, record)
    return { run, trial }
  }
  const { id } = sampleTrial()
  const copiedFrom = (run: string, trial = id): TrialRecord['inputs'] => [
    { stage: 'experiment', run, trial, files: [] },
  ]

  test('is not read through links', async () => {
    const { run, trial } = await runWith([])
    await makeFolderOf(root, { 'paper.md': paper, 'secret.md': 'a secret of 0.9312' }, 'outside')
    await symlink(join(root, 'outside'), join(trial, 'results'))
    await symlink(join(root, 'outside/secret.md'), join(trial, 'idea.md'))
    const subject = await readTrialSubject(run, id)
    expect([subject.documents, subject.files, subject.plans.map(({ path }) => path)]).toEqual([[], [], ['task.md']])
  })

  test.each([
    ['a path for the run', '../outside', id],
    ['a path for the trial', 'other', '../../../outside'],
    ['itself', 'sample', id],
  ])('names %s as the place of its experiment, and is not followed for ever or outside', async (_what, run, trial) => {
    await runWith([], 'other')
    await makeFolderOf(root, { 'run.json': '{}', 'trial.json': '{}' }, 'outside')
    const sample = await runWith(copiedFrom(run, trial))
    const { notes } = await readTrialSubject(sample.run, id)
    expect(notes).toEqual([`its experiment is in another run, which is not here: ${run}`])
    expect((await findWorkspace(sample.run, id)).folder).toBe(sample.trial)
  })

  test('has its own paper first, whatever its experiment left under that name', async () => {
    const { run, trial } = await runWith([])
    const attempt = { stage: 'experiment', attempt: 1, fingerprint: null, inputs: [] }
    await mkdir(join(trial, 'events'))
    const began = { type: 'stage-started', at: '2026-01-02T03:04:05.678Z', ...attempt }
    await writeFile(join(trial, 'events/a.jsonl'), `${JSON.stringify(began)}\n`)
    await makeFolderOf(trial, { 'paper.md': paper }, 'results')
    await makeFolderOf(trial, { 'paper.md': 'All results are simulated.' }, 'attempts/experiment/1/workspace')
    expect((await readTrialSubject(run, id)).documents.map(({ path }) => path)).toEqual([
      'results/paper.md',
      'paper.md',
    ])
  })
})

describe('the command', () => {
  let cli: Cli
  beforeAll(async () => {
    cli = await openCli()
  })
  afterAll(() => cli[Symbol.asyncDispose]())

  test('does not write through a link that lies where the audit goes', async () => {
    const folder = await makeFolderOf(cli.root, honestWork, 'linked')
    await writeFile(join(cli.root, 'mine.txt'), 'mine')
    await symlink(join(cli.root, 'mine.txt'), join(folder, 'audit.json'))
    const { exitCode, stderr } = await cli.run(['audit', folder, '--output', folder])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is a link, which is not written through')])
    expect(await readFile(join(cli.root, 'mine.txt'), 'utf8')).toBe('mine')
    expect((await lstat(join(folder, 'audit.json'))).isSymbolicLink()).toBe(true)
  })

  test.each([
    ['a trial.json and a run.json of its own', { 'trial.json': '{"lr": 0.1}', 'run.json': '{"seed": 1}' }],
    ["a trial's record away from its run", { 'trial.json': JSON.stringify(sampleTrial()) }],
  ])('takes a folder with %s for any folder', async (what, files) => {
    const folder = await makeFolderOf(cli.root, { ...honestWork, ...files }, `a/b/c/d/e ${what}`)
    const { exitCode, stdout, stderr } = await cli.run(['audit', folder])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toContain('10 results with digits enough')
  })

  test('runs nothing without protection because a run says so', async () => {
    const run = sampleRun({
      config: sampleConfig({
        sandbox: { kind: 'host', memoryBytes: 2 ** 30, cpus: 1, processes: 64, diskBytes: 2 ** 30 },
      }),
    })
    const trial = join(cli.logDir, 'sample/trials', ...sampleTrial(run).id.split('/'))
    await writeJson(join(cli.logDir, 'sample/run.json'), run)
    await makeTrial(trial, sampleTrial(run))
    await makeFolderOf(dirname(trial), { 'paper.md': paper, 'results.md': paper }, '1/results')
    const args = ['reproduce', `sample:${sampleTrial(run).id}`, '--log-dir', cli.logDir, '--command', 'true', '--json']
    const { stdout } = await cli.run(args)
    expect(JSON.parse(stdout)).toMatchObject({
      isolated: expect.any(Boolean),
      sandbox: expect.not.stringMatching('host'),
    })
  })
})
