import { expect, test } from 'vitest'
import type { NewEvent } from '../../schema/event.ts'
import { foldWords } from '../numbers/fold-words.ts'
import { subjectOf } from '../../../test/support/facts-of.ts'
import { readSession } from '../session/read-session.ts'
import type { EvidenceGrid, EvidencePool } from './evidence.ts'
import { gatherEvidence } from './gather-evidence.ts'

const at = { stage: 'experiment', attempt: 1 } as const

function ran(step: number, command: string, output = ''): NewEvent {
  const known = { exitCode: 0, exceededLimit: null, durationMs: null, outputBytes: null, outputTruncated: false }
  return { type: 'command-executed', ...at, step, command, output, ...known }
}

function wrote(step: number, path: string, typed: string): NewEvent {
  const bytes = Buffer.byteLength(typed)
  return { type: 'file-written', ...at, step, path, bytes, sha256: null, change: 'created', typed }
}

function poolOf(files: Record<string, string>, events: NewEvent[] = []): EvidencePool {
  const subject = subjectOf(files, { events, record: events.length > 0 ? 'transcript' : 'none' })
  return gatherEvidence(subject, readSession(subject))
}

/** Each place of a value: its kind and where it stands. */
function placesOf(pool: EvidencePool, value: number): string[] {
  return pool.numbers
    .filter(({ number }) => Math.abs(number.value - value) < 1e-9)
    .map(({ source }) => {
      const { kind, path, step } = pool.sources[source] ?? { kind: 'none', path: null, step: null }
      return `${kind} ${path ?? `step ${step}`}`
    })
}

function wordsOf(pool: EvidencePool, value: number): readonly string[] {
  return pool.numbers.find(({ number }) => Math.abs(number.value - value) < 1e-9)?.words ?? []
}

function gridOf(pool: EvidencePool, column: string): EvidenceGrid | undefined {
  return pool.grids.find(({ columnLabels }) => columnLabels.includes(column))
}

const log = 'epoch 1 accuracy 0.7312\nepoch 2 accuracy 0.8145\nfinal f1 0.8021\n'

test('counts a file as typed when the agent wrote its lines, also under another name', () => {
  const pool = poolOf({ 'results/log.txt': log }, [
    wrote(1, 'code/train.log', log),
    ran(2, 'mv code/train.log results/log.txt'),
  ])
  expect([...pool.typedFiles]).toEqual([['results/log.txt', 1]])
  expect(placesOf(pool, 0.8145)).toEqual(['typed results/log.txt', 'typed code/train.log'])
})

test('counts a file as written by a process when its lines were printed first', () => {
  const pool = poolOf({ 'log.txt': log }, [ran(1, 'python train.py', log), wrote(2, 'notes.md', log)])
  expect(pool.typedFiles.size).toBe(0)
  expect(placesOf(pool, 0.8145)).toContain('process log.txt')
})

test.each([
  ['a heredoc', `cat > log.txt << 'EOF'\n${log}EOF`],
  [
    'an echo',
    log
      .trim()
      .split('\n')
      .map((line) => `echo "${line}" >> log.txt`)
      .join('\n'),
  ],
  ['inline code', `python -c "open('log.txt','w').write('''\n${log}''')"`],
])('sees through %s', (_what, command) => {
  expect(poolOf({ 'log.txt': log }, [ran(1, command)]).typedFiles.get('log.txt')).toBe(1)
})

test('lets constants of a template not outweigh the results that a program filled in', () => {
  const script = "text = '''\n1. Setup of 3 runs\n2. Batch size 16\n3. See table 2\n'''"
  const report = '1. Setup of 3 runs\n2. Batch size 16\n3. See table 2\naccuracy 0.9134\n'
  const pool = poolOf({ 'out/summary.txt': report }, [wrote(1, 'a.py', script), ran(2, 'python a.py')])
  expect(pool.typedFiles.size).toBe(0)
  expect(placesOf(pool, 0.9134)).toEqual(['process out/summary.txt'])
})

