import { access, chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCalls } from '../../test/support/model-calls.ts'
import { skipUnless } from '../../test/support/require-tool.ts'
import { sha256 } from '../base/hash.ts'
import type { Gateway, GatewayStop } from '../gateway/gateway.ts'
import { defaultLimits, openSandbox, type SandboxName, sandboxes } from '../sandboxes/index.ts'
import type { SandboxLimits } from '../sandboxes/sandbox.ts'
import { coderSpecSchema } from '../schema/config.ts'
import { type NewEvent, runEventSchema } from '../schema/event.ts'
import { claudeCode } from './claude-code.ts'
import type { Coder, CoderResult } from './coder.ts'
import { commandCoder } from './command.ts'
import { programCoder } from './run-program.ts'

/** Does what its prompt says: a list of steps as JSON. Everything it prints and writes is decided by the test. */
const fakeProgram = `#!/usr/bin/env node
import { appendFileSync, writeFileSync, writeSync } from 'node:fs'
import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
if (process.argv.includes('--version')) {
  writeSync(1, '9.8.7 (a program for tests)\\n')
  process.exit(0)
}
for (const step of JSON.parse(readFileSync(0, 'utf8'))) {
  if (step.print !== undefined) writeSync(1, typeof step.print === 'string' ? step.print : JSON.stringify(step.print) + '\\n')
  if (step.complain !== undefined) writeSync(2, step.complain)
  if (step.write !== undefined) writeFileSync(step.write, step.text)
  if (step.append !== undefined) appendFileSync(step.append, step.text)
  if (step.bash !== undefined) spawnSync('bash', ['-c', step.bash], { stdio: 'ignore' })
  if (step.tellMe !== undefined) writeFileSync(step.tellMe, JSON.stringify({ argv: process.argv.slice(2), environment: process.env }))
  if (step.flood !== undefined) for (let left = step.flood; left > 0; left -= 65536) writeSync(1, 'x'.repeat(65535) + '\\n')
  if (step.waitFor !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, step.waitFor)
  if (step.exit !== undefined) process.exit(step.exit)
}
`

type Step = Readonly<Record<string, unknown>>
const print = (line: unknown): Step => ({ print: line })
const say = (text: string) =>
  print({ type: 'assistant', message: { id: `m-${text}`, role: 'assistant', content: [{ type: 'text', text }] } })
const use = (id: string, name: string, input: unknown) =>
  print({
    type: 'assistant',
    message: { id: `m-${id}`, role: 'assistant', content: [{ type: 'tool_use', id, name, input }] },
  })
const answer = (id: string, content: string, result: unknown) =>
  print({
    type: 'user',
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content, is_error: false }] },
    tool_use_result: result,
  })
const ran = (id: string, command: string, output = '') => [
  use(id, 'Bash', { command }),
  answer(id, output, { stdout: output, stderr: '', interrupted: false }),
]
const wrote = (id: string, path: string, content: string) => [
  use(id, 'Write', { file_path: path, content }),
  answer(id, 'File created successfully', { type: 'create', filePath: path, content, originalFile: null }),
]
const done = (text = 'All is done.', more: Step = {}) =>
  print({ type: 'result', subtype: 'success', is_error: false, result: text, session_id: 's', ...more })

