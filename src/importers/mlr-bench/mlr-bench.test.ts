import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { miniRelease, writeFiles } from '../../../test/support/mini-release.ts'
import { sha256 } from '../../base/hash.ts'
import { judgeTrial } from '../../judges/judge-trial.ts'
import { openJudge } from '../../judges/index.ts'
import { loadRubric } from '../../rubrics/rubric.ts'
import { readEvents } from '../../runs/event-log.ts'
import { readHumanReviews } from '../../runs/human-store.ts'
import { readReviews } from '../../runs/review-store.ts'
import { readTrialRecord, readTrialState } from '../../runs/trial-store.ts'
import type { Review } from '../../schema/review.ts'
import { importAll } from '../import-all.ts'

let folder: string
const trialOf = (run: string, trial: string): string => join(folder, 'logs', run, 'trials', trial, '1')
const whole = (): string => trialOf('mlr-bench-end2end-o4-mini', 'alpha2025_one/o4-mini')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-release-'))
  await writeFiles(join(folder, 'release'), miniRelease())
  await importAll({
    from: join(folder, 'release'),
    logDir: join(folder, 'logs'),
    format: null,
    options: { prefix: '', agent: null },
    versions: {},
    signal: new AbortController().signal,
    note: () => undefined,
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a stage is done where its artefact is, and the others are not told of', async () => {
  const all = await readTrialState(whole())
  expect(Object.entries(all.stages).map(([stage, { status }]) => [stage, status])).toEqual(
    ['idea', 'literature', 'proposal', 'experiment', 'paper'].map((stage) => [stage, 'done']),
  )
  const part = await readTrialState(trialOf('mlr-bench-end2end-o4-mini', 'alpha2025_two/o4-mini'))
  expect(Object.keys(part.stages)).toEqual(['idea', 'literature', 'proposal'])
})

test('files keep their bytes, whatever they hold, and stand where the coder left them', async () => {
  const release = miniRelease()
  const source = 'agent_results/end2end_o4-mini/alpha2025_one/'
  for (const path of [
    'results/results.md',
    'results/odd.json',
    'results/not-text.csv',
    'claude_code/empty.log',
    'README.md',
  ]) {
    const copy = await readFile(join(whole(), 'attempts/experiment/1/workspace', path))
    expect(copy.equals(Buffer.from(release[`${source}${path}`] ?? 'missing'))).toBe(true)
  }
  expect(await readdir(join(whole(), 'results'))).toEqual(['not-text.csv', 'odd.json', 'paper.md', 'results.md'])
  const raw = await readFile(join(whole(), 'attempts/experiment/1/transcript.claude_output.json'), 'utf8')
  expect(raw).toBe(release[`${source}claude_output.json`])
})

test('tokens and published prices give the costs; the session stands for the calls of the coder', async () => {
  const { spending, spendingByStage, stages } = await readTrialState(whole())
  // 1,000 tokens in, 100 out
  expect(spendingByStage.idea?.costUsd).toBeCloseTo((1000 * 1.1 + 100 * 4.4) / 1e6, 12)
  expect(spendingByStage.literature?.costUsd).toBeCloseTo((1000 * 2.5 + 100 * 10) / 1e6, 12)
  // the caches' tokens are input too
  expect(spendingByStage.paper?.usage).toMatchObject({ inputTokens: 150, cachedReadTokens: 30, cachedWriteTokens: 20 })
  expect(spendingByStage.experiment).toMatchObject({ calls: 2, costUsd: 0.75, usage: { outputTokens: 80 } })
  expect(stages.experiment?.durationMs).toBe(1500)
  expect(spending.calls).toBe(6)
})