test('keeps a line that the agent put into a file of a process for the agent', () => {
  const file = '{\n  "a": 0.8123,\n  "b": 0.9456,\n  "c": 0.7001,\n  "d": 0.6543\n}\n'
  const edit: NewEvent = {
    type: 'file-written',
    ...at,
    step: 2,
    path: 'r.json',
    bytes: null,
    sha256: null,
    change: 'changed',
    typed: '  "b": 0.9456,',
  }
  const pool = poolOf({ 'r.json': file }, [ran(1, 'python a.py', 'done'), edit])
  expect(pool.typedFiles.size).toBe(0)
  expect(placesOf(pool, 0.8123)).toEqual(['process r.json'])
  expect(placesOf(pool, 0.9456)).toEqual(['typed r.json', 'typed r.json'])
})

test('gives what an output repeats of the agent to the agent, and of the plan to nobody', () => {
  const pool = poolOf({ 'proposal.md': 'We expect an accuracy of 0.9512.\n' }, [
    wrote(1, 'r.md', 'accuracy 0.8899\n'),
    ran(2, 'python show.py; cat r.md proposal.md', 'accuracy 0.8899\nWe expect an accuracy of 0.9512.\nf1 0.7766\n'),
  ])
  expect(placesOf(pool, 0.8899)).toEqual(['typed step 2', 'typed r.md'])
  expect(placesOf(pool, 0.9512)).toEqual(['plan proposal.md'])
  expect(placesOf(pool, 0.7766)).toEqual(['process step 2'])
})

test('takes the output of what runs or shows data for evidence, and of nothing else', () => {
  const pool = poolOf({ 'r.json': '{"a": 0.5123}' }, [
    ran(1, 'python a.py', 'loss 0.4321'),
    ran(2, 'cat r.json', '{"a": 0.5123}'),
    ran(3, 'ls -l', '-rw 1 0.9876'),
    ran(4, 'pip install x', 'x 1.2345'),
    ran(5, 'cat a.py', 'x = 0.2468'),
  ])
  expect(placesOf(pool, 0.4321)).toEqual(['process step 1'])
  expect(placesOf(pool, 0.5123)).toEqual(['process r.json', 'process step 2'])
  for (const value of [0.9876, 1.2345, 0.2468]) expect(placesOf(pool, value)).toEqual([])
})

test('marks reports, copies and looks at them as documents', () => {
  const report = '| m | acc |\n|---|---|\n| a | 0.9123 |\n'
  const pool = poolOf({ 'results.md': report, 'paper.md': '# T', 'code/results.md': report }, [
    ran(1, 'python a.py', 'ok'),
    ran(2, 'cat results.md', report),
  ])
  expect(pool.sources.filter(({ isDocument }) => isDocument).map(({ path, step }) => path ?? step)).toEqual([
    'code/results.md',
    'results.md',
    2,
  ])
  expect(pool.sources.some(({ path }) => path === 'paper.md')).toBe(false)
})

test('calls everything written by processes where nothing shows who typed what', () => {
  expect(placesOf(poolOf({ 'log.txt': log }), 0.8145)).toEqual(['process log.txt'])
})

test('reads nested data as rows and columns with their keys as words', () => {
  const pool = poolOf({
    'r.json': JSON.stringify({ squad: { base_line: { f1: 0.7123 }, ours: { f1: 0.8456 } } }, null, 2),
  })
  expect(gridOf(pool, 'f1')).toMatchObject({
    columnLabels: ['f1'],
    rows: [
      { label: 'base_line', line: 3, cells: ['0.7123'] },
      { label: 'ours', line: 6, cells: ['0.8456'] },
    ],
  })
  expect(wordsOf(pool, 0.8456)).toEqual(expect.arrayContaining(foldWords('squad ours f1')))
})