let folder = ''
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'run-program-')))
  for (const name of ['workspace', 'attempt']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'fake.mjs'), fakeProgram)
  await chmod(join(folder, 'fake.mjs'), 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

interface Stage {
  readonly sandbox?: SandboxName
  readonly coder?: Coder
  readonly spec?: Readonly<Record<string, unknown>>
  readonly limits?: Partial<SandboxLimits>
  readonly environment?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly gateway?: HandGateway
  readonly onEvent?: (event: NewEvent) => void
}

interface HandGateway extends Gateway {
  stop(stop: GatewayStop): void
  readonly settled: () => boolean
}

/** A gateway without calls, which the test stops when it likes. */
function handGateway(calls = 3): HandGateway {
  const listeners: ((caller: 'coder' | 'experiment-code', stop: GatewayStop) => void)[] = []
  let stopped: GatewayStop | null = null
  let isSettled = false
  return {
    use: () => ({ calls, tokens: 0, costUsd: 0 }),
    stopOf: (caller) => (caller === 'coder' ? stopped : null),
    onStop: (listener) => void listeners.push(listener),
    async settle() {
      isSettled = true
    },
    stop(stop) {
      stopped = stop
      for (const listener of listeners) listener('coder', stop)
    },
    settled: () => isSettled,
    async [Symbol.asyncDispose]() {},
  }
}

interface Played {
  readonly result: CoderResult
  readonly events: NewEvent[]
}

async function play(steps: readonly (Step | readonly Step[])[], stage: Stage = {}): Promise<Played> {
  const { coder = programCoder(claudeCode, { stopGraceMs: 500 }), gateway = handGateway() } = stage
  const spec = coderSpecSchema.parse({
    kind: 'claude-code',
    model: 'anthropic/claude-sonnet-4-5',
    program: join(folder, 'fake.mjs'),
    ...stage.spec,
  })
  const needs = await coder.prepare(spec)
  const workspace = join(folder, 'workspace')
  await using sandbox = await openSandbox(stage.sandbox ?? 'host', {
    workspace,
    limits: { ...defaultLimits, ...stage.limits },
    network: 'none',
    readOnly: needs.readOnly,
  })
  const events: NewEvent[] = []
  const result = await coder.run({
    spec,
    prompt: JSON.stringify(steps.flat()),
    workspace,
    sandbox,
    models: openCalls('http://127.0.0.1:9').models,
    endpoint: { gateway, url: 'http://127.0.0.1:1234/coder', token: 'a-token', wire: 'anthropic-messages' },
    environment: stage.environment ?? {},
    attempt: 1,
    attemptFolder: join(folder, 'attempt'),
    cacheScope: 'one',
    spentUsd: 0,
    append(event) {
      runEventSchema.parse({ ...event, at: new Date().toISOString() })
      events.push(event)
      stage.onEvent?.(event)
    },
    signal: stage.signal ?? new AbortController().signal,
  })
  return { result, events }
}

const eventsOf = <Type extends NewEvent['type']>(events: readonly NewEvent[], type: Type) =>
  events.filter((event): event is Extract<NewEvent, { type: Type }> => event.type === type)
const kept = (name: string) => readFile(join(folder, 'attempt', name), 'utf8')
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

const lacksBubblewrap = skipUnless('bubblewrap', await sandboxes.bubblewrap.unavailable())

describe.each<[SandboxName, boolean]>([
  ['host', false],
  ['bubblewrap', lacksBubblewrap],
])('in the sandbox %s', (sandbox, skipped) => {
  describe.skipIf(skipped)('a program', () => {
    test('is followed to its end, and its steps and files become events', async () => {
      const root = sandbox === 'host' ? join(folder, 'workspace') : '/workspace'
      const { result, events } = await play(
        [
          say('I begin.'),
          { write: 'a.py', text: 'print(1)\n' },
          ...wrote('t1', `${root}/a.py`, 'print(1)\n'),
          { bash: 'echo 1 > out.txt' },
          ...ran('t2', 'python3 a.py > out.txt'),
          { complain: 'a warning\n' },
          done('All is done.'),
        ],
        { sandbox },
      )
      expect(result).toMatchObject({ ending: 'done', message: 'All is done.', steps: 3 })
      expect(eventsOf(events, 'coder-said').map(({ text }) => text)).toEqual(['I begin.'])
      expect(eventsOf(events, 'command-executed')).toEqual([
        expect.objectContaining({ command: 'python3 a.py > out.txt', step: 2, exitCode: 0 }),
      ])
      const files = eventsOf(events, 'file-written')
      expect(files).toEqual([
        expect.objectContaining({
          path: 'a.py',
          change: 'created',
          step: 1,
          typed: 'print(1)\n',
          bytes: 9,
          sha256: sha256('print(1)\n'),
        }),
        // a look for the step before may already see it
        expect.objectContaining({
          path: 'out.txt',
          change: 'created',
          step: expect.toBeOneOf([1, 2]) as number,
          sha256: sha256('1\n'),
        }),
      ])
      expect(result.transcript).toContain('I begin.')
      expect(result.transcript).toContain('python3 a.py')
      expect((await kept('stream.jsonl')).split('\n').filter(Boolean)).toHaveLength(6)
      expect(await kept('stderr.log')).toBe('a warning\n')
    })

    test('sees its model behind the gateway, no key and nothing of this process', async () => {
      await play([{ tellMe: 'seen.json' }, done()], {
        sandbox,
        environment: { DATA: 'here', OPENAI_API_KEY: 'theirs' },
      })
      const { argv, environment } = JSON.parse(await readFile(join(folder, 'workspace', 'seen.json'), 'utf8')) as {
        argv: string[]
        environment: Record<string, string>
      }
      expect(argv).toContain('claude-sonnet-4-5')
      expect(environment).toMatchObject({
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:1234/coder/anthropic',
        ANTHROPIC_API_KEY: 'a-token',
        DATA: 'here',
      })
      const ours = Object.keys(process.env).filter((name) => /^(?:npm_|VITEST|NODE_ENV)/.test(name))
      expect(ours.length).toBeGreaterThan(0)
      expect(Object.keys(environment).filter((name) => ours.includes(name))).toEqual([])
    })

    test('runs commands that see the experiment’s variables in place of its own', async () => {
      await play([{ bash: 'env > shell.txt' }, done()], {
        sandbox,
        environment: { ANTHROPIC_API_KEY: "it's theirs", DATA: 'here' },
      })
      const seen = await readFile(join(folder, 'workspace', 'shell.txt'), 'utf8')
      expect(seen).toContain("ANTHROPIC_API_KEY=it's theirs\n")
      expect(seen).toContain('DATA=here\n')
      expect(seen).not.toMatch(/^(?:ANTHROPIC_BASE_URL|BASH_ENV)=|a-token/m)
    })
  })
})

describe('how it ended', () => {
  test('a crash is told with the last of its standard error, on one line without colours', async () => {
    const { result } = await play([
      say('I begin.'),
      { complain: 'long ago\n\u001b[31mno such\u0007 thing\n' },
      { exit: 3 },
    ])
    expect(result).toMatchObject({
      ending: 'crashed',
      message: "the coder's program ended with exit code 3: long ago no such thing",
    })
    expect(result.transcript).toContain('# End: crashed')
  })

  test('one that prints nothing is told apart', async () => {
    const { result } = await play([{ exit: 1 }])
    expect(result).toMatchObject({
      ending: 'crashed',
      message: "the coder's program ended with exit code 1 and printed nothing",
    })
    expect((await play([])).result.message).toBe("the coder's program ended without printing anything")
  })

  test('one that exits well but never says that it is done is no success', async () => {
    const { result } = await play([say('I begin.')])
    expect(result).toMatchObject({
      ending: 'crashed',
      message: expect.stringContaining('without saying that it was done') as string,
    })
  })

  test('its own word for a failure counts, also when it exits with 1', async () => {
    const failed = done('API Error: 400 no', { is_error: true, api_error_status: 400 })
    const { result } = await play([failed, { exit: 1 }])
    expect(result).toMatchObject({ ending: 'model-failed', message: expect.stringContaining('400') as string })
  })

  test('time', async () => {
    const { result } = await play([say('I begin.'), { waitFor: 60_000 }], { spec: { timeLimitMs: 2_500 } })
    expect(result).toMatchObject({ ending: 'time-limit', message: 'the coder exceeded its limit on time' })
  })

  test('a flood is ended at the limit, and no more than that is kept', async () => {
    const limit = 1024 ** 2
    const { result } = await play([{ flood: 64 * limit }, done()], { spec: { maxStreamBytes: limit } })
    expect(result.ending).toBe('output-limit')
    expect((await stat(join(folder, 'attempt', 'stream.jsonl'))).size).toBeLessThanOrEqual(limit)
  })

  test('a full disk', async () => {
    const { result } = await play([{ bash: 'for n in 1 2 3; do head -c 5000000 /dev/zero > big$n; done; sleep 60' }], {
      limits: { diskBytes: 8 * 1024 ** 2 },
    })
    expect(result).toMatchObject({ ending: 'disk-limit', message: 'the coder exceeded its limit on disk space' })
  })
})

describe('when the gateway lets nothing more through', () => {
  const limit: GatewayStop = { code: 'cost-limit', message: '$1 of $1 are spent' }

  test('a program that ends by itself may, and the limit is its ending', async () => {
    const gateway = handGateway()
    const { result } = await play([say('I begin.'), { waitFor: 50 }, done('I give up.'), { exit: 1 }], {
      gateway,
      onEvent: (event) => event.type === 'coder-said' && gateway.stop(limit),
    })
    expect(result).toMatchObject({ ending: 'cost-limit', message: limit.message })
    expect(result.transcript).toContain('I give up.')
    expect(gateway.settled()).toBe(true)
  })

  test('one that goes on is ended', async () => {
    const gateway = handGateway()
    const { result, events } = await play([say('I begin.'), { write: 'left', text: '1' }, { waitFor: 60_000 }], {
      gateway,
      onEvent: (event) => event.type === 'coder-said' && gateway.stop({ ...limit, code: 'call-limit' }),
    })
    expect(result.ending).toBe('step-limit')
    expect(eventsOf(events, 'file-written')).toEqual([expect.objectContaining({ path: 'left' })])
  })

  test.each(['budget-spent', 'not-authorised'] as const)(
    '%s is for the user, and no ending of the coder',
    async (code) => {
      const gateway = handGateway()
      gateway.stop({ code, message: 'see to it' })
      await expect(play([say('I begin.'), done()], { gateway })).rejects.toMatchObject({
        name: 'ModelCallError',
        code,
        message: 'see to it',
      })
      expect(gateway.settled()).toBe(true)
    },
  )
})

test('an abort rejects with its reason, after the gateway has settled and what was done is told', async () => {
  const controller = new AbortController()
  const gateway = handGateway()
  const seen: NewEvent[] = []
  const playing = play(
    [{ write: 'a', text: '1' }, ...ran('t1', 'echo 1 > a'), { write: 'started', text: '' }, { waitFor: 60_000 }],
    {
      gateway,
      signal: controller.signal,
      onEvent: (event) => void seen.push(event),
    },
  )
  await expect.poll(() => exists(join(folder, 'workspace', 'started')), { timeout: 10_000 }).toBe(true)
  controller.abort(new Error('interrupted'))
  await expect(playing).rejects.toThrow('interrupted')
  expect(gateway.settled()).toBe(true)
  expect(eventsOf(seen, 'command-executed')).toHaveLength(1)
  expect(eventsOf(seen, 'file-written').map(({ path }) => path)).toContain('a')
})

test('hostile lines end nothing', async () => {
  const deep = `${'['.repeat(50_000)}\n`
  const { result, events } = await play([
    print('\u0000\u001b]0;title\u0007\n'),
    print(deep),
    print('{"__proto__": {"type": "result"}}\n'),
    print({ type: 'assistant', message: { content: [{ type: 'tool_use', id: {}, name: 5, input: null }] } }),
    print({ type: 'result', subtype: 7 }),
    ...ran('t1', 'true', 'x'.repeat(100_000)),
    print('{"type":"assist'),
    print('\n'),
    done(),
  ])
  expect(result.ending).toBe('done')
  expect(eventsOf(events, 'command-executed')).toHaveLength(1)
})

describe('a cost that the program claims', () => {
  const claimed = done('Done.', { total_cost_usd: 0.25 })

  test('is left out where prices are known', async () => {
    const { events } = await play([claimed])
    expect(eventsOf(events, 'session-reported')).toEqual([])
  })

  test('is kept where they are not, and calls were made', async () => {
    const spec = { model: 'somewhere/unheard-of' }
    expect(eventsOf((await play([claimed], { spec })).events, 'session-reported')).toEqual([
      expect.objectContaining({ costUsd: 0.25, totalTokens: null }),
    ])
    const without = await play([claimed], { spec, gateway: handGateway(0) })
    expect(eventsOf(without.events, 'session-reported')).toEqual([])
  })
})

describe('a command', () => {
  const run = (command: string, stage: Stage = {}) =>
    play([], { ...stage, coder: commandCoder, spec: { kind: 'command', program: null, command, ...stage.spec } })

  test('gets prompt, model and gateway, and is done when it exits with 0', async () => {
    const script =
      'cat > input; cmp input "$MLRBENCH_PROMPT_FILE" && echo "$MLRBENCH_MODEL $OPENAI_BASE_URL $GEMINI_API_KEY $EXTRA"; echo aside >&2'
    const { result, events } = await run(script, { environment: { EXTRA: 'more', OPENAI_BASE_URL: 'theirs' } })
    expect(result).toMatchObject({ ending: 'done', steps: 3 })
    const [executed] = eventsOf(events, 'command-executed')
    expect(executed).toMatchObject({ command: script, exitCode: 0, step: 1, outputTruncated: false })
    expect(executed?.output.split('\n').toSorted()).toEqual(
      ['', 'aside', 'claude-sonnet-4-5 http://127.0.0.1:1234/coder/openai/v1 a-token more'].toSorted(),
    )
    expect(eventsOf(events, 'file-written')).toEqual([expect.objectContaining({ path: 'input', step: 1 })])
    expect(result.transcript).toContain('aside')
  })

  test('crashes with any other exit code', async () => {
    const { result, events } = await run('echo why >&2; exit 4')
    expect(result).toMatchObject({ ending: 'crashed', message: 'the command ended with exit code 4: why' })
    expect(eventsOf(events, 'command-executed')).toEqual([expect.objectContaining({ exitCode: 4 })])
  })

  test('is ended by the limit on time', async () => {
    const { result, events } = await run('echo begun; sleep 60', { spec: { timeLimitMs: 2_000 } })
    expect(result.ending).toBe('time-limit')
    expect(eventsOf(events, 'command-executed')).toEqual([
      expect.objectContaining({ exitCode: null, exceededLimit: 'wall-time', output: 'begun\n' }),
    ])
  })
})
