import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listFiles, writeWhole } from '../src/base/files.ts'
import { sha256File } from '../src/base/hash.ts'
import { readEvents } from '../src/runs/event-log.ts'
import { readReviews } from '../src/runs/review-store.ts'
import { trialFolder } from '../src/runs/run-store.ts'
import { readTrialState } from '../src/runs/trial-store.ts'
import { detectSandbox } from '../src/sandboxes/index.ts'
import type { RunEvent } from '../src/schema/event.ts'
import { stages } from '../src/schema/stage.ts'
import { type Cli, loopbackOnly, openCli } from './support/cli.ts'
import {
  type ProviderServer,
  startProviderServer,
  type WireReply,
  type WireRequest,
} from './support/provider-server.ts'

const backbone = 'openai/o4-mini'
const coder = 'anthropic/claude-sonnet-4-20250514'
const judges = [backbone, coder]
const rubrics = ['idea', 'paper']
const trial = 'letters/o4-mini/1'
const usage = { input: 1_000, output: 200 }

/** Nobody else runs a command with this duration, so that its process can be told from all others. */
const pause = '1.0613'
const commands = [
  `cat > measure.mjs <<'END'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const counts = {}
for (const file of ['task.md', 'idea.md', 'related_work.md', 'proposal.md'])
  for (const letter of readFileSync(file, 'utf8').toLowerCase().match(/[a-z]/g)) counts[letter] = (counts[letter] ?? 0) + 1
const ranking = Object.entries(counts).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
mkdirSync('results', { recursive: true })
writeFileSync('results/metrics.json', JSON.stringify(counts))
writeFileSync('results/results.md', ['# Results', '', '| letter | count |', '|---|---|', ...ranking.map((row) => '| ' + row.join(' | ') + ' |'), ''].join('\\n'))
console.log('most frequent: ' + ranking[0].join(' '))
END`,
  `touch started && sleep ${pause} && node measure.mjs`,
]

type Question = 'idea' | 'literature' | 'proposal' | 'paper' | 'review' | `coder ${number}`

function questionOf({ text, tools, toolResults }: WireRequest): Question {
  if (tools.includes('bash')) return `coder ${toolResults}`
  if (text.includes('<<<evidence')) return 'review'
  if (text.includes('<results>')) return 'paper'
  if (text.includes('<related_work>')) return 'proposal'
  return text.includes('<idea>') ? 'literature' : 'idea'
}

function answerTo(request: WireRequest): WireReply {
  const question = questionOf(request)
  if (question === 'review') return { kind: 'message', text: JSON.stringify(example(request.schema)), usage }
  const command = question.startsWith('coder') ? commands[request.toolResults] : undefined
  if (command !== undefined)
    return { kind: 'message', text: 'Next.', usage, toolCalls: [{ name: 'bash', arguments: { command } }] }
  return { kind: 'message', text: `# On letters\n\nThis is the ${question}: vowels first.\n`, usage }
}

/** A value of a JSON schema: no list has items, and what may be null is. */
function example(schema: unknown): unknown {
  const {
    type,
    properties = {},
    enum: choices,
    anyOf,
  } = schema as {
    type?: string
    properties?: Record<string, unknown>
    enum?: unknown[]
    anyOf?: unknown[]
  }
  if (anyOf) return anyOf.some((one) => (one as { type?: string }).type === 'null') ? null : example(anyOf[0])
  if (choices) return choices[0]
  if (type === 'object')
    return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, example(inner)]))
  if (type === 'array') return []
  if (type === 'boolean') return false
  return type === 'integer' || type === 'number' ? 4 : 'as the text shows'
}

/** The request as the model sees it; identifiers count the server's requests and differ from run to run. */
const contentOf = ({ body }: WireRequest): string => JSON.stringify(body).replaceAll(/_[0-9a-f]{24}/g, '_id')

interface Ended {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stderr: string
}

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** One provider and one folder of runs, for processes that come and go. */
interface Place extends AsyncDisposable {
  readonly cli: Cli
  readonly server: ProviderServer
  /** Requests that were answered in full. */
  readonly answered: WireRequest[]
  /** The next question of this kind waits; resolves when it has come, to what lets the answer go. */
  hold(question: Question): Promise<() => void>
  start(...args: string[]): Started
}