test('calls a mean by the key above it', () => {
  const pool = poolOf({
    'r.json': '{"a": {"acc": {"mean": 0.8123, "std": 0.0123}}, "b": {"acc": {"mean": 0.9123, "std": 0.0456}}}',
  })
  expect(gridOf(pool, 'acc std')?.columnLabels).toEqual(['acc', 'acc std'])
})

test.each([
  ['NaN and infinities', '{"a": NaN, "b": -Infinity, "c": 0.8123}'],
  ['a broken end', '{"x": {"c": 0.8123, "d": [1, 2'],
  ['lines of JSON', '{"c": 0.7}\n{"c": 0.8123}\n{"c": 0.9}\n'],
  ['what Python prints', "{'c': np.float64(0.8123), 'd': (1, None), 'e': nan}"],
  ['a comma too many', '{"c": [0.8123,],}'],
])('reads %s', (_what, text) => {
  expect(placesOf(poolOf({ 'r.json': text }), 0.8123)).toEqual(['process r.json'])
})

test('keeps nan in its cell', () => {
  const pool = poolOf({ 'r.json': '{"a": {"acc": NaN, "f1": 0.1234}, "b": {"acc": 0.5, "f1": null}}' })
  expect(gridOf(pool, 'acc')?.rows.map(({ cells }) => cells)).toEqual([
    ['NaN', '0.1234'],
    ['0.5', 'null'],
  ])
})

test('reads CSV with quotes, ragged rows and line breaks in fields', () => {
  const pool = poolOf({ 'r.csv': 'method,note,acc\n"a, b","two\nlines",0.8123\nc,,0.9456,7\nd\n' })
  expect(gridOf(pool, 'acc')?.rows.map(({ label, line, cells }) => [label, line, cells[0]])).toEqual([
    ['a, b', 2, '0.8123'],
    ['c', 4, '0.9456'],
    ['d', 5, ''],
  ])
})

test('tells what is said of a long series and table, by column and by group', () => {
  const rows = Array.from(
    { length: 200 },
    (_one, index) => `${index % 2 === 0 ? 'base' : 'udra'},${index},${(0.5 + index / 1_000).toFixed(4)}`,
  )
  const pool = poolOf({ 'r.csv': `method,step,gain\n${rows.join('\n')}\n` })
  const said = pool.numbers
    .filter(({ words }) => words.includes('gain'))
    .map(({ statistic, number }) => [statistic, number.value])
  const near = (value: number): unknown => expect.closeTo(value, 9)
  expect(said).toEqual(
    expect.arrayContaining([
      ['mean', near(0.5995)],
      ['min', 0.5],
      ['max', 0.699],
      ['last', 0.699],
      ['median', near(0.5995)],
    ]),
  )
  const groups = pool.numbers.filter(({ words, statistic }) => statistic === 'mean' && words.includes('udra'))
  expect(groups.map(({ number }) => number.value)).toContainEqual(near(0.6))
  // of a hundred rows by name and more the last ones and the best ones alone
  expect(pool.numbers.filter(({ statistic }) => statistic === 'value').length).toBeLessThan(30)
})

test('gives mean and both deviations of a few seeds beside their values', () => {
  const pool = poolOf({ 'r.json': '{"acc": [0.71, 0.73, 0.78]}' })
  expect(pool.numbers.map(({ statistic, number }) => [statistic, Number(number.value.toFixed(4))])).toEqual([
    ['mean', 0.74],
    ['std', 0.0294],
    ['std', 0.0361],
    ['value', 0.71],
    ['value', 0.73],
    ['value', 0.78],
  ])
})

test('keeps of many log lines alike the first, the last and the extreme ones', () => {
  const lines = Array.from(
    { length: 100 },
    (_one, step) =>
      `2024-05-01 10:00:01,123 - INFO - step ${step} loss=${(1 + ((step * 37) % 100) / 1_000).toFixed(3)}`,
  )
  const pool = poolOf({ 'log.txt': lines.join('\n') })
  expect(new Set(pool.numbers.map(({ line }) => line))).toEqual(new Set([1, 28, 100]))
  expect(placesOf(pool, 1.099)).toHaveLength(1)
})

