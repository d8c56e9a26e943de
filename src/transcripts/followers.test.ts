import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../base/hash.ts'
import { type NewEvent, runEventSchema } from '../schema/event.ts'
import type { StreamEnd } from './follow.ts'
import { type FollowedProgram, followers } from './followers.ts'
import { guessTranscript } from './guess-transcript.ts'
import { readTranscript } from './index.ts'

const recordings = join(import.meta.dirname, '../../test/fixtures/transcripts')
const where = { stage: 'experiment', attempt: 1 } as const
const programs = Object.keys(followers) as FollowedProgram[]
const all = programs.flatMap((program) =>
  readdirSync(join(recordings, program)).map((file) => ({ program, scenario: file.replace('.jsonl', '') })),
)

function load(program: FollowedProgram, scenario: string): string {
  return readFileSync(join(recordings, program, `${scenario}.jsonl`), 'utf8')
}

interface Followed {
  /** Those that lines completed. */
  readonly live: NewEvent[]
  /** Those that only the end told. */
  readonly late: NewEvent[]
  readonly end: StreamEnd
  readonly markdown: string
  readonly notes: string[]
}

function followLines(program: FollowedProgram, lines: readonly string[]): Followed {
  const follower = followers[program](where, '/workspace')
  const live = lines.flatMap((line) => follower.push(line))
  const { events: late, ...rest } = follower.end()
  for (const event of [...live, ...late]) runEventSchema.parse({ ...event, at: '2026-01-01T00:00:00.000Z' })
  return { live, late, ...rest }
}
const follow = (program: FollowedProgram, scenario: string): Followed =>
  followLines(program, load(program, scenario).split('\n'))

function brief(event: NewEvent): string {
  switch (event.type) {
    case 'coder-said':
      return `${event.thought ? 'thinks' : 'says'} ${event.text}`
    case 'command-executed':
      return `${event.step} runs ${event.command} -> ${event.exceededLimit ?? event.exitCode}${event.outputTruncated ? ' cut' : ''}: ${event.output.trim()}`
    case 'file-written':
      return `${event.step} ${event.change} ${event.path}, ${event.bytes} bytes: ${event.typed?.trim()}`
    case 'edit-failed':
      return `${event.step} fails to edit ${event.path}: ${event.typed}`
    case 'file-viewed':
      return `${event.step} views ${event.path}${event.whole ? ' whole' : ''}: ${event.text?.trim()}`
    default:
      return event.type
  }
}
const briefly = ({ live }: Followed): string[] => live.map(brief)

