import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sha256 } from '../../src/base/hash.ts'
import type { ProgramKind } from '../../src/coders/coder-program.ts'
import { coderPrograms } from '../../src/coders/index.ts'
import { runEventSchema } from '../../src/schema/event.ts'
import { readTrialState } from '../../src/runs/trial-store.ts'
import { type Act, commandFor, type Turn } from './coder-acts.ts'
import { ownVariable, type PlayedCoder, readTree, usageOfCode } from './coder-run.ts'

/** What differs between coders where each of them is right. */
export interface CoderFacts {
  readonly kind: ProgramKind
  /** `provider/model`. */
  readonly model: string
  /** Dollars for a million tokens, as its provider lists them. */
  readonly prices: { readonly input: number; readonly cachedRead: number; readonly output: number }
  /** The variable of the provider's key, and the header in which the provider expects it. */
  readonly key: { readonly variable: string; readonly header: string }
  /** How a request says its limit on output, its effort and temperature, and what that is for 10,000, `low` and 0.5. */
  readonly settings: (body: Record<string, unknown>) => unknown
  readonly told: unknown
  /** Where in its environment or configuration it finds its key; the first group is the key. */
  readonly token: RegExp
  readonly stream: {
    /** Whether it tells the code with which a command ended that had printed something. */
    readonly exitCodes: boolean
    /** Whether it tells what an editing tool put in. */
    readonly typed: boolean
    /** Whether it tells what a reading tool showed; null for a coder that reads by commands. */
    readonly views: boolean | null
  }
  /** Whether it can be told to end commands that take too long. */
  readonly endsCommands: boolean
  /** Whether it tries to reach other hosts than its endpoint. */
  readonly looksAround: boolean
  /** Whether it asks again after a stream that broke off. */
  readonly outlivesCuts: boolean
}

const given = ['idea.md', 'proposal.md', 'related_work.md', 'task.md']
export const codeModel = 'openai/gpt-4o'
/** It asks a model of its own: the mean is that of 1, 2, 3 and the length of that model's name, and then three times that. */
const code = `import fs from 'node:fs'
const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env
const body = JSON.stringify({ model: 'gpt-4o', max_tokens: 10, messages: [{ role: 'user', content: 'How long is it?' }] })
const headers = { authorization: 'Bearer ' + key, 'content-type': 'application/json' }
const reply = await fetch(url + '/chat/completions', { method: 'POST', headers, body })
const { choices } = await reply.json()
const scale = 1
const mean = (scale * (1 + 2 + 3 + Number(choices[0].message.content))) / 4
fs.mkdirSync('results', { recursive: true })
fs.writeFileSync('results/metrics.json', JSON.stringify({ mean }))
console.log('mean', mean)
`
const metrics = '{"mean":9}'
const report = '# Results\n\nThe mean is 9, as measured by `measure.mjs`.\n'
/** What surrounds the coder, as its own shell sees it. */
const lookAround =
  "cat /proc/net/snmp /proc/net/snmp6 > net.txt; cat /proc/*/environ $HOME/.config/*/*.json 2>/dev/null | tr '\\0' '\\n' > seen.txt; env > shell.txt; echo looked"

const acts = [
  { write: 'measure.mjs', text: code },
  { edit: 'measure.mjs', from: 'const scale = 1', to: 'const scale = 3' },
  { run: 'node measure.mjs' },
  { run: 'echo printed; echo complained >&2; exit 3' },
  { run: 'seq 1 100000' },
  { read: 'results/metrics.json' },
  { write: 'results/results.md', text: report },
  { run: lookAround },
] as const satisfies Act[]
export const lastWords = 'All of it is DONE.'
export const experiment: Turn[] = [
  ...acts.map((act, index) => ({ act, ...(index === 0 ? { say: 'I write the code first.' } : {}) })),
  { say: lastWords },
]
/** Enough for the results to count. */
export const writeReport: Turn = { act: { write: 'results/results.md', text: report } }

/** It heard of the limit once and left with words of its own, before it would have been ended from here. */
export async function expectToHaveEndedItself(played: PlayedCoder, kind: ProgramKind): Promise<void> {
  const { requests, attemptFolder } = played
  expect(requests.length).toBeGreaterThan(0)
  expect(played.eventsOf('gateway-refused').map(({ caller, count }) => ({ caller, count }))).toEqual([
    { caller: 'coder', count: 1 },
  ])
  const follower = coderPrograms[kind].follow({ stage: 'experiment', attempt: 1 }, '/workspace')
  for (const line of (await readFile(join(attemptFolder, 'stream.jsonl'), 'utf8')).split('\n')) follower.push(line)
  expect(follower.end().end.ending).not.toBe('unknown')
}

