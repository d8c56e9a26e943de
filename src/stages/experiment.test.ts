import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCalls } from '../../test/support/model-calls.ts'
import { startProviderServer, type WireReply } from '../../test/support/provider-server.ts'
import { makeTrial, sampleConfig, sampleRun, sampleTrial } from '../../test/support/sample-run.ts'
import { writeWhole } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import { defaultLimits } from '../sandboxes/index.ts'
import { type SandboxSpec, sandboxSpecSchema } from '../schema/config.ts'
import type { NewEvent, RunEvent } from '../schema/event.ts'
import { unknownUsage } from '../schema/usage.ts'
import { openTrial } from '../runs/trial-store.ts'
import { experimentStage } from './experiment.ts'
import { runStage } from './run-stage.ts'
import type { StageOutcome } from './stage.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiment-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const sandbox: SandboxSpec = sandboxSpecSchema.parse({ kind: 'host', ...defaultLimits })
const usage = { input: 1_000, output: 1_000 }
const given = {
  'task.md': 'the task',
  'idea.md': 'the idea',
  'related_work.md': 'the literature',
  'proposal.md': 'the proposal',
}

interface Played {
  readonly outcome: StageOutcome
  readonly events: RunEvent[]
  readonly asked: string[]
}

/** An experiment whose model says these things in turn: a command, or last words. */
async function play(
  script: readonly (string | { words: string })[],
  coder: Record<string, unknown> = {},
): Promise<Played> {
  const model = 'openai/gpt-4o-mini'
  const agents = [{ name: 'alpha', model, searchModel: model, coder: { kind: 'bash-loop', model, ...coder } }]
  const config = sampleConfig({ agents })
  const [agent] = config.agents
  if (agent === undefined) throw new Error('the sample has an agent')
  await makeTrial(folder, sampleTrial(sampleRun({ config })))
  for (const [path, text] of Object.entries(given)) await writeWhole(join(folder, path), text)
  await using server = await startProviderServer(({ toolResults }): WireReply => {
    const said = script[toolResults] ?? { words: 'DONE' }
    if (typeof said !== 'string') return { kind: 'message', text: said.words, usage }
    return { kind: 'message', text: '', usage, toolCalls: [{ name: 'bash', arguments: { command: said } }] }
  })
  const { models } = openCalls(server.origin)
  using trial = await openTrial(folder)
  const { signal } = new AbortController()
  const { experimentModels } = config
  const context = { trial, agent, models, sandbox, experimentModels, retryFailed: true, signal }
  const outcome = await runStage(experimentStage, context)
  return { outcome, events: [...trial.events], asked: server.requests.map(({ text }) => text) }
}

const report = 'mkdir -p results && seq 1 20 > results/results.md'

const where = { stage: 'experiment' as const, attempt: 1 }
/** An attempt that has cost two thirds of a cent. */
const paid: NewEvent[] = [
  { type: 'stage-started', ...where, fingerprint: 'f'.repeat(64), inputs: [] },
  {
    type: 'model-called',
    callId: 'earlier',
    purpose: { kind: 'stage', ...where, step: 1 },
    model: 'openai/gpt-4o-mini',
    responseModel: null,
    usage: unknownUsage,
    costUsd: 0.0067,
    latencyMs: 1,
    finishReason: 'stop',
    retries: 0,
    cache: 'off',
  },
]
const ended: NewEvent = { type: 'stage-failed', ...where, code: 'no-results', message: 'none', durationMs: 1 }

