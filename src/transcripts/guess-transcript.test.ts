import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type FollowedProgram, followers } from './followers.ts'
import { guessTranscript } from './guess-transcript.ts'
import { readTranscript } from './index.ts'

const where = { stage: 'experiment', attempt: 1 } as const
const recordings = join(import.meta.dirname, '../../test/fixtures/transcripts')
const programs = Object.keys(followers) as FollowedProgram[]

const session = [
  { type: 'system', subtype: 'init', cwd: '/work', session_id: 's', tools: ['Bash'], permissionMode: 'default' },
  {
    type: 'assistant',
    message: {
      id: 'm1',
      role: 'assistant',
      content: [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'echo 0.8123' } }],
    },
    session_id: 's',
  },
  {
    type: 'user',
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: '0.8123' }] },
    session_id: 's',
  },
]
const told = (text: string): string[] => readTranscript('claude-code', text, where).events.map(({ type }) => type)

/** As Python writes it: blanks behind colons and commas. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${spaced(one)}`)
    .join(', ')}}`
}

describe('lines of JSON that were written again', () => {
  test("Claude Code's are known with blanks in them, from whichever line on, and say the same", () => {
    const text = session.map(spaced).join('\n')
    expect(text.startsWith('{"type": "system"')).toBe(true)
    expect(guessTranscript('log.jsonl', text)).toBe('claude-code')
    expect(guessTranscript('log.jsonl', session.slice(1).map(spaced).join('\n'))).toBe('claude-code')
    expect(told(text)).toContain('command-executed')
    expect(told(text)).toEqual(told(session.map((line) => JSON.stringify(line)).join('\n')))
  })

  test('are known with their keys in another order, and where the first one does not end within what is looked at', () => {
    const sorted = session.map((line) => Object.fromEntries(Object.entries(line).toReversed()))
    expect(guessTranscript('log.jsonl', sorted.map(spaced).join('\n'))).toBe('claude-code')
    const prompt = { type: 'user', message: { role: 'user', content: 'a "long" {task} '.repeat(5_000) } }
    expect(guessTranscript('log.jsonl', spaced(prompt))).toBe('claude-code')
  })

  test.each(programs)('%s: every recording', (program) => {
    for (const file of readdirSync(join(recordings, program))) {
      const lines = readFileSync(join(recordings, program, file), 'utf8').split('\n')
      if (lines.every((line) => line.trim() === '')) continue
      const again = lines.map((line) => (line.startsWith('{') ? spaced(JSON.parse(line)) : line)).join('\n')
      expect([file, guessTranscript('log.jsonl', again)]).toEqual([file, program])
    }
  })
})

test('an array of messages is known laid out in any way', () => {
  const messages = [{ role: 'user', content: [{ type: 'text', text: 'Do the task.' }] }]
  for (const text of [JSON.stringify(messages), spaced(messages), JSON.stringify(messages, null, 2)])
    expect(guessTranscript('claude_output.json', text)).toBe('claude-code')
})

test('data that speak of users and systems are no record', () => {
  for (const text of [
    '{"type": "user", "name": "Ada", "score": 0.8123}\n{"type": "system", "name": "ours", "score": 0.8731}',
    '{"type":"assistant","accuracy":0.8123}',
    '{"type": "init", "timestamp": 12.5, "session_id": "s"}',
    '{"result": {"type": "system", "subtype": "init", "session_id": "s"}}',
    '{"note": "{\\"type\\": \\"system\\", \\"subtype\\": \\"init\\"}"}',
    '{\n  "type": "system",\n  "subtype": "linear"\n}',
    '[{"name": "a", "role": "user"}]',
    '[0.8123, {"role": "user"}]',
    '{"id": "1", "timestamp": "2026-01-01", "source": "sensor", "action_count": 3}',
  ])
    expect([text, guessTranscript('data.jsonl', text)]).toEqual([text, null])
})

test('reads what is broken, unclosed or endless', () => {
  for (const text of [
    '{"type',
    '{"type": ',
    '{"type": "system"',
    '{"type": "system", "subtype',
    `{"a": ${'['.repeat(1_000_000)}`,
    `{"a": [${'"\\"'.repeat(500_000)}`,
    `{"a": ${'"\\"'.repeat(500_000)}`,
    '{"a": 1, '.repeat(100_000),
    '{"a": 1}\n'.repeat(100_000),
    '{'.repeat(1_000_000),
    '{"type": {"type": "system"}, "subtype": "init"}',
  ])
    expect(guessTranscript('log.jsonl', text)).toBeNull()
})
