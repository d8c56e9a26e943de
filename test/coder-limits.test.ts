import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { writeWhole } from '../src/base/files.ts'
import { readEvents } from '../src/runs/event-log.ts'
import { trialFolder } from '../src/runs/run-store.ts'
import { readTrialState } from '../src/runs/trial-store.ts'
import { defaultLimits, sandboxes } from '../src/sandboxes/index.ts'
import { modelSettingsSchema } from '../src/schema/config.ts'
import type { RunEvent } from '../src/schema/event.ts'
import { loopbackOnly, openCli } from './support/cli.ts'
import { type HostilePlay, type PlayedHostile, playHostile, writeReport } from './support/hostile/play-hostile.ts'
import { startProviderServer, type WireReply, type WireRequest } from './support/provider-server.ts'
import { skipUnless } from './support/require-tool.ts'
import { findProcesses, mebibyte, nap } from './support/sandbox-contract.ts'

const lacksBubblewrap = skipUnless('bubblewrap', await sandboxes.bubblewrap.unavailable())

/** What each answer is said to have used, and what that costs by the list: 15 cents and 60 cents for a million tokens. */
const usage = { input: 40, output: 100 }
const costUsd = (40 * 0.15 + 100 * 0.6) / 1e6

/** A provider that keeps its own books: what it has answered, and the most that could have been owed to it at any moment. */
interface Books {
  readonly answer: (request: WireRequest) => Promise<WireReply>
  answered: number
  mostOwedUsd: number
  mostTokens: number
}

function openBooks({ delayMs = 40 } = {}): Books {
  let openUsd = 0
  let openTokens = 0
  const books: Books = {
    answered: 0,
    mostOwedUsd: 0,
    mostTokens: 0,
    async answer({ body }) {
      // no tokenizer makes more tokens of a text than it has bytes
      const input = Buffer.byteLength(JSON.stringify(body))
      const mostUsd = (input * 0.15 + 100 * 0.6) / 1e6
      openUsd += mostUsd
      openTokens += input + 100
      books.mostOwedUsd = Math.max(books.mostOwedUsd, books.answered * costUsd + openUsd)
      books.mostTokens = Math.max(books.mostTokens, books.answered * (usage.input + usage.output) + openTokens)
      await sleep(delayMs)
      openUsd -= mostUsd
      openTokens -= input + 100
      books.answered += 1
      return { kind: 'message', text: 'Go on.', usage }
    },
  }
  return books
}

async function openFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'coder-limits-')))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const sandbox: HostilePlay['sandbox'] = { kind: 'bubblewrap', memoryBytes: 1024 * mebibyte, cpus: 1 }
const spend = (how: object, programs: string): string => `node ${programs}/spend.mjs '${JSON.stringify(how)}'`

const callsOf = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'model-called')
const sumUsd = (events: readonly RunEvent[]): number =>
  callsOf(events).reduce((sum, call) => sum + (call.costUsd ?? Number.NaN), 0)

