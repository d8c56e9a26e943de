import { describe, expect, test } from 'vitest'
import { sha256 } from '../base/hash.ts'
import { readTranscript } from './index.ts'

const where = { stage: 'experiment', attempt: 2 } as const
const read = (text: string): ReturnType<typeof readTranscript> => readTranscript('codex', text, where)

const log = `[2025-01-02T03:04:00] OpenAI Codex v0.5.0 (research preview)
--------
workdir: /home/a/w
model: m
--------
[2025-01-02T03:04:00] User instructions:

    Count beans.

[2025-01-02T03:04:01] exec bash -lc 'ls' in /home/a/w
[2025-01-02T03:04:01] bash -lc 'ls' succeeded in 8ms:
task.md
[2025-01-02T03:04:01] tokens used: 100
[2025-01-02T03:04:02] thinking
**A plan**
[2025-01-02T03:04:03] apply_patch auto_approved=true:
A /home/a/w/run.py
print(1)
A line that looks like a file

M /home/a/w/README.md
@@ -1 +1,2 @@
-old
+new
+more
[2025-01-02T03:04:03] apply_patch(auto_approved=true) exited 0 in 0ms:
Success. Updated the following files:
A /home/a/w/run.py
M /home/a/w/README.md
[2025-01-02T03:04:03] tokens used: 1,250
[2025-01-02T03:04:04] exec bash -lc "python3 - << 'EOF'
for b in open('/x'):
    print(\\"b\\")
EOF" in /home/a/w
[2025-01-02T03:04:06] bash -lc "python3 - << 'EOF'
for b in open('/x'):
    print(\\"b\\")
EOF" exited 1 in 2.18s:
[2025-01-02T03:04:05] INFO a line of the program, not of Codex
Traceback
[2025-01-02T03:04:06] tokens used: 1300
[2025-01-02T03:04:07] exec bash -lc 'sleep 999' in /home/a/w
[2025-01-02T03:06:07] tokens used: 1400
[2025-01-02T03:06:10] codex
I counted them.
[2025-01-02T03:06:10] tokens used: 1500
`

describe('log of codex exec', () => {
  const session = read(log)

  test('gives commands with their scripts, codes, times and outputs', () => {
    const commands = session.events.flatMap((event) => (event.type === 'command-executed' ? [event] : []))
    expect(commands).toMatchObject([
      { step: 1, command: 'ls', exitCode: 0, durationMs: 8, output: 'task.md', outputBytes: 7 },
      {
        step: 4,
        command: "python3 - << 'EOF'\nfor b in open('/x'):\n    print(\"b\")\nEOF",
        exitCode: 1,
        durationMs: 2180,
        output: '[2025-01-02T03:04:05] INFO a line of the program, not of Codex\nTraceback',
      },
      { step: 5, command: 'sleep 999', exitCode: null, durationMs: null },
    ])
    expect(session.notes).toEqual(['a command has no result'])
  })

  test('takes files out of a patch by the names its result repeats', () => {
    const files = session.events.flatMap((event) => (event.type === 'file-written' ? [event] : []))
    const typed = 'print(1)\nA line that looks like a file\n'
    expect(files).toMatchObject([
      { path: 'run.py', change: 'created', typed: `${typed}`, sha256: sha256(typed) },
      { path: 'README.md', change: 'changed', typed: 'new\nmore', sha256: null, bytes: null },
    ])
  })

  test('adds up tokens and tells the time between the first and the last line', () => {
    expect(session.events.slice(-2)).toMatchObject([
      { type: 'session-reported', costUsd: null, totalTokens: 5550, durationMs: 130_000 },
      { type: 'coder-finished', attempt: 2, ending: 'done', steps: 5, message: 'I counted them.' },
    ])
  })
})

test('marks an output of twenty lines as cut', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n')
  const session = read(
    `[2025-01-02T03:04:01] exec ls in /w\n[2025-01-02T03:04:01] ls succeeded in 1m05s:\n${lines}\n[2025-01-02T03:04:01] codex\nDone.`,
  )
  expect(session.events[0]).toMatchObject({ outputTruncated: true, outputBytes: null, durationMs: 65_000 })
})

test('keeps what a failed patch had typed', () => {
  const session = read(
    `[2025-01-02T03:04:01] apply_patch auto_approved=true:\nA /w/a.txt\n0.93\n[2025-01-02T03:04:01] apply_patch(auto_approved=true) exited 1 in 0ms:\nno such file`,
  )
  expect(session.events[0]).toMatchObject({
    type: 'edit-failed',
    path: '/w/a.txt',
    typed: '0.93\n',
    message: 'no such file',
  })
})

test('reads the lines of codex exec --json', () => {
  const session = read(
    [
      { type: 'thread.started', thread_id: 'x' },
      { type: 'turn.started' },
      { type: 'item.completed', item: { id: '0', type: 'reasoning', text: 'Hm.' } },
      { type: 'item.started', item: { id: '1', type: 'command_execution', command: 'ls', status: 'in_progress' } },
      {
        type: 'item.completed',
        item: {
          id: '1',
          type: 'command_execution',
          command: 'ls',
          aggregated_output: 'a\n',
          exit_code: 0,
          status: 'completed',
        },
      },
      {
        type: 'item.completed',
        item: { id: '2', type: 'file_change', changes: [{ path: 'a.py', kind: 'add' }], status: 'completed' },
      },
      { type: 'item.completed', item: { id: '3', type: 'agent_message', text: 'Done.' } },
      { type: 'turn.completed', usage: { input_tokens: 90, cached_input_tokens: 50, output_tokens: 10 } },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  )
  expect(session.events).toMatchObject([
    { type: 'coder-said', text: 'Hm.', thought: true, step: 0 },
    { type: 'command-executed', command: 'ls', exitCode: 0, output: 'a\n', outputTruncated: false },
    { type: 'file-written', path: 'a.py', change: 'created', sha256: null },
    { type: 'coder-said', text: 'Done.', thought: false, step: 2 },
    { type: 'session-reported', totalTokens: 100 },
    { type: 'coder-finished', ending: 'done', steps: 1, message: 'Done.' },
  ])
  expect(session.notes).toEqual([])
})

test.each([
  '',
  '{',
  '{"type":"item.completed"}',
  'no log at all',
  '[2025-01-02T03:04:01] exec ',
  '[2025-99-99T99:99:99] codex\n',
])('reads %j without throwing', (text) => {
  expect(read(text).events.at(-1)).toMatchObject({ type: 'coder-finished' })
})

test('reads a huge log of nothing but openings in time', () => {
  const text = "[2025-01-02T03:04:01] exec bash -lc 'a\n".repeat(50_000)
  expect(read(text).events).toHaveLength(50_002)
})
