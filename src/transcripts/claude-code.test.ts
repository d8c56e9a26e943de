import { describe, expect, test } from 'vitest'
import { sha256 } from '../base/hash.ts'
import type { NewEvent } from '../schema/event.ts'
import { readTranscript } from './index.ts'

const where = { stage: 'experiment', attempt: 1 } as const
const usage = { input_tokens: 4, cache_creation_input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 7 }

const say = (id: string, ...content: object[]): object => ({
  id,
  type: 'message',
  role: 'assistant',
  model: 'claude-x',
  content,
  stop_reason: 'tool_use',
  usage,
})
const tool = (id: string, name: string, input: object): object => ({ type: 'tool_use', id, name, input })
const result = (id: string, content: unknown, is_error?: boolean): object => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: id, content, ...(is_error === undefined ? {} : { is_error }) }],
})
const read = (entries: unknown): ReturnType<typeof readTranscript> =>
  readTranscript('claude-code', JSON.stringify(entries), where)
const eventsOf = <Type extends NewEvent['type']>(
  { events }: { events: NewEvent[] },
  type: Type,
): Extract<NewEvent, { type: Type }>[] =>
  events.filter((event): event is Extract<NewEvent, { type: Type }> => event.type === type)

describe('saved output of Claude Code', () => {
  const session = read([
    { role: 'user', content: 'Measure it.' },
    say('m1', { type: 'text', text: 'I read the task.' }),
    say('m1', tool('t1', 'Read', { file_path: '/home/a/w/task.md' })),
    result('t1', '     1\tCount beans.\n     2\tTwice.'),
    say('m2', tool('t2', 'Write', { file_path: '/home/a/w/code/run.py', content: 'print(41)\n' })),
    result('t2', 'File created successfully at: /home/a/w/code/run.py'),
    say('m3', tool('t3', 'Bash', { command: 'python code/run.py' })),
    result('t3', '41', false),
    say('m4', tool('t4', 'Edit', { file_path: '/home/a/w/code/run.py', old_string: '41', new_string: '42' })),
    result('t4', 'The file /home/a/w/code/run.py has been updated.'),
    say('m5', tool('t5', 'Write', { file_path: '/home/a/w/results/log.txt', content: 'accuracy 0.93' })),
    result('t5', 'File has not been read yet. Read it first before writing to it.', true),
    { role: 'system', cost_usd: 0.5, duration_ms: 1200, result: 'All done.' },
  ])

  test('gives calls, views, writes and commands in their order', () => {
    const kinds = session.events.map(({ type }) => type).filter((type) => type !== 'model-called')
    expect(kinds).toEqual([
      'coder-said',
      'file-viewed',
      'file-written',
      'command-executed',
      'file-written',
      'edit-failed',
      'session-reported',
      'coder-finished',
    ])
    expect(session.notes).toEqual([])
  })

  test('counts a message with several entries as one call, with all its input', () => {
    const calls = eventsOf(session, 'model-called')
    expect(calls.map(({ callId }) => callId)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5'])
    expect(calls[0]).toMatchObject({
      model: 'anthropic/claude-x',
      costUsd: null,
      retries: null,
      latencyMs: null,
      finishReason: 'tool-calls',
      usage: { inputTokens: 114, outputTokens: 7, cachedReadTokens: 100, cachedWriteTokens: 10 },
    })
  })

  test('makes paths relative to the folder of the given files and hashes whole files only', () => {
    const [written, edited] = eventsOf(session, 'file-written')
    expect(written).toMatchObject({
      path: 'code/run.py',
      change: 'created',
      typed: 'print(41)\n',
      bytes: 10,
      sha256: sha256('print(41)\n'),
    })
    expect(edited).toMatchObject({ path: 'code/run.py', change: 'changed', typed: '42', bytes: null, sha256: null })
    expect(eventsOf(session, 'file-viewed')).toMatchObject([
      { path: 'task.md', text: 'Count beans.\nTwice.', whole: true },
    ])
  })

  test('keeps what a refused write had typed', () => {
    expect(eventsOf(session, 'edit-failed')).toMatchObject([
      { path: 'results/log.txt', typed: 'accuracy 0.93', message: expect.stringContaining('not been read') },
    ])
  })

  test('ends with the reported cost and time', () => {
    expect(session.events.slice(-2)).toMatchObject([
      { type: 'session-reported', costUsd: 0.5, durationMs: 1200, totalTokens: null },
      { type: 'coder-finished', ending: 'done', steps: 5, message: 'All done.' },
    ])
  })

  test('tells the whole session in Markdown', () => {
    for (const text of ['Measure it.', 'I read the task.', 'print(41)', 'exit code: 0\n41', 'accuracy 0.93'])
      expect(session.markdown).toContain(text)
  })
})

test.each([
  ['ends well', ['ok', false], { exitCode: 0, exceededLimit: null, outputTruncated: false, outputBytes: 2 }],
  ['fails with a code', ['Exit code 3\nno', true], { exitCode: 3, output: 'no' }],
  ['fails without a code', ['Traceback', true], { exitCode: null, exceededLimit: null }],
  [
    'runs out of time',
    ['Command timed out after 2m 0.5s\nepoch 1', true],
    { exitCode: null, exceededLimit: 'wall-time', durationMs: 120_500 },
  ],
  [
    'prints too much',
    ['a\n\n... [12 characters truncated] ...\n\nb', false],
    { outputTruncated: true, outputBytes: null },
  ],
])('records a command that %s', (_, [output, isError], expected) => {
  const session = read([say('m', tool('t', 'Bash', { command: 'x' })), result('t', output, isError === true)])
  expect(eventsOf(session, 'command-executed')).toMatchObject([{ command: 'x', ...expected }])
})

test('unfolds a batch', () => {
  const invocations = [
    { tool_name: 'Write', input: { file_path: '/w/a.py', content: '' } },
    { tool_name: 'Bash', input: { command: 'ls' } },
  ]
  const parts = ['Write(…):', 'File created successfully at: /w/a.py', 'Bash(…):', 'a.py']
  const output = parts.map((text) => ({ type: 'text', text }))
  const session = read([say('m', tool('t', 'Batch', { invocations })), result('t', output, false)])
  expect(eventsOf(session, 'file-written')).toMatchObject([{ path: 'a.py', bytes: 0 }])
  expect(eventsOf(session, 'command-executed')).toMatchObject([{ command: 'ls', output: 'a.py', exitCode: null }])
})

test('leaves images out', () => {
  const image = [{ type: 'image', source: { type: 'base64', data: 'QUJDREVG' } }]
  const session = read([say('m', tool('t', 'Read', { file_path: '/w/f.png' })), result('t', image)])
  expect(eventsOf(session, 'file-viewed')).toMatchObject([{ path: 'f.png', text: null }])
  expect(session.markdown).not.toContain('QUJDREVG')
})

describe('stream-json of Claude Code', () => {
  const lines = (...entries: object[]): string => entries.map((entry) => JSON.stringify(entry)).join('\n')
  const init = { type: 'system', subtype: 'init', cwd: '/w', model: 'claude-x' }
  const assistant = (message: object): object => ({ type: 'assistant', message })
  const user = (message: object): object => ({ type: 'user', message })

  test('takes the folder from the first line and the final count of a growing message', () => {
    const early = say('m1', tool('t1', 'Write', { file_path: '/w/a.md', content: 'x' }))
    const late = { ...say('m1'), usage: { ...usage, output_tokens: 90 } }
    const text = lines(
      init,
      assistant(early),
      user(result('t1', 'File created successfully at: /w/a.md')),
      assistant(late),
      {
        type: 'result',
        subtype: 'success',
        is_error: false,
        total_cost_usd: 0.25,
        duration_ms: 10,
        result: 'Done.',
        permission_denials: [],
      },
    )
    const session = readTranscript('claude-code', text, where)
    expect(eventsOf(session, 'file-written')).toMatchObject([{ path: 'a.md' }])
    expect(eventsOf(session, 'model-called')).toMatchObject([{ usage: { outputTokens: 90 } }])
    expect(session.events.slice(-2)).toMatchObject([{ costUsd: 0.25 }, { ending: 'done', message: 'Done.' }])
  })

  test.each([
    ['error_max_turns', false, 'step-limit'],
    ['error_max_budget_usd', true, 'cost-limit'],
    ['error_during_execution', true, 'model-failed'],
    ['success', true, 'model-failed'],
  ])('%s (error: %s) ends by %s', (subtype, is_error, ending) => {
    const session = readTranscript('claude-code', lines(init, { type: 'result', subtype, is_error }), where)
    expect(eventsOf(session, 'coder-finished')).toMatchObject([{ ending }])
  })

  test('does not tell a denied command as executed', () => {
    const text = lines(
      assistant(say('m', tool('t', 'Bash', { command: 'rm -rf /' }))),
      user(result('t', 'denied', true)),
      { type: 'result', subtype: 'success', permission_denials: [{ tool_name: 'Bash', tool_use_id: 't' }] },
    )
    const session = readTranscript('claude-code', text, where)
    expect(eventsOf(session, 'command-executed')).toEqual([])
    expect(session.markdown).toContain('Not allowed: Bash')
  })

  test('keeps what stands before a broken end', () => {
    const text = `${lines(init, assistant(say('m', tool('t', 'Bash', { command: 'sleep 9' }))))}\n{"type":"ass`
    const session = readTranscript('claude-code', text, where)
    expect(eventsOf(session, 'command-executed')).toMatchObject([{ command: 'sleep 9', exitCode: null }])
    expect(eventsOf(session, 'coder-finished')).toMatchObject([{ ending: 'unknown' }])
    expect(session.notes).toEqual(['1 lines are no JSON and were left out', '1 tool calls have no result'])
  })
})

test.each([
  '',
  '[',
  '[]',
  'null',
  '[null, 3, "x", {"role":"assistant"}, {"role":"user","content":[7]}]',
  '[{"role":"system","cost_usd":-1}]',
  '{"a":',
])('reads %j without throwing', (text) => {
  expect(eventsOf(readTranscript('claude-code', text, where), 'coder-finished')).toHaveLength(1)
})