export function expectEventsOfExperiment(played: PlayedCoder, { kind, model, stream }: CoderFacts): void {
  for (const event of played.events) runEventSchema.parse(event)
  const version = coderPrograms[kind].testedVersion
  expect(played.eventsOf('coder-started')).toEqual([expect.objectContaining({ kind, version, model })])
  expect(played.eventsOf('coder-finished')).toEqual([
    expect.objectContaining({ ending: 'done', message: lastWords, steps: played.requests.length }),
  ])
  expect(played.eventsOf('coder-said').map(({ text }) => text)).toEqual(['I write the code first.', lastWords])

  const commands = acts
    .map((act) => (stream.views === null && 'read' in act ? commandFor(act) : act))
    .filter((act) => 'run' in act)
  const executed = played.eventsOf('command-executed')
  expect(executed.map(({ command }) => command)).toEqual(commands.map(({ run }) => run))
  const outcomeOf = (wanted: string) => executed.find(({ command }) => command === wanted)
  const exitCode = (value: number) => (stream.exitCodes ? value : null)
  expect(outcomeOf('node measure.mjs')).toMatchObject({
    exitCode: exitCode(0),
    exceededLimit: null,
    outputTruncated: false,
  })
  expect(outcomeOf('node measure.mjs')?.output.trim()).toBe('mean 9')
  expect(outcomeOf(acts[3].run)).toMatchObject({ exitCode: exitCode(3), exceededLimit: null })
  // some read the two streams apart
  expect(outcomeOf(acts[3].run)?.output.trim().split('\n').toSorted()).toEqual(['complained', 'printed'])
  const long = outcomeOf('seq 1 100000')
  expect(long?.output.length).toBeGreaterThan(10_000)
  if (long?.outputTruncated === false) expect(long.output.trim().split('\n')).toHaveLength(100_000)
  const views = played.eventsOf('file-viewed')
  expect(views.map(({ path, text, whole }) => ({ path, text, whole }))).toEqual(
    stream.views === true ? [{ path: 'results/metrics.json', text: metrics, whole: true }] : [],
  )

  expectWrites(played, stream)
  // files that commands wrote are told when they are found
  const steps = [...executed, ...views].map(({ step }) => step).toSorted((one, other) => one - other)
  expect(executed.map(({ step }) => step)).toEqual(
    executed.map(({ step }) => step).toSorted((one, other) => one - other),
  )
  expect(new Set(steps).size).toBe(steps.length)
  const all = new Set(
    played.events.flatMap((event) => ('step' in event && event.type !== 'coder-said' ? [event.step] : [])),
  )
  expect([...all].toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: all.size }, (_, index) => index + 1),
  )
}

/** Each edit and each file a command wrote, with what the file was after it. */
function expectWrites(played: PlayedCoder, stream: CoderFacts['stream']): void {
  const written = played.eventsOf('file-written')
  const of = (wanted: string) =>
    written
      .filter(({ path }) => path === wanted)
      .map(({ type: _type, at: _at, stage: _stage, attempt: _attempt, step: _step, path: _path, ...file }) => file)
  const file = (change: 'created' | 'changed', text: string, typed: string | null) => ({
    change,
    bytes: Buffer.byteLength(text),
    sha256: sha256(text),
    ...(stream.typed && typed !== null ? { typed } : {}),
  })
  const edited = code.replace('const scale = 1', 'const scale = 3')
  const [first, ...later] = of('measure.mjs')
  // whoever does not say what was typed may have edited the file again before it was looked at
  const afterFirst = stream.typed ? file('created', code, code) : { change: 'created' }
  expect(first).toMatchObject(afterFirst)
  expect(later).toEqual([file('changed', edited, 'const scale = 3')])
  expect(of('results/metrics.json')).toEqual([file('created', metrics, null)])
  expect(of('results/results.md')).toEqual([file('created', report, report)])
}