test('what the coder did is told by events, relative to its workspace', async () => {
  const { events, unreadable } = await readEvents(join(whole(), 'events'))
  expect(unreadable).toEqual([])
  const written = events.find((event) => event.type === 'file-written')
  expect(written).toMatchObject({ path: 'claude_code/main.py', sha256: sha256('x') })
  const finished = events.find((event) => event.type === 'stage-finished' && event.stage === 'experiment')
  expect(finished).toMatchObject({ fingerprint: null })
  expect(events.map(({ type }) => type).filter((type) => type === 'coder-finished')).toHaveLength(1)
})

test('reviews of every shape come with their view, judge and subject', async () => {
  const reviews = await readReviews(join(folder, 'logs/mlr-bench-end2end-o4-mini'))
  const summary = ({ rubric, view, judge, confidence, overall, flag, findings }: Review): unknown[] => [
    rubric.id,
    view,
    judge.name,
    confidence,
    overall?.score ?? null,
    flag?.value ?? null,
    findings?.map(({ type }) => type) ?? null,
  ]
  const judge = 'anthropic/claude-3-7-sonnet-20250219'
  expect(reviews.map(summary).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
    ['end-to-end', 'full', judge, 4, 5, null, null],
    ['end-to-end', 'no-code', judge, 3, 5, null, null],
    ['hallucination', 'full', judge, 4, null, true, ['mathematical-error']],
  ])
  for (const { subject } of reviews)
    expect(subject).toEqual({ path: 'results/paper.md', sha256: sha256('a paper with 日本'), characters: 15 })
  const [experiment] = await readReviews(join(folder, 'logs/mlr-bench-experiments'))
  expect(experiment).toMatchObject({
    subject: { path: 'attempts/experiment/1/transcript.md' },
    flag: { id: 'fabrication', value: false, details: 'none seen' },
    scores: { insightfulness: { score: 8 } },
    usage: { inputTokens: null },
    tries: null,
  })
})

test('rows of people are reviews of the right trial, empty cells left out, equal rows told apart', async () => {
  const reviews = await readHumanReviews(join(folder, 'logs/mlr-bench-end2end-o4-mini'))
  const rows = reviews.toSorted((a, b) => (a.imported?.line ?? 0) - (b.imported?.line ?? 0))
  const marks = { reviewer: '1', scores: { novelty: 6, clarity: 7, significance: 3 }, overall: 4, labels: {} }
  expect(rows).toMatchObject([
    { rubric: 'end-to-end', imported: { line: 2 }, ...marks },
    {
      rubric: 'hallucination',
      imported: { line: 2 },
      reviewer: null,
      labels: { 'faked-result': 'yes', 'hallucinated-methodology': 'not-sure', 'nonexistent-citation': 'no' },
    },
    { rubric: 'end-to-end', imported: { line: 3 }, ...marks },
  ])
})

test('given texts are traced to the trial that wrote them, and are not judged again', async () => {
  const trial = trialOf('mlr-bench-proposals', 'alpha2025_two/o4-mini-2025-04-16')
  expect((await readTrialRecord(trial)).inputs).toMatchObject([
    { stage: 'idea', run: 'mlr-bench-ideas', trial: 'alpha2025_two/o4-mini-2025-04-16/1' },
    { stage: 'literature', run: null, trial: null, files: [{ path: 'related_work.md' }] },
  ])
  const judge = openJudge({ kind: 'rule', name: 'scripted/form-check' })
  const outcomes: string[] = []
  for (const id of ['idea', 'proposal'])
    outcomes.push(
      (
        await judgeTrial(
          {
            runFolder: join(folder, 'logs/mlr-bench-proposals'),
            trialId: 'alpha2025_two/o4-mini-2025-04-16/1',
            trialFolder: trial,
            rubric: await loadRubric(id),
            judge,
            view: 'full',
            repeat: 1,
          },
          { models: noModels, failures: new Map(), append: () => undefined, signal: new AbortController().signal },
        )
      ).status,
    )
  expect(outcomes).toEqual(['nothing-to-judge', 'reviewed'])
})

const noModels = {
  call: () => Promise.reject(new Error('rules call no model')),
} as unknown as Parameters<typeof judgeTrial>[1]['models']