describe('an experiment', () => {
  test('starts from the four files, and its results, environment and transcript are its outputs', async () => {
    const { outcome, events, asked } = await play([
      'cat *.md; ls',
      `${report}; ls -l > results/log.txt`,
      { words: 'DONE. All of it.' },
    ])
    expect(outcome).toEqual({ status: 'done', reused: false })
    expect(asked[1]).toContain('the ideathe proposalthe literaturethe task')
    expect(asked[1]).toContain('idea.md\nproposal.md\nrelated_work.md\ntask.md\n')
    const finished = events.find((event) => event.type === 'stage-finished')
    expect(finished?.outputs.map(({ path }) => path)).toEqual([
      'results/results.md',
      'results/log.txt',
      'environment.json',
      'attempts/experiment/1/transcript.md',
    ])
    for (const { path, sha256: hash } of finished?.outputs ?? [])
      expect(sha256(await readFile(join(folder, path)))).toBe(hash)
    const transcript = await readFile(join(folder, 'attempts/experiment/1/transcript.md'), 'utf8')
    for (const part of ['cat *.md; ls', 'the idea', 'DONE. All of it.']) expect(transcript).toContain(part)
  })

  test('says that the host does not isolate, and what machine it ran on', async () => {
    const { events } = await play([report])
    expect(events.find(({ type }) => type === 'sandbox-opened')).toMatchObject({ sandbox: 'host', isolated: false })
    const environment: unknown = JSON.parse(await readFile(join(folder, 'environment.json'), 'utf8'))
    expect(environment).toMatchObject({
      sandbox: { kind: 'host', isolated: false },
      coder: { kind: 'bash-loop', version: null },
      node: process.version,
    })
  })

  test('without a report has failed, and keeps what it left', async () => {
    const { outcome, events } = await play([
      'mkdir results && echo 1 > results/metrics.json',
      { words: 'Nothing\u001b[2J\nworked.' },
    ])
    expect(outcome).toEqual({
      status: 'failed',
      code: 'no-results',
      message: 'the coder left no results/results.md (done after 2 steps: Nothing [2J worked.)',
    })
    expect(await readFile(join(folder, 'results/metrics.json'), 'utf8')).toBe('1\n')
    expect(events.find(({ type }) => type === 'coder-finished')).toMatchObject({ ending: 'done', steps: 2 })
  })

  test.each([
    'touch results/results.md',
    'mkdir results/results.md',
    'ln -s ../task.md results/results.md',
    'mkfifo results/results.md',
  ])('does not get by with %s', async (command) => {
    const { outcome } = await play([`mkdir -p results && ${command}`])
    expect(outcome).toMatchObject({ status: 'failed', code: 'no-results' })
  })

  test('names in its events what it did not take over', async () => {
    const { outcome, events } = await play([`${report}; ln -s /etc/passwd results/users.csv`])
    expect(outcome.status).toBe('done')
    expect(events.filter(({ type }) => type === 'file-refused')).toEqual([
      expect.objectContaining({ path: 'results/users.csv', reason: 'a link, not a file' }),
    ])
    expect(await readdir(join(folder, 'results'))).toEqual(['results.md'])
  })

  test('is not done anew while nothing has changed, and is with another limit', async () => {
    await play([report])
    expect((await play([report])).outcome).toEqual({ status: 'done', reused: true })
    expect((await play([report], { maxSteps: 7 })).outcome).toEqual({ status: 'done', reused: false })
    expect(await readdir(join(folder, 'attempts/experiment'))).toEqual(['1', '2'])
  })

  test('finds a clean workspace even where a folder of its attempt is left that no event tells of', async () => {
    await mkdir(join(folder, 'attempts/experiment/1/workspace/results'), { recursive: true })
    await writeFile(
      join(folder, 'attempts/experiment/1/workspace/results/results.md'),
      'left over from before the power cut',
    )
    expect((await play(['true'])).outcome).toMatchObject({ status: 'failed', code: 'no-results' })
  })

  // a call of this model is bounded by a cent for its output, and costs a tenth of that here
  const limited = { maxCostUsd: 0.0105 }

  test('ends at its own limit on dollars', async () => {
    const { outcome, events } = await play(['true', 'true'], limited)
    expect(outcome).toMatchObject({
      message: expect.stringContaining('cost-limit after 1 step: cost-limit') as string,
    })
    expect(events.filter(({ type }) => type === 'model-called')).toHaveLength(1)
  })

  test.each([
    ['an interrupted attempt counts', [], 'cost-limit after 0 steps'],
    ['one that came to its end does not', [ended], 'cost-limit after 1 step'],
  ])('what %s against that limit', async (_name, afterwards, message) => {
    await makeTrial(folder)
    {
      using trial = await openTrial(folder)
      for (const event of [...paid, ...afterwards]) trial.append(event)
    }
    expect((await play(['true', 'true'], limited)).outcome).toMatchObject({
      message: expect.stringContaining(message) as string,
    })
  })
})