/** What holds whichever limit ended it: every call the provider answered stands in the log with its cost, and all work is kept. */
async function expectBooksToAgree(played: PlayedHostile, books: Books): Promise<void> {
  expect(played.eventsOf('call-broken')).toEqual([])
  expect(callsOf(played.events)).toHaveLength(books.answered)
  expect(played.requests).toHaveLength(books.answered)
  expect(sumUsd(played.events)).toBeCloseTo(books.answered * costUsd, 10)
  const kept = (await readFile(join(played.workspace, 'answers'), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('200 '))
  expect(kept.length).toBeGreaterThan(0)
  expect(kept.length).toBeLessThanOrEqual(books.answered)
  expect(played.eventsOf('command-executed')).toHaveLength(1)
  expect(played.eventsOf('file-written').map(({ path }) => path)).toContain('answers')
  expect(await readdir(played.attemptFolder)).toEqual(
    expect.arrayContaining(['stream.jsonl', 'stderr.log', 'workspace']),
  )
}

describe.skipIf(lacksBubblewrap)('a coder that calls its model for ever, eight calls at once,', () => {
  const many = { maxSteps: 1_000_000 }

  test.concurrent.each<{
    limit: string
    play: Partial<HostilePlay>
    how?: object
    ending: string | null
    within?: (books: Books) => void
  }>([
    {
      limit: 'calls',
      play: { spec: { maxSteps: 30 } },
      ending: 'step-limit',
      within: ({ answered }) => expect(answered).toBe(30),
    },
    {
      limit: 'tokens',
      play: { spec: { ...many, maxTokens: 8_000 } },
      ending: 'token-limit',
      within: ({ mostTokens }) => expect(mostTokens).toBeLessThanOrEqual(8_000),
    },
    {
      limit: 'dollars',
      play: { spec: { ...many, maxCostUsd: 0.002 } },
      ending: 'cost-limit',
      within: ({ mostOwedUsd }) => expect(mostOwedUsd).toBeLessThanOrEqual(0.002),
    },
    {
      limit: 'dollars of the whole run',
      play: { spec: many, budgetUsd: 0.002 },
      ending: null,
      within: ({ mostOwedUsd }) => expect(mostOwedUsd).toBeLessThanOrEqual(0.002),
    },
    { limit: 'time', play: { spec: { ...many, timeLimitMs: 3_000 } }, ending: 'time-limit' },
    {
      limit: 'output',
      play: { spec: { ...many, maxStreamBytes: 20_000 } },
      how: { loud: true },
      ending: 'output-limit',
    },
    {
      limit: 'calls, though it does not take no for an answer',
      play: { spec: { maxSteps: 30 } },
      how: { stubborn: true },
      ending: 'step-limit',
      within: ({ answered }) => expect(answered).toBe(30),
    },
  ])('is stopped by its limit on $limit alone', async ({ play, how = {}, ending, within = () => {} }) => {
    await using folder = await openFolder()
    const books = openBooks()
    const command = (programs: string) => `${writeReport}; ${spend(how, programs)}`
    const { answer } = books
    const played = await playHostile({ folder: folder.path, sandbox, command, answer, ...play })
    expect(played.ending).toBe(ending)
    expect(played.outcome).toMatchObject(
      ending === null ? { status: 'stopped', code: 'budget-spent' } : { status: 'done' },
    )
    await expectBooksToAgree(played, books)
    within(books)
    // it was not stopped long before its limit either
    expect(books.answered).toBeGreaterThan(8)
    // a loop of refused calls fills no log
    const refused = played.eventsOf('gateway-refused')
    expect(refused.length).toBeLessThanOrEqual(2)
    expect(refused.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual('stubborn' in how ? 100 : 0)
    // what the user has to put right is no end of the coder's, and the stage goes on from there
    const transcript = await readFile(join(played.attemptFolder, 'transcript.md'), 'utf8').catch(() => null)
    expect(transcript?.includes(`# End: ${ending}`) ?? null).toBe(ending === null ? null : true)
  })

  test.concurrent.each<{ limit: string; spec: NonNullable<HostilePlay['spec']>; ending: string }>([
    { limit: 'calls', spec: { maxSteps: 40 }, ending: 'step-limit' },
    { limit: 'tokens', spec: { ...many, maxTokens: 8_000 }, ending: 'token-limit' },
    { limit: 'dollars', spec: { ...many, maxCostUsd: 0.003 }, ending: 'cost-limit' },
  ])('goes on with its limit on $limit where it was when it was interrupted', async ({ spec, ending }) => {
    await using folder = await openFolder()
    const books = openBooks()
    const interrupt = new AbortController()
    let calls = 0
    const common = {
      folder: folder.path,
      sandbox,
      spec,
      answer: books.answer,
      command: (programs: string) => `${writeReport}; ${spend({}, programs)}`,
    }
    const first = await playHostile({
      ...common,
      signal: interrupt.signal,
      onEvent({ type }) {
        if (type === 'model-called' && (calls += 1) === 10) interrupt.abort(new Error('Ctrl-C'))
      },
    })
    expect(first.outcome).toMatchObject({
      status: 'rejected',
      error: expect.objectContaining({ message: 'Ctrl-C' }) as Error,
    })
    await expectBooksToAgree(first, books)
    const before = books.answered
    const second = await playHostile(common)
    expect([second.outcome.status, second.ending]).toEqual(['done', ending])
    expect(callsOf(second.events).length + before).toBe(books.answered)
    expect(books.answered).toBeGreaterThan(before)
    const all = [...first.events, ...second.events]
    expect(callsOf(all)).toHaveLength(books.answered)
    expect(books.answered).toBeLessThanOrEqual(spec.maxSteps ?? Infinity)
    expect(books.mostTokens).toBeLessThanOrEqual(spec.maxTokens ?? Infinity)
    expect(sumUsd(all)).toBeLessThanOrEqual(spec.maxCostUsd ?? Infinity)
  })

  test.concurrent('code of the experiment has its own limits, and its stop does not stop the coder', async () => {
    await using folder = await openFolder()
    const books = openBooks()
    const own = `{"url":"'$EXPERIMENT_OPENAI_BASE_URL'","key":"'$EXPERIMENT_API_KEY'"}`
    const played = await playHostile({
      folder: folder.path,
      sandbox,
      spec: { maxSteps: 20 },
      experimentModels: { models: [modelSettingsSchema.parse({ model: 'openai/gpt-4o-mini' })], maxCalls: 11 },
      answer: books.answer,
      command: (programs) => `node ${programs}/spend.mjs '${own}'; ${spend({ most: 12 }, programs)} && ${writeReport}`,
    })
    expect([played.outcome, played.ending]).toEqual([{ status: 'done', reused: false }, 'done'])
    const of = (kind: string) => callsOf(played.events).filter(({ purpose }) => purpose.kind === kind)
    expect([of('experiment-code').length, of('stage').length]).toEqual([11, 12])
    expect(played.eventsOf('coder-finished')).toEqual([expect.objectContaining({ steps: 12 })])
    expect(new Set(played.eventsOf('gateway-refused').map(({ caller, code }) => `${caller} ${code}`))).toEqual(
      new Set(['experiment-code call-limit']),
    )
    await expectBooksToAgree(played, books)
  })
})

describe.skipIf(lacksBubblewrap)('a run whose harness is killed while its coder works', () => {
  test('leaves no process, mount or folder; resumed, it counts every call once', async () => {
    await using cli = await openCli()
    const temporary = join(cli.root, 'tmp')
    await mkdir(temporary)
    await writeWhole(join(cli.root, 'tasks/letters/task.md'), '# Count letters\n\nWhich letter is the most frequent?\n')
    const napping = nap()
    let finishes = false
    let answered = 0
    await using server = await startProviderServer(({ text }) => {
      answered += 1
      return { kind: 'message', text: text.includes('may I end?') && finishes ? 'yes' : 'no', usage }
    })
    const asked = `fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST", headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY },
      body: JSON.stringify({ model: "gpt-4o-mini", max_tokens: 100, messages: [{ role: "user", content: "may I end?" }] }) })
      .then((r) => r.json()).then((reply) => process.exit(reply.choices[0].message.content === "yes" ? 0 : 1))`
    const command = `${spend({ most: 16 }, '/hostile')}
      if node -e '${asked}'; then seq 1 200 > paper.md; else touch waiting; setsid ${napping} & ${napping}; fi`
    const config = await cli.config('killed', {
      agents: [
        {
          kind: 'command',
          name: 'anyone',
          coder: { kind: 'command', command, model: 'openai/gpt-4o-mini', maxSteps: 40 },
        },
      ],
      stages: ['experiment', 'paper'],
      providers: { openai: { baseUrl: `${server.origin}/v1` } },
      sandbox: {
        ...defaultLimits,
        ...sandbox,
        readOnly: { '/hostile': join(import.meta.dirname, 'support/hostile/inside') },
      },
    })
    const children: ChildProcess[] = []
    const start = (...args: string[]) => {
      const main = join(import.meta.dirname, '../src/cli/main.ts')
      const env = {
        PATH: process.env['PATH'] ?? '',
        HOME: join(cli.root, 'home'),
        TMPDIR: temporary,
        ...loopbackOnly,
        ...cli.keys,
      }
      const child = spawn(process.execPath, [main, ...args, '--log-dir', cli.logDir], {
        cwd: cli.root,
        env,
        stdio: 'ignore',
      })
      children.push(child)
      return child
    }
    const run = join(cli.logDir, 'run')
    const folder = trialFolder(run, 'letters/anyone/1')
    try {
      const harness = start(
        'run',
        '--config',
        config,
        '--name',
        'run',
        '--tasks-dir',
        join(cli.root, 'tasks'),
        '--task',
        'letters',
      )
      const ended = once(harness, 'exit')
      const waits = stat.bind(null, join(folder, 'attempts/experiment/1/workspace/waiting'))
      await vi.waitFor(waits, { timeout: 40_000, interval: 50 })
      await vi.waitFor(async () => expect((await findProcesses(napping)).length).toBeGreaterThan(1), 10_000)
      expect(answered).toBe(17)
      expect((await readdir(temporary)).filter((name) => name.startsWith('mlrbench-'))).toHaveLength(2)
      harness.kill('SIGKILL')
      await ended
      // Node's own cache of compiled code stays
      const folders = async () => (await readdir(temporary)).filter((name) => name.startsWith('mlrbench-'))
      const left = async () => [...(await findProcesses(napping)), ...(await folders())]
      await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 20_000, interval: 50 })
      expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(cli.root)
      expect(await findProcesses(cli.root)).toEqual([])
      expect(callsOf((await readEvents(join(folder, 'events'))).events)).toHaveLength(17)

      finishes = true
      const [exitCode] = await once(start('resume', 'run'), 'exit')
      expect(exitCode).toBe(0)
      expect(answered).toBe(34)
      const { events } = await readEvents(join(folder, 'events'))
      expect(callsOf(events)).toHaveLength(34)
      expect(sumUsd(events)).toBeCloseTo(34 * costUsd, 10)
      const state = await readTrialState(folder)
      expect(state?.spending).toMatchObject({ calls: 34, brokenTries: 0 })
      expect(state?.spending.usage).toMatchObject({ inputTokens: 34 * usage.input, outputTokens: 34 * usage.output })
      expect(state?.spending.costUsd).toBeCloseTo(34 * costUsd, 10)
      expect(await folders()).toEqual([])
    } finally {
      for (const child of children) child.kill('SIGKILL')
    }
  })
})
