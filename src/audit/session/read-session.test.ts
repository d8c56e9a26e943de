import { expect, test } from 'vitest'
import type { NewEvent } from '../../schema/event.ts'
import { subjectOf } from '../../../test/support/facts-of.ts'
import { readSession } from './read-session.ts'
import type { SessionStep } from './session.ts'

const at = { stage: 'experiment', attempt: 1 } as const
type Executed = Extract<NewEvent, { type: 'command-executed' }>

function ran(step: number, command: string, outcome: Partial<Executed> = {}): NewEvent {
  const known = { exitCode: 0, exceededLimit: null, durationMs: null, output: '', outputBytes: null }
  return { type: 'command-executed', ...at, step, command, ...known, outputTruncated: false, ...outcome }
}

function wrote(step: number, path: string, typed: string): NewEvent {
  const bytes = Buffer.byteLength(typed)
  return { type: 'file-written', ...at, step, path, bytes, sha256: null, change: 'created', typed }
}

function stepsOf(files: Record<string, string>, events: NewEvent[]): SessionStep[] {
  return [...readSession(subjectOf(files, { events, record: 'transcript' })).steps]
}

function commandOf(command: string, files: Record<string, string> = {}): Extract<SessionStep, { kind: 'command' }> {
  const step = stepsOf(files, [ran(1, command)])[0]
  if (step?.kind !== 'command') throw new Error('no command')
  return step
}

const work = { 'code/run.py': 'print(1)', 'code/pkg/eval.py': '', 'code/go.sh': 'python run.py --fast\n' }

test.each([
  ['python code/run.py', ['code/run.py']],
  ['cd code && python3 -u run.py --lr 0.1', ['code/run.py']],
  ['cd code; PYTHONPATH=. CUDA_VISIBLE_DEVICES=0 nohup python run.py > log.txt 2>&1 &', ['code/run.py']],
  ['cd code && timeout 60 python run.py | tee log.txt', ['code/run.py']],
  ['cd code && timeout -s KILL 60s nice -n 5 python run.py', ['code/run.py']],
  ['conda run -n env --no-capture-output python code/run.py', ['code/run.py']],
  ['cd code && python -m pkg.eval --x', ['code/pkg/eval.py']],
  ['cd code && bash go.sh', ['code/go.sh', 'code/run.py']],
  ['cd code && ./go.sh', ['code/go.sh', 'code/run.py']],
  ['bash -lc "cd code && python run.py"', ['code/run.py']],
  ['torchrun --nproc_per_node 2 code/run.py', ['code/run.py']],
  ['accelerate launch code/run.py', ['code/run.py']],
  ['node tools/plot.mjs', ['tools/plot.mjs']],
  ['jupyter nbconvert --to notebook --execute a.ipynb', ['a.ipynb']],
  ['for s in 1 2; do python code/run.py --seed $s; done', ['code/run.py']],
])('knows what %j runs', (command, scripts) => {
  expect(commandOf(command, work)).toMatchObject({ runs: true, scripts })
})

test.each([
  'ls -la code',
  'pip install -r requirements.txt',
  'python -m pip install x',
  'python --version',
  'git log',
  'mv a b',
  'source venv/bin/activate',
])('takes %j for no run', (command) => {
  expect(commandOf(command, work)).toMatchObject({ runs: false, scripts: [] })
})

test.each(['pytest -q', 'nvidia-smi', 'make', 'python -m pytest'])('takes %j for a run without a file', (command) => {
  expect(commandOf(command, work)).toMatchObject({ runs: true, scripts: [] })
})

test('collects inline code', () => {
  expect(commandOf('python -c "print(0.91)"').inlineCode).toEqual(['print(0.91)'])
  expect(commandOf("python3 - <<'EOF'\nx = 0.9\nprint(x)\nEOF").inlineCode).toEqual(['x = 0.9\nprint(x)\n'])
  expect(commandOf("echo 'print(3)' | python").inlineCode).toEqual(['print(3)\n'])
})

test('collects what is typed into files, and what echo only prints', () => {
  const command =
    "cat > a/r.md << 'EOF'\nacc 0.91\nEOF\necho 'f1 0.88' >> r2.md\nprintf 'm,%s\\n' 0.7 > t.csv\necho done: 0.5\necho x | tee u.txt"
  expect(commandOf(command).typed).toEqual([
    { path: 'a/r.md', text: 'acc 0.91\n', line: 2 },
    { path: 'r2.md', text: 'f1 0.88\n', line: 4 },
    { path: 't.csv', text: 'm,0.7\n', line: 5 },
    { path: null, text: 'done: 0.5\n', line: 6 },
    { path: null, text: 'x\n', line: 7 },
    { path: 'u.txt', text: 'x\n', line: 7 },
  ])
  expect(commandOf('tee r.txt <<EOF\n0.93\nEOF').typed).toEqual([{ path: 'r.txt', text: '0.93\n', line: 2 }])
  expect(commandOf("sed -i 's/nan/0.12/' r.json").typed).toEqual([{ path: 'r.json', text: 's/nan/0.12/', line: 1 }])
})

test('knows which files a command shows, and that copying shows none', () => {
  const files = { 'out/a.json': '{}', 'out/b.json': '{}' }
  expect(commandOf('cat out/a.json', files).shows).toEqual(['out/a.json'])
  expect(commandOf("sed -n '1,9p' out/a.json | head -5", files).shows).toEqual(['out/a.json'])
  expect(commandOf('cat out/*.json', files).shows).toEqual(['out/a.json', 'out/b.json'])
  expect(commandOf('tail -n 20 out/a.json; grep acc out/b.json', files).shows).toEqual(['out/a.json', 'out/b.json'])
  expect(commandOf('cat out/a.json > c.json; python x.py | tee log.txt', files).shows).toEqual([])
})