describe('Claude Code', () => {
  test('tells what is said, written, run and read while it happens', () => {
    const session = follow('claude-code', 'basic')
    expect(briefly(session)).toEqual([
      'says I will write.',
      '1 created a.py, 11 bytes: print(1+1)',
      '2 runs python3 a.py -> 0: 2',
      '3 views a.py whole: print(1+1)',
      'says All done.',
    ])
    expect(session.live[1]).toMatchObject({ sha256: sha256('print(1+1)\n') })
    expect(session).toMatchObject({ late: [], notes: [], end: { ending: 'done', message: 'All done.', denials: 0 } })
    expect(session.end.costUsd).toBeCloseTo(0.01899, 9)
  })

  test('keeps what an edit typed, done or refused, and leaves out a tool that is none', () => {
    expect(briefly(follow('claude-code', 'edit-tool')).slice(2)).toEqual([
      '3 changed e.txt, null bytes: gamma',
      '4 fails to edit e.txt: gamma',
      'says Done.',
    ])
  })

  test('tells how commands ended', () => {
    expect(briefly(follow('claude-code', 'fail-command'))[0]).toBe(
      '1 runs echo out; echo err >&2; exit 3 -> 3: out\nerr',
    )
    const late = follow('claude-code', 'timeout-command')
    expect(briefly(late)[0]).toBe(
      '1 runs echo begin; sleep 20; echo end -> wall-time: Command timed out after 2s\nbegin',
    )
    expect(late.live[0]).toMatchObject({ exitCode: null, durationMs: 2_000 })
    expect(briefly(follow('claude-code', 'parallel-tools')).slice(1, 4)).toEqual([
      '1 runs echo one -> 0: one',
      '2 runs sleep 1; exit 2 -> 2: ',
      '3 created p.txt, 1 bytes: p',
    ])
  })

  test('gives no code to a command left running, and counts the cost of a session once', () => {
    const session = follow('claude-code', 'background-command-allowed')
    expect(session.live[0]).toMatchObject({ type: 'command-executed', exitCode: null, outputTruncated: true })
    expect(session.end).toMatchObject({ ending: 'done', costUsd: 0.014242500000000002 })
  })

  test.each([
    ['max-turns', 'step-limit', 'Reached maximum number of turns (2)'],
    ['max-budget', 'cost-limit', 'Reached maximum budget ($0.005)'],
    ['status-402-billing', 'cost-limit', 'API Error: 402 The budget of this run is spent.'],
    ['kill-sigterm', 'unknown', ''],
  ])('%s ends by %s', (scenario, ending, message) => {
    expect(follow('claude-code', scenario).end).toMatchObject({ ending, message })
  })

  test('tells no command as run that a limit came before', () => {
    const session = follow('claude-code', 'max-budget')
    expect([...briefly(session), ...session.late]).toEqual(['1 runs echo hi -> 0: hi'])
    expect(session.markdown).toContain('Not run: Bash')
  })

  test('tells a refusal of the model and an interruption', () => {
    expect(follow('claude-code', 'stop-refusal').end.ending).toBe('refused')
    const interrupted = follow('claude-code', 'kill-sigint')
    expect(interrupted.end.ending).toBe('unknown')
    expect(interrupted.live[0]).toMatchObject({ exitCode: null, outputTruncated: true })
  })

  test('counts what was not allowed, and tells none of it as done', () => {
    const session = follow('claude-code', 'denied-default')
    expect(briefly(session)).toEqual(['says I try.', 'says I was not allowed.'])
    expect(session.end).toMatchObject({ ending: 'denied', denials: 2 })
    expect(session.markdown).toContain('Not allowed: Bash')
  })

  test('prefers the longer text the program keeps of a long output', () => {
    const lines = [
      {
        message: {
          id: 'm',
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't', name: 'Bash', input: { command: 'x' } }],
        },
      },
      {
        message: {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 't', content: '<persisted-output>\n1', is_error: false }],
        },
        tool_use_result: { stdout: '1\n2\n', persistedOutputSize: 900 },
      },
    ]
    const session = followLines(
      'claude-code',
      lines.map((line) => JSON.stringify(line)),
    )
    expect(session.live).toMatchObject([{ output: '1\n2\n', outputTruncated: true, outputBytes: 900 }])
  })
})

describe('Codex', () => {
  test('tells what is said and run, with the scripts of commands', () => {
    expect(briefly(follow('codex', 'basic'))).toEqual([
      'says I will write.',
      '1 created a.py, null bytes: undefined',
      '2 runs python3 a.py -> 0: 2',
      '3 runs cat a.py -> 0: print(1+1)',
      'says All done.',
    ])
    expect(briefly(follow('codex', 'basic-reasoning'))).toEqual([
      'thinks **Thinking** about it',
      'says I will write.',
      '1 created a.py, null bytes: undefined',
      '2 changed a.py, null bytes: undefined',
      '3 created b.py, null bytes: undefined',
      '4 deleted a.py, 0 bytes: undefined',
      'says All done.',
    ])
  })

  test('tells commands in the order in which they end', () => {
    expect(briefly(follow('codex', 'parallel-tools')).slice(1, 4)).toEqual([
      '1 runs echo one -> 0: one',
      '2 runs echo three -> 0: three',
      '3 runs sleep 1; exit 2 -> 2: ',
    ])
    expect(briefly(follow('codex', 'fail-command'))[0]).toContain('-> 3: out\nerr')
  })

  test('tells a command that it left running at the end only', () => {
    const session = follow('codex', 'slow-command-abandoned')
    expect(briefly(session)).toEqual(['says I stop here.'])
    expect(session.late).toMatchObject([{ type: 'command-executed', exitCode: null, outputTruncated: true }])
    expect(session).toMatchObject({ notes: ['1 items have no end'], end: { ending: 'done' } })
  })

  test.each([
    ['status-402', 'cost-limit'],
    ['failed-invalid-prompt', 'cost-limit'],
    ['unreachable', 'model-failed'],
    ['status-429-then-ok', 'done'],
    ['kill-sigterm', 'unknown'],
  ])('%s ends by %s', (scenario, ending) => {
    expect(follow('codex', scenario).end.ending).toBe(ending)
  })

  test('says how long an output was that the program cut', () => {
    const item = { id: '1', type: 'command_execution', command: "bash -lc 'seq 9'", exit_code: 0, status: 'completed' }
    const output = `${'a'.repeat(200_000)}\n... 5000 bytes omitted ...\n${'b'.repeat(200_000)}`
    const line = { type: 'item.completed', item: { ...item, aggregated_output: output } }
    expect(followLines('codex', [JSON.stringify(line)]).live).toMatchObject([
      { command: 'seq 9', outputTruncated: true, outputBytes: 405_000 },
    ])
  })

  test('tells a declined command as not allowed', () => {
    const line = {
      type: 'item.completed',
      item: { id: '1', type: 'command_execution', command: 'ls', status: 'declined' },
    }
    const session = followLines('codex', [JSON.stringify(line), '{"type":"turn.completed"}'])
    expect(session).toMatchObject({ live: [], end: { ending: 'denied', denials: 1 } })
  })
})