test('strips escapes, progress bars, times and paths', () => {
  const text =
    '\u001B[32macc: 0.8123\u001B[0m\n 10%|#   | 1/10 [00:01<00:09, 1.52it/s]\r100%|####| 10/10 [00:10<00:00, 9.87it/s, loss=0.4567]\n2024-05-01 10:11:12,345 saved to out/v1.25/model_0.75.pt\n'
  const pool = poolOf({ 'log.txt': text })
  expect(pool.numbers.map(({ number }) => number.value)).toEqual([0.8123, 0.4567])
  expect(pool.sources[0]?.lines[0]).toBe('acc: 0.8123')
})

test('reads tables of all kinds in an output', () => {
  const markdown = 'Scores:\n| Method | Acc |\n|---|---|\n| **A** | 0.8111 |\n'
  const pandas = '\n   method  f1\n0       A  0.8222\n1       B  0.7333\n'
  const boxed = '\n+-----+-------+\n| m   | bleu  |\n+=====+=======+\n| A   | 21.47 |\n+-----+-------+\n'
  const latex = '\nName & Rouge \\\\\n\\hline\nA & 31.58 \\\\\n'
  const pool = poolOf({}, [ran(1, 'python show.py', markdown + pandas + boxed + latex)])
  expect(gridOf(pool, 'Acc')?.rows).toMatchObject([{ label: 'A', cells: ['0.8111'] }])
  expect(gridOf(pool, 'f1')?.rows).toMatchObject([
    { label: 'A', cells: ['0.8222'] },
    { label: 'B', cells: ['0.7333'] },
  ])
  expect(gridOf(pool, 'bleu')?.rows).toMatchObject([{ label: 'A', cells: ['21.47'] }])
  expect(gridOf(pool, 'Rouge')?.rows).toMatchObject([{ label: 'A', cells: ['31.58'] }])
})

test('makes rows of lines with the same keys, and of blocks below headings', () => {
  const lines = 'Base: acc=0.8111, f1=0.7222\nOurs: acc=0.9333, f1=0.8444\n'
  const blocks =
    '\n=== Small model ===\n  Latency: 12.5\n  Memory: 3.25\n\n=== Large model ===\n  Latency: 48.5\n  Memory: 7.75\n'
  const pool = poolOf({ 'log.txt': lines + blocks })
  expect(gridOf(pool, 'acc')?.rows).toMatchObject([
    { label: 'Base', cells: ['0.8111', '0.7222'] },
    { label: 'Ours', cells: ['0.9333', '0.8444'] },
  ])
  expect(gridOf(pool, 'Latency')?.rows).toMatchObject([
    { label: 'Small model', cells: ['12.5', '3.25'] },
    { label: 'Large model', cells: ['48.5', '7.75'] },
  ])
  expect(wordsOf(pool, 48.5)).toEqual(expect.arrayContaining(foldWords('latency large')))
})

test('tells settings and other constants of code apart', () => {
  const code =
    "def main():\n    parser.add_argument('--lr', default=0.0123)\n    scores = {\n        'ours': 0.8765,\n    }\n    train(dropout=0.15)\n"
  const pool = poolOf({ 'a.py': code })
  expect(placesOf(pool, 0.0123)).toEqual(['config a.py'])
  expect(placesOf(pool, 0.15)).toEqual(['config a.py'])
  expect(placesOf(pool, 0.8765)).toEqual(['literal a.py'])
  expect(wordsOf(pool, 0.8765)).toEqual(expect.arrayContaining(foldWords('ours scores')))
})

