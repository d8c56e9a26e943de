import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeWhole } from '../src/base/files.ts'
import { readEvents } from '../src/runs/event-log.ts'
import { createRun, trialFolder } from '../src/runs/run-store.ts'
import { readComparisons } from '../src/runs/study-store.ts'
import type { PairwiseStudy, PairwiseTable } from '../src/schema/study.ts'
import { type Cli, type CliEnd, openCli } from './support/cli.ts'
import {
  type ProviderServer,
  startProviderServer,
  type WireReply,
  type WireRequest,
} from './support/provider-server.ts'
import { makeTrial, sampleConfig, sampleRun, sampleTrial, taskReference, taskText } from './support/sample-run.ts'

const usage = { input: 1_000, output: 100, costUsd: 0.01 }
const tasks = ['task_a', 'task_b', 'task_c', 'task_d']
/** Strength of each agent's paper on each task: none always wins, so that strengths are settled. */
const strengths: Readonly<Record<string, readonly number[]>> = {
  strong: [9, 9, 9, 5],
  middling: [5, 5, 5, 7],
  weak: [1, 6, 5, 1],
}
const models: Readonly<Record<string, string>> = {
  strong: 'anthropic/claude-3-7-sonnet-20250219',
  middling: 'openrouter/deepseek/deepseek-r1',
  weak: 'openrouter/mistral/ministral-8b',
}

type Pairwise = PairwiseStudy & { made: number; present: number }

let cli: Cli
let server: ProviderServer
let end: CliEnd
let study: Pairwise

const numbersIn = (text: string): number[] => [...text.matchAll(/quality: (\d+)/g)].map(([, number]) => Number(number))

