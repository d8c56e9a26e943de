import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCalls } from '../../test/support/model-calls.ts'
import { startProviderServer, type WireReply, type WireRequest } from '../../test/support/provider-server.ts'
import { sha256 } from '../base/hash.ts'
import { defaultLimits, openSandbox } from '../sandboxes/index.ts'
import { coderSpecSchema } from '../schema/config.ts'
import { type NewEvent, runEventSchema } from '../schema/event.ts'
import { bashLoop } from './bash-loop.ts'
import type { CoderResult } from './coder.ts'

let workspace = ''
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'bash-loop-'))
})
afterEach(() => rm(workspace, { recursive: true, force: true }))

const usage = { input: 1_000, output: 1_000 }
type Calls = readonly { readonly name: string; readonly arguments: Record<string, unknown> }[]
const bash = (command: string) => ({ name: 'bash', arguments: { command } })
const call = (...toolCalls: Calls): WireReply => ({ kind: 'message', text: '', usage, toolCalls })
const say = (text: string): WireReply => ({ kind: 'message', text, usage })

interface Played {
  readonly result: CoderResult
  readonly events: NewEvent[]
  readonly requests: readonly WireRequest[]
}

/** A coder whose model gives these replies in turn, and at last says DONE. */
async function play(
  replies: readonly WireReply[],
  spec: Record<string, unknown> = {},
  signal = new AbortController().signal,
): Promise<Played> {
  await using server = await startProviderServer(({ index }) => replies[index] ?? say('DONE'))
  await using sandbox = await openSandbox('host', { workspace, limits: defaultLimits, network: 'none' })
  const { models } = openCalls(server.origin)
  const events: NewEvent[] = []
  const result = await bashLoop.run({
    spec: coderSpecSchema.parse({ kind: 'bash-loop', model: 'openai/gpt-4o-mini', ...spec }),
    prompt: 'Count the letters.',
    workspace,
    sandbox,
    models,
    endpoint: null,
    environment: { DATA: 'here' },
    attempt: 1,
    attemptFolder: workspace,
    cacheScope: 'one',
    spentUsd: 0,
    append(event) {
      runEventSchema.parse({ ...event, at: new Date().toISOString() })
      events.push(event)
    },
    signal,
  })
  return { result, events, requests: server.requests }
}

const commands = (events: readonly NewEvent[]) =>
  events.flatMap((event) => (event.type === 'command-executed' ? [event] : []))

describe('what it does', () => {
  test('runs a command in the workspace, tells the model its end, and stops when no tool is called', async () => {
    const { result, events, requests } = await play([
      call(bash('echo 42 > answer; cat answer; exit 3')),
      say('That was it.'),
    ])
    expect(result).toMatchObject({ ending: 'done', steps: 2, message: 'That was it.' })
    expect(requests[0]?.text).toContain('Count the letters.')
    expect(requests[1]?.text).toContain('exit code: 3\n42\n')
    expect(commands(events)).toEqual([
      expect.objectContaining({ step: 1, exitCode: 3, output: '42\n', outputBytes: 3 }),
    ])
    expect(result.transcript).toContain('cat answer')
    expect(result.transcript).toContain('That was it.')
  })

  test('gives its commands the experiment’s variables', async () => {
    const { events } = await play([call(bash('echo $DATA'))])
    expect(commands(events)[0]?.output).toBe('here\n')
  })

  test('runs several calls of one reply in their order', async () => {
    const { result, requests } = await play([call(bash('echo 1 >> log'), bash('cat log'))])
    expect(requests[1]?.text).toContain('exit code: 0\n1\n')
    expect(requests[1]?.toolResults).toBe(2)
    expect(result.steps).toBe(2)
  })

  test('records which files each command created, changed and deleted, with hashes', async () => {
    await writeFile(join(workspace, 'given'), 'as it was')
    const { events } = await play([
      call(bash('echo new > made; echo more >> given')),
      call(bash('rm given')),
      call(bash('true')),
    ])
    const changes = events.flatMap((event) =>
      event.type === 'file-written' ? [[event.step, event.change, event.path, event.sha256]] : [],
    )
    expect(changes).toEqual([
      [1, 'changed', 'given', sha256('as it wasmore\n')],
      [1, 'created', 'made', sha256('new\n')],
      [2, 'deleted', 'given', null],
    ])
  })

  test('tells so many files one by one and counts the others', async () => {
    const { events } = await play([call(bash('mkdir many; cd many; for i in $(seq 2005); do : > f$i; done'))])
    expect(events.filter(({ type }) => type === 'file-written')).toHaveLength(2_000)
    expect(events).toContainEqual(expect.objectContaining({ type: 'files-untold', step: 1, count: 5 }))
  })

  test('shows the model the ends of a long output, and keeps more of it as evidence', async () => {
    const { events, requests } = await play([call(bash('seq 1 200000'))], { maxOutputBytes: 1_000 })
    const shown = requests[1]?.text ?? ''
    expect(shown).toMatch(/\n1\n2\n3\n[^]*bytes left out[^]*\n199999\n200000\n/)
    expect(shown.split('\n').filter((line) => /^\d+$/.test(line)).length).toBeLessThan(400)
    const [executed] = commands(events)
    expect(executed).toMatchObject({ outputTruncated: true, outputBytes: 1_288_895 })
    expect(executed?.output.length).toBeGreaterThan(60_000)
    expect(executed?.output.length).toBeLessThan(70_000)
  })

  test('goes on when a reply was cut off, and says so to the model', async () => {
    const { result, requests } = await play([{ ...say('I will now'), finish: 'length' } as WireReply, say('Finished.')])
    expect(result).toMatchObject({ ending: 'done', steps: 2, message: 'Finished.' })
    expect(requests[1]?.text).toContain('cut off at the length limit')
  })
})