/** Every call the provider served stands in the events, with its usage, and costs what its tokens cost. */
export async function expectAccounts(played: PlayedCoder, { model, prices }: CoderFacts): Promise<void> {
  const calls = played.eventsOf('model-called')
  const called = calls.filter(({ purpose }) => purpose.kind === 'stage')
  expect(called.map(({ usage }) => [usage.inputTokens, usage.cachedReadTokens, usage.outputTokens])).toEqual(
    played.usages.map(({ input, cachedRead, output }) => [input, cachedRead ?? 0, output]),
  )
  const costs = played.usages.map(
    ({ input, cachedRead = 0, output }) =>
      ((input - cachedRead) * prices.input + cachedRead * prices.cachedRead + output * prices.output) / 1e6,
  )
  for (const [index, event] of called.entries()) {
    expect(event).toMatchObject({
      model,
      retries: 0,
      cache: 'off',
      purpose: { kind: 'stage', stage: 'experiment', attempt: 1 },
    })
    expect(event.costUsd).toBeCloseTo(costs[index] ?? Number.NaN, 10)
    expect(event.latencyMs).toBeGreaterThan(0)
  }
  expect(new Set(called.map(({ callId }) => callId)).size).toBe(called.length)
  const ofCode = calls.filter(({ purpose }) => purpose.kind === 'experiment-code')
  expect(ofCode.map(({ usage }) => [usage.inputTokens, usage.outputTokens])).toEqual(
    played.codeRequests.map(() => [usageOfCode.input, usageOfCode.output]),
  )
  const codeUsd = ofCode.reduce((sum, { costUsd }) => sum + (costUsd ?? Number.NaN), 0)
  expect(called.length + played.eventsOf('model-call-failed').length).toBe(played.requests.length)
  const { spending } = await readTrialState(played.folder)
  expect(spending.calls).toBe(calls.length)
  expect(spending.knownCostUsd).toBeCloseTo(
    costs.reduce((sum, cost) => sum + cost, codeUsd),
    10,
  )
}

export async function expectFiles(played: PlayedCoder): Promise<void> {
  const outputs = played.eventsOf('stage-finished').flatMap((event) => event.outputs.map(({ path }) => path))
  for (const path of ['results/results.md', 'results/metrics.json', 'environment.json']) expect(outputs).toContain(path)
  // what a coder leaves besides would be taken for the experiment's
  const left = (await readdir(played.workspace)).filter((name) => name !== '.cache')
  expect(left.toSorted()).toEqual([...given, 'measure.mjs', 'net.txt', 'results', 'seen.txt', 'shell.txt'].toSorted())
}

/** No key is in any file, the program has the gateway's token in its place, and its commands call models on another account. */
export async function expectSecrets(played: PlayedCoder, { key, token }: CoderFacts, folder: string): Promise<void> {
  for (const [path, bytes] of await readTree(folder))
    for (const secret of [...Object.values(played.keys), ownVariable.value])
      expect(bytes.includes(secret), `a key in ${path}`).toBe(false)
  const own = played.keys[key.variable]
  for (const { headers } of played.requests) expect(headers[key.header]?.replace(/^Bearer /, '')).toBe(own)
  const read = (name: string) => readFile(join(played.workspace, name), 'utf8')
  const [, given] = token.exec(await read('seen.txt')) ?? []
  expect(given).toMatch(/^[\w-]{32}$/)
  // its commands find the experiment's own account in its place
  const shell = await read('shell.txt')
  expect(shell).toMatch(/^OPENAI_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/experiment-code\/openai\/v1$/m)
  expect(shell).not.toMatch(/:\d+\/coder\//)
}

/** By the counters of its own network, whether anything in it tried to leave loopback or asked for the address of a name. */
export async function lookedElsewhere({ workspace }: PlayedCoder): Promise<boolean> {
  const text = await readFile(join(workspace, 'net.txt'), 'utf8')
  const counterOf = (protocol: string, name: string): number => {
    const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith(`${protocol}: `))
    const value = values.split(' ')[names.split(' ').indexOf(name)]
    if (value === undefined) throw new Error(`no counter ${name} of ${protocol}`)
    return Number(value)
  }
  const six = [...text.matchAll(/^(?:Ip6OutNoRoutes|Udp6OutDatagrams)\s+(\d+)$/gm)].map(([, value]) => Number(value))
  return [counterOf('Ip', 'OutNoRoutes'), counterOf('Udp', 'OutDatagrams'), ...six].some((count) => count > 0)
}

/** Processes of this machine that a coder's program is part of, by what they were started with. */
export async function processesOf(kind: ProgramKind): Promise<string[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(numbers.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(`/opt/coders/${kind}/`) || line.includes('tail\0-f\0/dev/null'))
}