test('keeps the working folder from command to command, and starts anew where that fits better', () => {
  const [first, second] = stepsOf(work, [ran(1, 'cd code'), ran(2, 'python run.py')])
  expect(first).toMatchObject({ scripts: [] })
  expect(second).toMatchObject({ scripts: ['code/run.py'] })
  const [, anew] = stepsOf(work, [ran(1, 'cd code && ls'), ran(2, 'python code/run.py')])
  expect(anew).toMatchObject({ scripts: ['code/run.py'] })
})

test('finds the workspace in absolute paths', () => {
  const steps = stepsOf(work, [
    ran(1, 'cd /home/someone/work/code && python run.py'),
    ran(2, 'python /home/someone/work/code/pkg/eval.py'),
  ])
  expect(steps).toMatchObject([{ scripts: ['code/run.py'] }, { scripts: ['code/pkg/eval.py'] }])
})

test('takes away the folder that the work was kept without', () => {
  const steps = stepsOf(work, [
    wrote(1, 'lab/trial/code/run.py', 'print(1)'),
    ran(2, 'cd lab/trial && python code/run.py'),
    ran(3, 'python lab/trial/code/run.py'),
  ])
  expect(steps).toMatchObject([{ path: 'code/run.py' }, { scripts: ['code/run.py'] }, { scripts: ['code/run.py'] }])
})

test('reads a script as it was typed in the session when the work has lost it', () => {
  const [, command] = stepsOf({}, [
    wrote(1, 'all.sh', '#!/bin/bash\npython a.py\npython b.py\n'),
    ran(2, 'bash all.sh'),
  ])
  expect(command).toMatchObject({ scripts: ['all.sh', 'a.py', 'b.py'] })
})

test.each([
  ['a code', { exitCode: 1 }, false],
  ['a limit', { exitCode: null, exceededLimit: 'wall-time' }, false],
  [
    'a traceback behind a pipe',
    { output: 'epoch 1\nTraceback (most recent call last):\n  File "a.py", line 3\nValueError: no\n' },
    false,
  ],
  [
    'a caught traceback with results behind it',
    { output: `Traceback (most recent call last):\nValueError: no\n${'epoch done\n'.repeat(9)}` },
    true,
  ],
  ['words of failure', { output: 'step 3\n2024-01-01 - ERROR - Experiment failed with code 1\nsaved log\n' }, false],
  ['words of success', { output: 'All runs done, 0 runs failed\n' }, true],
  ['a syntax error', { output: '  File "a.py", line 3\n    x =\nSyntaxError: invalid syntax\n' }, false],
  ['nothing at all', { exitCode: null }, null],
  ['an output alone', { exitCode: null, output: 'acc 0.9' }, true],
] as const)('judges a command by %s', (_what, outcome, succeeded) => {
  expect(stepsOf({}, [ran(1, 'python a.py', outcome)])).toMatchObject([{ succeeded }])
})

test('takes an answer without a code for a failure where other commands have one', () => {
  const steps = stepsOf({}, [ran(1, 'ls'), ran(2, 'python a.py', { exitCode: null, output: 'Error' })])
  expect(steps[1]).toMatchObject({ succeeded: false })
})

test('ties a look at a background output to what was started', () => {
  const steps = stepsOf(work, [
    ran(1, 'python code/run.py', { output: 'Command running in background with ID: b1' }),
    ran(2, '# output of background command b1', { output: 'acc: 0.913' }),
  ])
  expect(steps).toMatchObject([
    { succeeded: null, runs: true },
    { runs: true, scripts: ['code/run.py'], output: 'acc: 0.913' },
  ])
})

test('tells writes, refused edits, views and words in their order', () => {
  const steps = stepsOf({}, [
    wrote(1, 'a.py', 'x = 1'),
    { type: 'edit-failed', ...at, step: 2, path: 'a.py', typed: 'x = 2', message: 'no match' },
    { type: 'file-viewed', ...at, step: 3, path: 'r.json', text: '{}', whole: true },
    { type: 'coder-said', ...at, step: 3, thought: true, text: 'hm' },
  ])
  expect(steps).toEqual([
    { kind: 'write', step: 1, path: 'a.py', typed: 'x = 1', refused: false },
    { kind: 'write', step: 2, path: 'a.py', typed: 'x = 2', refused: true },
    { kind: 'view', step: 3, path: 'r.json', text: '{}' },
    { kind: 'said', step: 3, text: 'hm', thought: true },
  ])
})

test('takes the length that the coder reports before the sum of its commands, and neither where one is missing', () => {
  const durationOf = (events: NewEvent[]): number | null => readSession(subjectOf({}, { events })).durationMs
  const report: NewEvent = { type: 'session-reported', ...at, costUsd: null, durationMs: 9_000, totalTokens: null }
  expect(durationOf([ran(1, 'a', { durationMs: 10 }), report])).toBe(9_000)
  expect(durationOf([ran(1, 'a', { durationMs: 10 }), ran(2, 'b', { durationMs: 5 })])).toBe(15)
  expect(durationOf([ran(1, 'a', { durationMs: 10 }), ran(2, 'b')])).toBeNull()
  expect(durationOf([])).toBeNull()
})