test('skips what is binary whatever its name, and says so', () => {
  const pool = poolOf({ 'r.txt': 'a\0b 0.8123' })
  expect(pool.numbers).toEqual([])
  expect(pool.leftOut).toEqual([{ path: 'r.txt', bytes: 10, reason: 'binary, whatever its name says' }])
})

test('reads a long file but for its middle, and says so', () => {
  const pool = poolOf({
    'log.txt': `acc 0.8123\n${'x\n'.repeat(3 * 1024 * 1024)}acc 0.7001\n${'x\n'.repeat(2 * 1024 * 1024)}acc 0.9456\n`,
  })
  expect(placesOf(pool, 0.8123)).toHaveLength(1)
  expect(placesOf(pool, 0.7001)).toEqual([])
  expect(pool.numbers.find(({ number }) => number.value === 0.9456)?.line).toBe(3 + 5 * 1024 * 1024)
  expect(pool.leftOut).toMatchObject([{ path: 'log.txt' }])
})

test('takes a file for seen whole where the record cut what it showed', () => {
  const long = Array.from({ length: 40 }, (_one, index) => `run ${index} scored 0.${4_000 + index}`).join('\n')
  const cut: NewEvent = {
    type: 'command-executed',
    ...at,
    step: 2,
    command: 'cat scores.txt',
    output: long.slice(0, 200),
    exitCode: 0,
    exceededLimit: null,
    durationMs: null,
    outputBytes: null,
    outputTruncated: true,
  }
  const events = [ran(1, 'python a.py', 'done'), cut, wrote(3, 'notes.md', long)]
  expect(poolOf({ 'scores.txt': long }, events).typedFiles.size).toBe(0)
  expect(poolOf({ 'scores.txt': long }, [wrote(1, 'scores.txt', long), cut]).typedFiles.size).toBe(1)
})

test.each([
  ['nothing', ''],
  ['brackets without end', '['.repeat(50_000)],
  ['open objects on lines', '{\n'.repeat(20_000)],
  ['digits', '7'.repeat(100_000)],
  ['bars', '|'.repeat(50_000)],
  ['progress on one line', '50%|#  | 5/10 [00:01<00:02, 3it/s]\r'.repeat(5_000)],
  ['escapes', '\u001B['.repeat(50_000)],
  ['quotes', 'a,"b\n'.repeat(20_000)],
])('survives %s', (_what, text) => {
  for (const name of ['a.json', 'a.csv', 'a.txt', 'a.py']) expect(poolOf({ [name]: text }).leftOut).toEqual([])
})

test('gives the same pool for the same input', () => {
  const files = { 'log.txt': log, 'r.json': '{"a": {"x": 0.123}, "b": {"x": 0.456}}', 'a.py': 'x = 0.91' }
  expect(poolOf(files)).toEqual(poolOf(files))
})

test('reads a number within a call as that number, and keeps the table around it', () => {
  const subject = subjectOf({
    'paper.md': '# T\n',
    'out.json': '{"base": {"acc": np.float64(0.81)}, "ours": {"acc": np.float64(0.87)}}',
  })
  const pool = gatherEvidence(subject, readSession(subject))
  expect(pool.grids.flatMap(({ rows }) => rows.map(({ label, cells }) => `${label} ${cells.join()}`))).toEqual(
    expect.arrayContaining(['base 0.81', 'ours 0.87']),
  )
})

test('reads tables in boxes of heavy, light and double lines', () => {
  const box = [
    '┏━━━━━━┳━━━━━━━━━━┓',
    '┃ Name ┃ Accuracy ┃',
    '┡━━━━━━╇━━━━━━━━━━┩',
    '│ dove │   0.8171 │',
    '│ wren │   0.8442 │',
    '└──────┴──────────┘',
    '',
    '╔══════╦════════╗',
    '║ Bird ║ Recall ║',
    '╠══════╬════════╣',
    '║ kite ║ 0.6123 ║',
    '╚══════╩════════╝',
  ]
  const pool = poolOf({ 'run.log': `${box.join('\n')}\n` })
  expect(wordsOf(pool, 0.8171)).toEqual(expect.arrayContaining(['dove', 'accuracy']))
  expect(gridOf(pool, 'Accuracy')?.rows.map(({ label }) => label)).toEqual(['dove', 'wren'])
  expect(wordsOf(pool, 0.6123)).toEqual(expect.arrayContaining(['kite', 'recall']))
})

