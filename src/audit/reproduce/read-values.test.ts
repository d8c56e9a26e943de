import { expect, test } from 'vitest'
import { isComparable, readValues } from './read-values.ts'
import { isAboutTime } from './time-words.ts'

function placesOf(path: string, text: string): Record<string, unknown> {
  return Object.fromEntries([...readValues(path, text).values].map(([place, { value }]) => [place, value]))
}

test('JSON values have their key path, and records of a list what their texts say', () => {
  const text = JSON.stringify({
    a: { b: [0.5, 2] },
    rows: [
      { name: 'x', acc: 0.1 },
      { name: 'y', acc: 0.2 },
    ],
    ok: true,
    none: null,
  })
  expect(placesOf('r.json', text)).toEqual({ 'a.b[0]': 0.5, 'a.b[1]': 2, 'rows[x].acc': 0.1, 'rows[y].acc': 0.2 })
})

test('records that no text tells apart are known by their number', () => {
  expect(placesOf('r.json', '[{"n":"x","v":1},{"n":"x","v":2}]')).toEqual({ '[0].v': 1, '[1].v': 2 })
})

test('NaN and infinities are values of their own, null and words are none', () => {
  expect(placesOf('r.json', '{"a": NaN, "b": -Infinity, "c": 1e999, "d": null, "e": "0.9"}')).toEqual({
    a: 'nan',
    b: '-inf',
    c: 'inf',
  })
})

test('lines are those of the file', () => {
  expect([...readValues('r.json', '\n{\n "a": 1,\n "b": 2\n}').values.values()]).toEqual([
    { value: 1, line: 3 },
    { value: 2, line: 4 },
  ])
})

test('each line of JSON lines is a record', () => {
  expect(placesOf('r.jsonl', '{"a":1}\n\n{"a":2}\n')).toEqual({ '1.a': 1, '3.a': 2 })
})

test('cells have the labels of their row and column, in whatever order these come', () => {
  expect(placesOf('t.csv', 'method,acc,f1\nours,0.9,0.8\nbase,0.7,nan\n')).toEqual({
    'ours | acc': 0.9,
    'ours | f1': 0.8,
    'base | acc': 0.7,
    'base | f1': 'nan',
  })
  expect(placesOf('t.tsv', 'f1\tmethod\n0.8\tours\n')).toEqual({ 'ours | f1': 0.8 })
  expect(placesOf('t.csv', '1,0.5\n2,0.4\n')).toMatchObject({ 'row 1 | column 2': 0.5, 'row 2 | column 2': 0.4 })
})

test('rows of one name are told apart', () => {
  expect(placesOf('t.csv', 'm,acc\na,0.1\na,0.2\n')).toEqual({ 'a | acc': 0.1, 'a | acc #2': 0.2 })
})

test('Markdown tables stand under their heading; bold is no part of a value, a spread is one of its own', () => {
  const text =
    '# R\n\nacc was 0.5.\n\n## First\n\n| m | acc |\n|---|---|\n| ours | **0.91 ± 0.02** |\n\n## Second\n\n| m | acc |\n|---|---|\n| ours | 0.4 |\n'
  expect(placesOf('r.md', text)).toEqual({
    'First | ours | acc': 0.91,
    'First | ours | acc ±': 0.02,
    'Second | ours | acc': 0.4,
  })
})

test('time and memory are counted and left out', () => {
  const { values, leftOut } = readValues(
    'r.json',
    '{"acc": 0.5, "train_seconds": 3.2, "timing": {"eval": 1}, "peakMemoryMb": 12}',
  )
  expect([[...values.keys()], leftOut]).toEqual([['acc'], 3])
  expect(placesOf('t.csv', 'm,acc,Train (s)\na,0.1,7\n')).toEqual({ 'a | acc': 0.1 })
})

test.each([
  'elapsed',
  'evalTime',
  'wall_clock',
  'started_at',
  'Runtime [h]',
  'tokens per second',
  'Training time (min)',
  'time_per_epoch',
  'peak memory',
  'memory_mb',
])('%s is about time', (label) => {
  expect(isAboutTime(label)).toBe(true)
})

test.each([
  'accuracy',
  'timesteps',
  'time series error',
  'time_step',
  'sentiment',
  'minority recall',
  'recall@1',
  'Second',
  'memory network',
  'time-aware model',
])('%s is not about time', (label) => {
  expect(isAboutTime(label)).toBe(false)
})

test('logs, figures and code have no places', () => {
  expect(['a.txt', 'a.log', 'a.png', 'a.py', 'a.json', 'b.CSV'].filter(isComparable)).toEqual(['a.json', 'b.CSV'])
})

test('whatever stands in a file, reading it ends', () => {
  const hostile = [
    '{',
    '[[[[',
    '{"a":',
    '|'.repeat(200_000),
    '"'.repeat(100_001),
    `${'1,'.repeat(100_000)}\n`,
    '\0\r\r\n|a|\n',
    '[1,'.repeat(50_000),
    '9'.repeat(100_000),
  ]
  for (const text of hostile)
    for (const path of ['a.json', 'a.jsonl', 'a.csv', 'a.md'])
      expect(readValues(path, text).values.size).toBeLessThan(30_000)
  const many = `[${'{"a":1},'.repeat(30_000)}{}]`
  expect(readValues('a.json', many)).toMatchObject({ complete: false })
})
