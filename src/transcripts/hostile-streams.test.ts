import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type NewEvent, runEventSchema } from '../schema/event.ts'
import { type FollowedProgram, followers } from './followers.ts'
import { guessTranscript } from './guess-transcript.ts'
import { readTranscript } from './index.ts'

const recordings = join(import.meta.dirname, '../../test/fixtures/transcripts')
const where = { stage: 'experiment', attempt: 1 } as const
const programs = Object.keys(followers) as FollowedProgram[]

/** One tool call without its result, as each program prints it. */
const openCall: Readonly<Record<FollowedProgram, (id: string, input: string) => string>> = {
  'claude-code': (id, input) =>
    `{"type":"assistant","message":{"id":"m","content":[{"type":"tool_use","id":"${id}","name":"Odd","input":${input}}]}}`,
  codex: (id, input) => `{"type":"item.started","item":{"id":"${id}","type":"odd","input":${input}}}`,
  'gemini-cli': (id, input) => `{"type":"tool_use","tool_name":"odd","tool_id":"${id}","parameters":${input}}`,
  'qwen-code': (id, input) =>
    `{"type":"assistant","message":{"id":"m","content":[{"type":"tool_use","id":"${id}","name":"odd","input":${input}}]}}`,
  opencode: (id, input) =>
    `{"type":"tool_use","part":{"tool":"odd","callID":"${id}","state":{"status":"completed","input":${input}}}}`,
  openhands: (id, input) =>
    `{"kind":"ActionEvent","tool_call_id":"${id}","tool_name":"odd","action":{"kind":"OddAction","x":${input}}}`,
}

function readAll(
  program: FollowedProgram,
  lines: Iterable<string>,
): { events: NewEvent[]; markdown: string; notes: string[] } {
  const follower = followers[program](where, '/workspace')
  const events: NewEvent[] = []
  for (const line of lines) events.push(...follower.push(line))
  const { events: late, markdown, notes, end } = follower.end()
  expect(end.message.length).toBeLessThanOrEqual(4_000)
  expect(end.denials).toBeGreaterThanOrEqual(0)
  return { events: [...events, ...late], markdown, notes }
}

describe.each(programs)('%s', (program) => {
  test('reads junk without throwing, and gives valid events', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const lines = [
      '',
      '\u0000\u001b[2J',
      'null',
      '7',
      '"x"',
      '[]',
      '{}',
      '{"type":7,"kind":[]}',
      '{"__proto__":{"type":"result"},"constructor":{"prototype":1}}',
      '{"type":"__proto__","subtype":"constructor","kind":"toString"}',
      '{"type":"assistant","message":{"role":"assistant","stop_reason":"__proto__","content":{"0":1}}}',
      '{"type":"step_finish","part":{"reason":"constructor","cost":-1,"tokens":{"total":"x"}}}',
      '{"type":"result","status":"error","error":{"message":null},"permission_denials":[{"tool_use_id":7}]}',
      '{"type":"item.completed","item":{"id":"1","type":"file_change","changes":[{"path":"\\u0000/../..","kind":"__proto__"}]}}',
      openCall[program]('a', deep),
      openCall[program]('__proto__', '{"__proto__":1}'),
      openCall[program]('b', '"\\ud800\\u0000\\u001b]0;x\\u0007"'),
    ]
    for (const event of readAll(program, lines).events)
      runEventSchema.parse({ ...event, at: '2026-01-01T00:00:00.000Z' })
    expect(readTranscript(program, lines.join('\n'), where).events.at(-1)).toMatchObject({ type: 'coder-finished' })
  })

  test('reads recordings whose values are of other kinds', () => {
    const odd: readonly unknown[] = [null, -1, 1.5, '', 'x', [], {}, [[]], { text: 7 }, true]
    const lines = readdirSync(join(recordings, program)).flatMap((file) =>
      readFileSync(join(recordings, program, file), 'utf8').split('\n'),
    )
    let turn = 0
    const changed = lines.flatMap((line) => {
      const value = parse(line)
      if (value === undefined) return [line]
      return [...paths(value, [])].map((path) => {
        const copy = structuredClone(value)
        put(copy, path, odd[(turn += 1) % odd.length])
        return JSON.stringify(copy)
      })
    })
    expect(changed.length).toBeGreaterThan(100)
    for (const event of readAll(program, changed).events)
      runEventSchema.parse({ ...event, at: '2026-01-01T00:00:00.000Z' })
  })

  test('keeps a bounded transcript of a session without end', () => {
    const text = JSON.stringify('x'.repeat(500_000))
    const call = openCall[program]
    const { markdown, notes } = readAll(
      program,
      (function* lines() {
        for (let index = 0; index < 100; index += 1) yield call(`t${index}`, text)
        for (let index = 0; index < 2_000; index += 1) yield call(`u${index}`, '{}')
        for (let index = 0; index < 300; index += 1)
          yield `{"type":"tool_result","kind":"ObservationEvent","tool_id":"v${index}"}`
      })(),
    )
    expect(markdown.length).toBeLessThan(20 * 1_048_576)
    expect(notes.length).toBeLessThan(120)
  })

  test('cuts a text of many megabytes, and says so', () => {
    const line = openCall[program]('a', JSON.stringify('é'.repeat(8_000_000)))
    const { markdown, notes } = readAll(program, [line])
    expect(markdown.length).toBeLessThan(3 * 1_048_576)
    // Codex tells of no such tool
    expect(notes.join().includes('cut in their middle')).toBe(program !== 'codex')
  })
})

test('reads a saved stream with endless paths in time', () => {
  const path = `/${'a/'.repeat(2_000_000)}`
  const line = { type: 'item.completed', item: { id: '1', type: 'file_change', changes: [{ path, kind: 'add' }] } }
  expect(readTranscript('codex', JSON.stringify(line), where).events).toHaveLength(2)
  const write = { type: 'tool_use', id: 't', name: 'Write', input: { file_path: path, content: '' } }
  const message = { id: 'm', role: 'assistant', content: [write] }
  expect(readTranscript('claude-code', JSON.stringify([message]), where).events).toHaveLength(3)
})

test('knows no other text by marks of a program', () => {
  for (const text of [
    '',
    '{}',
    '{"type":"init"}',
    'plain words',
    '[1, 2]',
    '{"id": "x", "timestamp": "y"}',
    '{"type":"x","timestamp":1}',
  ])
    expect(guessTranscript('notes.txt', text)).toBeNull()
})

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

type Path = readonly (string | number)[]

function* paths(value: unknown, path: Path): Generator<Path> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    yield [...path, key]
    yield* paths(inner, [...path, key])
  }
}

function put(value: unknown, path: Path, odd: unknown): void {
  let at = value as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>
  at[path.at(-1) ?? ''] = odd
}