test('reads commas for points where fields are set apart by something else', () => {
  const pool = poolOf({
    'werte.csv': 'Verfahren;Genauigkeit [%];Preis\nlinear;83,046;1.250,5\nkubisch;86,051;1.310,0\n',
  })
  expect(placesOf(pool, 83.046)).toContain('process werte.csv')
  expect(wordsOf(pool, 86.051)).toContain('kubisch')
  // a point and a comma in one number may be either
  expect(placesOf(pool, 1250.5)).toEqual([])
  const mixed = poolOf({ 'mixed.csv': 'name;list\na;1,5\nb;2.25\n' })
  expect(placesOf(mixed, 1.5)).toEqual([])
})

test('tells rows of one name apart by a column of settings beside it', () => {
  const rows = ['0.2,plain,0.8612', '0.2,robust,0.9521', '0.4,plain,0.8304', '0.4,robust,0.8605']
  const pool = poolOf({ 'r.csv': `noise,method,accuracy\n${rows.join('\n')}\n` })
  expect(pool.grids.some(({ rows: [first] }) => first?.label === '0.2 plain' && first.cells[0] === '0.8612')).toBe(true)
  expect(gridOf(pool, '0.2 accuracy')?.rows.map(({ label, cells }) => [label, ...cells])).toEqual([
    ['plain', '0.8612', '0.8304'],
    ['robust', '0.9521', '0.8605'],
  ])
})

test('tells of a long record by name its last rows, and the best ones with all that stands in them', () => {
  const line = (model: string, epoch: number): string =>
    JSON.stringify({ model, epoch, val: 0.7 + 0.01 * (epoch % 31), test: Number((0.6 + 0.0013 * epoch).toFixed(4)) })
  const epochs = Array.from({ length: 40 }, (_, epoch) => epoch)
  const lines = ['finch', 'heron'].flatMap((model) => epochs.map((epoch) => line(model, epoch)))
  const pool = poolOf({ 'metrics.jsonl': `${lines.join('\n')}\n` })
  // the best by `val` is epoch 30
  expect(wordsOf(pool, 0.639)).toEqual(expect.arrayContaining(['finch', 'test']))
  expect(
    pool.grids.some(({ rows }) => rows.some(({ label, cells }) => label === 'heron' && cells.includes('0.639'))),
  ).toBe(true)
  expect(placesOf(pool, 0.6507)).toContain('process metrics.jsonl')
  // the rest is left out
  expect(placesOf(pool, 0.6117)).toEqual([])
})

test('tells of each part of a long log by itself', () => {
  const part = (name: string, from: number): string[] => [
    `Training ${name}`,
    ...Array.from({ length: 40 }, (_, epoch) => `step ${epoch} - loss: ${(from - epoch / 1000).toFixed(4)}`),
  ]
  const pool = poolOf({ 'train.log': [...part('finch', 0.9), ...part('heron', 0.8), ...part('stork', 0.7)].join('\n') })
  // the last of a part in the middle
  expect(placesOf(pool, 0.761)).toContain('process train.log')
  expect(placesOf(pool, 0.78)).toEqual([])
})

test('calls objects of a list by their first text', () => {
  const list = [
    { id: 'finch', parts: { clean: { rate: 0.1485 } } },
    { id: 'heron', parts: { clean: { rate: 0.1521 } } },
  ]
  expect(wordsOf(poolOf({ 'out.json': JSON.stringify({ birds: list }) }), 0.1521)).toEqual(
    expect.arrayContaining(['heron', 'clean', 'rate']),
  )
})