function answer(request: WireRequest): WireReply {
  const [first = 0, second = 0] = numbersIn(request.text)
  const better = first === second ? 'tie' : first > second ? 'first' : 'second'
  const winner = { fair: better, 'first-lover': 'first', lost: 'neither' }[request.model.replace(/^.*\//, '')]
  const text = JSON.stringify({ reason: 'The numbers say so.', winner })
  return { kind: 'message', text, usage, chunkCharacters: 4_000 }
}

async function makeRun(id: string, names: readonly string[]): Promise<void> {
  const agents = names.map((name) => {
    const model = models[name] ?? ''
    return { name, model, searchModel: model, coder: { kind: 'bash-loop', model } }
  })
  const record = sampleRun({ id, config: sampleConfig({ agents }), tasks: tasks.map(taskReference) })
  const folder = await createRun(cli.logDir, record, new Map(tasks.map((task) => [task, taskText])))
  for (const [index, task] of record.tasks.entries())
    for (const agent of record.config.agents) {
      const trial = `${task.id}/${agent.name}/1`
      const at = trialFolder(folder, trial)
      await makeTrial(at, { ...sampleTrial(record), id: trial, agent, task })
      const model = agent.kind === 'mlr-agent' ? agent.model.model : ''
      const paper = `# A paper\n\nWritten by ${model.replace(/^.*\//, '')}.\n\nquality: ${strengths[agent.name]?.[index]}\n`
      await writeWhole(join(at, 'results/paper.md'), paper)
    }
}

const pairwise = (judge: string, ...more: string[]): string[] => {
  const run = ['judge', 'two', 'one', '--pairwise', '--judge', judge, '--log-dir', cli.logDir]
  const urls = [`anthropic=${server.origin}/v1`, `openrouter=${server.origin}/api/v1`]
  return [...run, ...urls.flatMap((url) => ['--provider-url', url]), ...more]
}

beforeAll(async () => {
  cli = await openCli()
  server = await startProviderServer(answer)
  await makeRun('one', ['strong'])
  await makeRun('two', ['middling', 'weak'])
  end = await cli.run(pairwise('anthropic/fair,openrouter/x/first-lover,openrouter/x/lost', '--json'))
  study = JSON.parse(end.stdout) as Pairwise
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await cli[Symbol.asyncDispose]()
})

const table = (judge: string | null): PairwiseTable | undefined => study.tables.find((own) => own.judge === judge)

test('agents of several runs are compared on every task in both orders; what fails is an error and no tie', async () => {
  expect(end.exitCode).toBe(1)
  // three pairs, four tasks, two orders, for each of the judges
  expect(study).toMatchObject({ made: 48, present: 0, agents: ['middling', 'weak', 'strong'] })
  expect(study.failed).toHaveLength(24)
  expect(new Set(study.failed.map(({ judge, code }) => `${judge} ${code}`))).toEqual(
    new Set(['openrouter/x/lost invalid-comparison']),
  )
  expect(study.tables.map(({ judge }) => judge)).toEqual(['anthropic/fair', 'openrouter/x/first-lover', null])
  const { events } = await readEvents(join(cli.logDir, 'two', 'events'))
  expect(events.filter(({ type }) => type === 'comparison-failed')).toHaveLength(24)
  // three tries, each with a repair, where nothing holds the answer to its form
  const asked = server.requests.filter(({ model }) => model === 'x/lost')
  expect(asked).toHaveLength(24 * 6)
})

test('a fair judge gives the win rates and the order of strengths that are true, whatever the order shown', () => {
  const fair = table('anthropic/fair')
  expect(fair?.winRates.map(({ a, b, wins, ties, losses }) => [a, b, wins, ties, losses])).toEqual([
    ['middling', 'strong', 2, 0, 6],
    ['middling', 'weak', 4, 2, 2],
    ['strong', 'weak', 8, 0, 0],
  ])
  expect(fair?.winRates[1]).toMatchObject({ rate: 0.625, tasks: 4 })
  const order = fair?.strengths.toSorted((a, b) => (b.strength ?? 0) - (a.strength ?? 0)).map(({ agent }) => agent)
  expect(order).toEqual(['strong', 'middling', 'weak'])
  expect(fair?.tiePropensity).toBeGreaterThan(0)
  expect(fair?.orderFlips).toMatchObject({ pairs: 12, rate: 0, reversedRate: 0, firstPreference: 0 })
})

test('a judge that likes the first place is caught by its order flips', () => {
  expect(table('openrouter/x/first-lover')?.orderFlips).toEqual({
    pairs: 12,
    rate: 1,
    interval: { lo: 1, hi: 1, undefinedResamples: 0 },
    reversedRate: 1,
    firstPreference: 1,
  })
  expect(table(null)?.orderFlips).toMatchObject({ pairs: 24, rate: 0.5 })
})

test('the works are shown without names, each behind its fence, with their common task once', () => {
  const [request] = server.requests.filter(({ api }) => api === 'anthropic-messages')
  expect(request?.schema).not.toBeNull()
  expect(request?.text.match(/work="both" label="task"/g)).toHaveLength(1)
  expect(request?.text.match(/work="(first|second)" label="subject: paper"/g)).toHaveLength(2)
  for (const name of ['claude-3-7-sonnet', 'deepseek-r1', 'ministral-8b'])
    for (const { text } of server.requests) expect(text).not.toContain(name)
})

test('later only what failed is asked for; agents can be chosen', async () => {
  const asked = server.requests.length
  const again = (await cli.json(pairwise('anthropic/fair', '--agents', 'strong,weak'))) as Pairwise
  expect(again).toMatchObject({ made: 0, present: 8, failed: [], agents: ['weak', 'strong'] })
  expect(server.requests).toHaveLength(asked)
  expect(await readComparisons(join(cli.logDir, 'one'))).toHaveLength(16)
  const text = await cli.run(pairwise('anthropic/fair'))
  expect(text.stdout).toContain('Order flips: 0 % [0 %, 0 %] of 12 pairs')
})

test.each([
  [['--agents', 'strong,nobody'], 'no agent "nobody"; there are: middling, weak, strong'],
  [['--stage', 'idea,paper'], 'give one rubric'],
  [['--stage', 'hallucination'], 'has no criteria to compare by'],
])('%j is refused: %s', async (args, message) => {
  const refused = await cli.run(pairwise('anthropic/fair', ...args))
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining(message)])
})