describe('Gemini CLI', () => {
  test('puts words together, and gives codes to silent commands alone', () => {
    expect(briefly(follow('gemini-cli', 'basic'))).toEqual([
      'says I write it.',
      '1 changed hello.py, 26 bytes: print("hello " + "world")',
      '2 runs python3 hello.py -> null: hello world',
      '3 changed hello.py, null bytes: goodbye',
      'says All done.',
    ])
    expect(briefly(follow('gemini-cli', 'command-fails'))[0]).toContain('-> null: out\nerr')
    const silent = [
      '{"type":"tool_use","tool_name":"run_shell_command","tool_id":"1","parameters":{"command":"false"}}',
      '{"type":"tool_result","tool_id":"1","status":"success","output":"Command exited with code: 1"}',
      '{"type":"tool_use","tool_name":"run_shell_command","tool_id":"2","parameters":{"command":"true"}}',
      '{"type":"tool_result","tool_id":"2","status":"success","output":""}',
      '{"type":"tool_use","tool_name":"run_shell_command","tool_id":"3","parameters":{"command":"echo $(ls)"}}',
      '{"type":"tool_result","tool_id":"3","status":"success","output":"Blocked: command substitution detected in shell command."}',
    ]
    expect(briefly(followLines('gemini-cli', silent))).toEqual(['1 runs false -> 1: ', '2 runs true -> 0: '])
  })

  test('tells refused edits and reads', () => {
    expect(briefly(follow('gemini-cli', 'edit-miss'))[1]).toBe('2 fails to edit a.txt: four')
    expect(briefly(follow('gemini-cli', 'read-outside'))[0]).toMatch(/^1 runs cd/)
  })

  test.each([
    ['budget-late-402', 'cost-limit'],
    ['stream-error', 'model-failed'],
    ['tuned-max-turns', 'step-limit'],
    ['same-call', 'crashed'],
    ['sigterm', 'unknown'],
  ])('%s ends by %s', (scenario, ending) => {
    expect(follow('gemini-cli', scenario).end.ending).toBe(ending)
  })
})

describe('Qwen Code', () => {
  test('tells what is said, written, run and read', () => {
    expect(briefly(follow('qwen-code', 'basic'))).toEqual([
      'says I write it.',
      '1 created hello.py, 26 bytes: print("hello " + "world")',
      '2 runs python3 hello.py -> null: hello world',
      '3 changed hello.py, null bytes: goodbye',
      '4 views hello.py whole: print("goodbye " + "world")',
      'says All done.',
    ])
    expect(briefly(follow('qwen-code', 'unknown-tool'))).toEqual(['says All done.'])
  })

  test.each([
    ['basic', 'done'],
    ['budget-late-402', 'cost-limit'],
    ['tuned-err429', 'model-failed'],
    ['tuned-max-turns', 'unknown'],
  ])('%s ends by %s', (scenario, ending) => {
    expect(follow('qwen-code', scenario).end).toMatchObject({ ending, costUsd: null })
  })
})

describe('opencode', () => {
  test('tells what is said, written, run and read, with codes and times', () => {
    const session = follow('opencode', 'basic')
    expect(briefly(session)).toEqual([
      'says I write it.',
      '1 created hello.py, 26 bytes: print("hello " + "world")',
      '2 runs python3 hello.py -> 0: hello world',
      '3 changed hello.py, null bytes: goodbye',
      '4 views hello.py whole: print("goodbye " + "world")',
      'says All done.',
    ])
    expect(session.live[2]).toMatchObject({ durationMs: 5_083 })
    expect(briefly(follow('opencode', 'command-fails'))[0]).toContain('-> 3: out\nerr')
    expect(briefly(follow('opencode', 'tuned-timeout-busy'))[0]).toMatch(/-> wall-time: 1\n2\n3\n4\n5$/)
  })

  test.each([
    ['basic', 'done', null],
    ['cost', 'done', 0.00102],
    ['budget-late-402', 'cost-limit', null],
  ])('%s ends by %s, and says it cost %s', (scenario, ending, costUsd) => {
    expect(follow('opencode', scenario).end).toMatchObject({ ending, costUsd })
  })

  test('reads patches, and tells what was rejected as not allowed', () => {
    const patchText =
      '*** Begin Patch\n*** Add File: a.py\n+print(1)\n*** Update File: /workspace/b.py\n*** Move to: c.py\n@@\n-old\n+new\n*** Delete File: d.py\n*** End Patch'
    const tool = (name: string, state: object): string =>
      JSON.stringify({ type: 'tool_use', timestamp: 1, sessionID: 's', part: { tool: name, state } })
    const session = followLines('opencode', [
      tool('apply_patch', { status: 'completed', input: { patchText }, output: 'Success.' }),
      tool('bash', {
        status: 'error',
        input: { command: 'ls' },
        error: 'The user rejected permission to use this specific tool call.',
      }),
    ])
    expect(briefly(session)).toEqual([
      '1 created a.py, 9 bytes: print(1)',
      '2 deleted b.py, 0 bytes: undefined',
      '3 created c.py, null bytes: new',
      '4 deleted d.py, 0 bytes: undefined',
    ])
    expect(session.end.denials).toBe(1)
  })
})