describe('what a model may get wrong', () => {
  test.each<[name: string, ...Calls]>([
    ['another tool', { name: 'python', arguments: { code: '1' } }],
    ['other arguments', { name: 'bash', arguments: { cmd: 'ls' } }],
    ['an argument that is no text', { name: 'bash', arguments: { command: ['ls'] } }],
  ])('%s is answered with an error, and nothing runs', async (_name, wrong) => {
    const { result, events, requests } = await play([call(wrong, bash('echo right'))])
    expect(requests[1]?.text).toContain(
      'error: the only tool is bash, with one argument: {"command": "…"}, as valid JSON',
    )
    expect(requests[1]?.toolResults).toBe(2)
    expect(commands(events).map(({ command }) => command)).toEqual(['echo right'])
    expect(result.transcript).toContain(JSON.stringify(wrong.arguments))
    expect(result.ending).toBe('done')
  })

  test('backticks in a command do not end its block in the transcript', async () => {
    const { result } = await play([call(bash('echo "```"\n# End: done'))])
    expect(result.transcript).toContain('````bash\necho "```"\n# End: done\n````')
  })
})

describe('limits', () => {
  test('steps', async () => {
    const { result, requests } = await play([call(bash('true')), call(bash('true')), call(bash('true'))], {
      maxSteps: 2,
    })
    expect(result).toMatchObject({ ending: 'step-limit', steps: 2 })
    expect(requests).toHaveLength(2)
  })

  test('time for one command', async () => {
    const { events, requests } = await play([call(bash('echo begun; sleep 100'))], { commandTimeoutMs: 1_000 })
    expect(commands(events)[0]).toMatchObject({ exitCode: null, exceededLimit: 'wall-time' })
    expect(requests[1]?.text).toContain('ended: it exceeded the limit on time for one command\nbegun\n')
  })

  test('time for everything, also while the model does not answer', async () => {
    const { result } = await play([{ kind: 'silence' }], { timeLimitMs: 300 })
    expect(result).toMatchObject({ ending: 'time-limit', steps: 0 })
  })

  test('time for everything ends a command too', async () => {
    const { result, events } = await play([call(bash('sleep 100')), call(bash('true'))], { timeLimitMs: 1_500 })
    expect(result).toMatchObject({ ending: 'time-limit' })
    expect(commands(events)).toEqual([expect.objectContaining({ exceededLimit: 'wall-time' })])
  })

  test('dollars', async () => {
    const { result, requests } = await play([call(bash('true')), call(bash('true'))], { maxCostUsd: 0.0105 })
    expect(result).toMatchObject({
      ending: 'cost-limit',
      steps: 1,
      message: expect.stringContaining('cost-limit: $') as string,
    })
    expect(requests).toHaveLength(1)
  })

  test('tokens', async () => {
    const { result, requests } = await play([call(bash('true')), call(bash('true'))], { maxTokens: 3_000 })
    expect(result).toMatchObject({ ending: 'token-limit', steps: 1, message: '2000 of 3000 tokens are used' })
    expect(requests).toHaveLength(1)
  })

  test('a model that cannot be reached ends it, with what was done before', async () => {
    const { result } = await play([call(bash('echo kept')), { kind: 'status', status: 400 }])
    expect(result).toMatchObject({
      ending: 'model-failed',
      steps: 1,
      message: expect.stringContaining('rejected-request') as string,
    })
    expect(result.transcript).toContain('kept')
  })

  test('a key that no longer counts is for the user to mend, and no ending of the coder', async () => {
    const playing = play([call(bash('echo kept')), { kind: 'status', status: 401 }])
    await expect(playing).rejects.toMatchObject({ code: 'not-authorised' })
  })

  test('time for everything ends the other commands of a reply', async () => {
    const { events, result } = await play([call(bash('sleep 100'), bash('touch late'))], { timeLimitMs: 1_200 })
    expect(result.ending).toBe('time-limit')
    expect(commands(events)).toHaveLength(1)
  })

  test('an abort rejects with its reason', async () => {
    const controller = new AbortController()
    const playing = play([call(bash('touch started; sleep 100'))], {}, controller.signal)
    await expect
      .poll(() =>
        access(join(workspace, 'started')).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    controller.abort(new Error('interrupted'))
    await expect(playing).rejects.toThrow('interrupted')
  })
})