async function openPlace(): Promise<Place> {
  const cli = await openCli()
  const answered: WireRequest[] = []
  let awaited: { question: Question; arrived: (release: () => void) => void } | null = null
  const children: ChildProcess[] = []
  const server = await startProviderServer(async (request) => {
    if (awaited?.question === questionOf(request)) {
      const { arrived } = awaited
      awaited = null
      await new Promise<void>((resolve) => arrived(resolve))
    }
    answered.push(request)
    return answerTo(request)
  })
  for (const name of ['letters', 'words'])
    await writeWhole(
      join(cli.root, 'tasks', name, 'task.md'),
      `# Count ${name}\n\nWhich of the ${name} is the most frequent?\n`,
    )
  return {
    cli,
    server,
    answered,
    hold: (question) => new Promise((arrived) => (awaited = { question, arrived })),
    start(...args) {
      const env = { PATH: process.env['PATH'] ?? '', HOME: join(cli.root, 'home'), ...loopbackOnly, ...cli.keys }
      const main = join(import.meta.dirname, '../src/cli/main.ts')
      const child = spawn(process.execPath, [main, ...args, '--log-dir', cli.logDir], {
        cwd: cli.root,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      children.push(child)
      const told = readText(child.stderr)
      const ended = once(child, 'exit').then(async ([exitCode, signal]) => ({
        exitCode: exitCode as number | null,
        signal: signal as string | null,
        stderr: await told,
      }))
      return { child, ended }
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL')
      await server[Symbol.asyncDispose]()
      await cli[Symbol.asyncDispose]()
    },
  }
}

/** For nine processes one after another, on a machine that has other work as well. */
const longestMs = 180_000

let sandbox = ''
const runArguments = ({ cli, server }: Place, ...more: string[]): string[] =>
  ['run', '--name', 'run', '--model', backbone, '--tasks-dir', join(cli.root, 'tasks')]
    .concat('--provider-url', `openai=${server.origin}/v1`, '--provider-url', `anthropic=${server.origin}/v1`)
    .concat(more)
const wholeRun = (place: Place): string[] =>
  runArguments(place, '--task', 'letters', '--coder-model', coder)
    .concat('--judge', judges.join(','), '--rubric', rubrics.join(','))
    .concat('--sandbox', sandbox, '--memory-gb', '1', '--cpus', '1')

const runFolder = ({ cli }: Place): string => join(cli.logDir, 'run')
const eventsOf = async (place: Place, id = trial): Promise<RunEvent[]> =>
  (await readEvents(join(trialFolder(runFolder(place), id), 'events'))).events
const finishedStages = async (place: Place): Promise<string[]> =>
  (await eventsOf(place)).flatMap((event) => (event.type === 'stage-finished' ? [event.stage] : []))

/** Until the second command runs in this attempt. */
async function commandRuns(place: Place, attempt: number): Promise<void> {
  const path = join(trialFolder(runFolder(place), trial), `attempts/experiment/${attempt}/workspace/started`)
  while ((await stat(path).catch(() => null)) === null) await sleep(10)
}

/** Processes of the second command that are still there. */
async function strayProcesses(): Promise<string[]> {
  const found: string[] = []
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const [state, commandLine] = await Promise.all(
      ['stat', 'cmdline'].map((file) => readFile(join('/proc', name, file), 'utf8').catch(() => '')),
    )
    if (commandLine?.includes(pause) && !state?.includes(') Z ')) found.push(commandLine)
  }
  return found
}

/** What a run has made, by path: everything but what tells of times, processes and attempts. */
async function artefactsOf(place: Place): Promise<Record<string, string>> {
  const folder = trialFolder(runFolder(place), trial)
  const files = (await listFiles(folder)).filter(
    ({ path }) => !/^(?:attempts|events)\/|^(?:lease|state|trial)\.json/.test(path),
  )
  const hashed = await Promise.all(files.map(async ({ path }) => [path, await sha256File(join(folder, path))] as const))
  const attempts = await readdir(join(folder, 'attempts/experiment'))
  const last = join(folder, 'attempts/experiment', attempts.toSorted().at(-1) ?? '')
  const reviews = await readReviews(runFolder(place))
  const marks = reviews.map(({ id, scores, overall, evidence, usage: used }) => [
    `review ${id}`,
    JSON.stringify([scores, overall, evidence, used]),
  ])
  return {
    ...Object.fromEntries(hashed),
    ...Object.fromEntries(marks),
    transcript: await sha256File(join(last, 'transcript.md')),
  }
}

beforeAll(async () => {
  sandbox = (await detectSandbox()) ?? 'host'
})

describe('a run that is left alone, killed in every stage, or interrupted', () => {
  let alone: Place
  let killed: Place
  const kills: (string | null)[] = []
  const ends: Ended[] = []

  beforeAll(async () => {
    const [first, second] = await Promise.all([openPlace(), openPlace()])
    alone = first
    killed = second
    const undisturbed = alone.start(...wholeRun(alone)).ended
    const killWhen = async (moment: Promise<unknown>, ...args: string[]): Promise<void> => {
      const { child, ended } = killed.start(...args)
      await moment
      child.kill('SIGKILL')
      kills.push((await ended).signal)
    }
    await killWhen(killed.hold('idea'), ...wholeRun(killed))
    for (const question of ['literature', 'proposal'] as const) await killWhen(killed.hold(question), 'resume', 'run')
    await killWhen(commandRuns(killed, 1), 'resume', 'run')
    for (const question of ['coder 2', 'paper'] as const) await killWhen(killed.hold(question), 'resume', 'run')
    const otherReviews = killed.hold('review').then(async () => {
      while ((await readReviews(runFolder(killed))).length < judges.length * rubrics.length - 1) await sleep(10)
    })
    await killWhen(otherReviews, 'resume', 'run')
    ends.push(await killed.start('resume', 'run').ended, await undisturbed)
  }, longestMs)

  afterAll(async () => {
    await alone[Symbol.asyncDispose]()
    await killed[Symbol.asyncDispose]()
  })

  test('was really killed each time, and comes to its end like the other', () => {
    expect(ends).toEqual(
      ends.map(() => ({ exitCode: 0, signal: null, stderr: expect.stringContaining(trial) as string })),
    )
    expect(kills).toEqual(Array.from({ length: 7 }, () => 'SIGKILL'))
    expect(killed.server.requests.length - killed.answered.length).toBe(6)
  })

  test('comes to the same artefacts, byte for byte', async () => {
    const artefacts = await artefactsOf(killed)
    expect(Object.keys(artefacts)).toEqual(
      expect.arrayContaining(['idea.md', 'results/metrics.json', 'results/paper.md']),
    )
    expect(Object.keys(artefacts).filter((name) => name.startsWith('review'))).toHaveLength(4)
    expect(artefacts).toEqual(await artefactsOf(alone))
  })

  test('finishes each stage once', async () => {
    expect(await finishedStages(killed)).toEqual([...stages])
  })

  test('gets each answer once: nothing finished is asked again, and nothing else is asked', () => {
    const contents = killed.answered.map(contentOf).toSorted()
    expect(new Set(contents).size).toBe(contents.length)
    expect(contents).toEqual(alone.answered.map(contentOf).toSorted())
  })

  test('keeps the attempts that were killed', async () => {
    const folder = join(trialFolder(runFolder(killed), trial), 'attempts/experiment')
    expect(await readdir(folder)).toEqual(['1', '2', '3'])
    const events = await eventsOf(killed)
    const commandsOf = (attempt: number) =>
      events.filter((event) => event.type === 'command-executed' && event.attempt === attempt).length
    expect([1, 2, 3].map(commandsOf)).toEqual([1, 2, 2])
  })

  test('counts what was paid, for killed attempts as well, and counts it once', async () => {
    const [state, reference] = await Promise.all(
      [killed, alone].map((place) => readTrialState(trialFolder(runFolder(place), trial))),
    )
    expect(state?.spending).toEqual({ ...reference?.spending })
    const calls = killed.answered.filter((request) => questionOf(request) !== 'review').length
    expect(state?.spending.calls).toBe(calls)
    expect(state?.spending.usage.inputTokens).toBe(calls * usage.input)
    expect(state?.spending.costUsd).toBeGreaterThan(0)
    const paidFirst = (await eventsOf(killed)).filter(
      (event) => event.type === 'model-called' && event.cache === 'miss' && event.purpose.attempt === 1,
    )
    // idea, literature, proposal and paper, and the two answers of the first experiment
    expect(paidFirst).toHaveLength(6)
  })

  test('leaves nothing held', async () => {
    const folder = trialFolder(runFolder(killed), trial)
    expect((await readdir(folder)).filter((name) => name.startsWith('lease'))).toEqual([])
  })

  test('once finished, asks nothing more when it is resumed', async () => {
    const before = killed.server.requests.length
    expect((await killed.start('resume', 'run').ended).exitCode).toBe(0)
    expect(killed.server.requests.length).toBe(before)
  })
})

test('Ctrl-C ends a run with 130 and its commands with it; what was finished is kept, and resume does the rest', async () => {
  await using place = await openPlace()
  const { child, ended } = place.start(...wholeRun(place))
  await commandRuns(place, 1)
  child.kill('SIGINT')
  const { exitCode, stderr } = await ended
  expect(exitCode).toBe(130)
  expect(stderr).toContain('Stopping; what is finished is kept.')
  expect(await strayProcesses()).toEqual([])
  expect(await finishedStages(place)).toEqual(['idea', 'literature', 'proposal'])
  expect(await readdir(trialFolder(runFolder(place), trial))).not.toContain('lease.json')

  expect((await place.start('resume', 'run').ended).exitCode).toBe(0)
  expect(await finishedStages(place)).toEqual([...stages])
  const contents = place.answered.map(contentOf)
  expect(new Set(contents).size).toBe(contents.length)
  expect(await readReviews(runFolder(place))).toHaveLength(4)
})

test('two processes on one run share its trials, and work on none together', async () => {
  await using place = await openPlace()
  const held = place.hold('idea')
  const first = place.start(...runArguments(place, '--task', 'letters,words', '--stages', 'idea', '--concurrency', '1'))
  const release = await held
  const second = await place.start('resume', 'run').ended
  expect(second.exitCode).toBe(1)
  expect(second.stderr).toContain(`${trial}  busy`)
  release()
  expect((await first.ended).exitCode).toBe(0)

  expect(place.server.requests).toHaveLength(2)
  for (const id of [trial, 'words/o4-mini/1']) {
    const types = (await eventsOf(place, id)).map(({ type }) => type)
    expect(types).toEqual(['stage-started', 'model-called', 'stage-finished'])
    expect(await readdir(join(trialFolder(runFolder(place), id), 'events'))).toHaveLength(1)
  }
})