describe('OpenHands', () => {
  test('reads events between words for people, and hashes files that were edited', () => {
    const session = follow('openhands', 'basic')
    expect(briefly(session)).toEqual([
      'says I write it.',
      '1 created hello.py, 26 bytes: print("hello " + "world")',
      '2 runs python3 hello.py -> 0: hello world',
      '3 changed hello.py, 28 bytes: goodbye',
      '4 views hello.py whole: print("goodbye " + "world")',
      'says All done.',
    ])
    expect(session.live[3]).toMatchObject({ sha256: sha256('print("goodbye " + "world")\n') })
    expect(session).toMatchObject({ notes: [], end: { ending: 'done', message: 'All done.' } })
  })

  test.each([
    ['budget-late-402', 'cost-limit'],
    ['err500', 'model-failed'],
    ['unknown-tool', 'done'],
  ])('%s ends by %s', (scenario, ending) => {
    expect(follow('openhands', scenario).end.ending).toBe(ending)
  })
})

test.each([
  ['all calls of this experiment are made', 'step-limit'],
  ['the tokens of this experiment are used up', 'token-limit'],
  ['the dollars of this experiment are spent', 'cost-limit'],
  ['Rate limit reached: 402 tokens a minute', 'model-failed'],
])('knows the limit in the words %j', (words, ending) => {
  const line = JSON.stringify({ kind: 'ConversationErrorEvent', code: 'X', detail: `OpenAIException - ${words}` })
  expect(followLines('openhands', [line]).end.ending).toBe(ending)
})

test('a saved stream has its paths below the folder that holds all it touched', () => {
  for (const program of ['codex', 'gemini-cli', 'qwen-code', 'opencode', 'openhands'] as const) {
    const { events } = readTranscript(program, load(program, 'basic'), where)
    const paths = events.flatMap((event) => (event.type === 'file-written' ? [event.path] : []))
    expect(paths[0]).toMatch(/^(?:a|hello)\.py$/)
  }
})

describe.each(all)('$program, $scenario', ({ program, scenario }) => {
  const text = load(program, scenario)

  test('cut after any line gives a beginning of its events, and those still open', () => {
    const lines = text.split('\n')
    const whole = followLines(program, lines)
    for (let count = 0; count <= lines.length; count += 1) {
      const { live } = followLines(program, lines.slice(0, count))
      expect(live).toEqual(whole.live.slice(0, live.length))
    }
  })

  test('a line cut within takes nothing away from the lines before it', () => {
    const lines = text.split('\n')
    const whole = followLines(program, lines)
    for (const [index, line] of lines.entries()) {
      const before = followLines(program, lines.slice(0, index)).live
      const { live } = followLines(program, [
        ...lines.slice(0, index),
        line.slice(0, line.length / 2),
        ...lines.slice(index + 1),
      ])
      expect(live.slice(0, before.length)).toEqual(whole.live.slice(0, before.length))
    }
  })

  test('is known by its marks, and reads the same after its end', () => {
    expect(guessTranscript('log.jsonl', text)).toBe(text.trim() === '' ? null : program)
    const kinds = new Set(['session-reported', 'coder-finished', 'model-called'])
    const read = readTranscript(program, text, where)
    const { live, late, end } = follow(program, scenario)
    const told = read.events.filter(({ type }) => !kinds.has(type))
    expect(told.map(({ type }) => type)).toEqual([...live, ...late].map(({ type }) => type))
    expect(read.events.at(-1)).toMatchObject({ type: 'coder-finished', ending: end.ending })
  })
})
