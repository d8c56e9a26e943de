import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import { makeTrial, sampleRun, sampleTrial, taskText } from '../../test/support/sample-run.ts'
import { openEventLog } from '../runs/event-log.ts'
import { keepReview } from '../runs/review-store.ts'
import { createRun, trialFolder } from '../runs/run-store.ts'
import { type Column, exportTables, readExportRows } from './export-tables.ts'
import { writeExport } from './write-export.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mlrbench-export-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** A run of one trial with a call that has no price, a command, and two reviews. */
async function sampleRows() {
  const record = sampleRun()
  const folder = await createRun(root, record, new Map([['letters', taskText]]))
  const trial = sampleTrial(record)
  await makeTrial(trialFolder(folder, trial.id), trial)
  using log = openEventLog(join(trialFolder(folder, trial.id), 'events'), () => {})
  const usage = {
    inputTokens: 12,
    outputTokens: 3,
    cachedReadTokens: null,
    cachedWriteTokens: null,
    reasoningTokens: null,
  }
  log.append({
    type: 'model-called',
    callId: 'c',
    purpose: { kind: 'stage', stage: 'idea', attempt: 1, step: 1 },
    model: 'openai/x',
    responseModel: null,
    usage,
    costUsd: null,
    latencyMs: 5.5,
    finishReason: 'stop',
    retries: 0,
    cache: 'miss',
  })
  log.append({
    type: 'command-executed',
    stage: 'experiment',
    attempt: 1,
    step: 1,
    command: 'echo "ü, \n"',
    exitCode: 0,
    exceededLimit: null,
    durationMs: 7,
    output: 'ü, \n',
    outputBytes: 5,
    outputTruncated: false,
  })
  for (const judge of ['a', 'b'])
    await keepReview(folder, sampleReview({ clarity: 8, overall: 6 }, { agent: 'alpha', task: 'letters', judge }))
  return readExportRows({ folder, record })
}

test('DuckDB reads the Parquet files, with the types that are documented and nulls for what is unknown', async () => {
  await writeExport(root, [await sampleRows()], 'parquet')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson()
  const types: Readonly<Record<Column['type'], string>> = {
    STRING: 'VARCHAR',
    INT64: 'BIGINT',
    DOUBLE: 'DOUBLE',
    BOOLEAN: 'BOOLEAN',
    TIMESTAMP: 'TIMESTAMP',
  }
  for (const [table, { columns }] of Object.entries(exportTables)) {
    const described = await query(`DESCRIBE SELECT * FROM '${join(root, table)}.parquet'`)
    expect(described.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
      Object.entries(columns).map(([name, { type }]) => [name, types[type]]),
    )
  }
  const marks = await query(
    `SELECT dimension, avg(score) AS mean, count(*)::INT AS marks FROM '${root}/scores.parquet' GROUP BY ALL ORDER BY ALL`,
  )
  expect(marks).toEqual([
    { dimension: 'clarity', mean: 8, marks: 2 },
    { dimension: 'overall', mean: 6, marks: 2 },
  ])
  expect(await query(`SELECT input_tokens, cost_usd, latency_ms FROM '${root}/model_calls.parquet'`)).toEqual([
    { input_tokens: '12', cost_usd: null, latency_ms: 5.5 },
  ])
  expect(await query(`SELECT command, output FROM '${root}/commands.parquet'`)).toEqual([
    { command: 'echo "ü, \n"', output: 'ü, \n' },
  ])
  expect(await query(`SELECT year(created_at) AS year FROM '${root}/trials.parquet'`)).toEqual([{ year: '2026' }])
})

test('JSON Lines hold the same rows, every column in each, and the same run gives the same bytes', async () => {
  const rows = await sampleRows()
  const written = await writeExport(join(root, 'a'), [rows], 'jsonl')
  await writeExport(join(root, 'b'), [rows], 'jsonl')
  for (const { table, path, rows: count } of written) {
    const text = await readFile(path, 'utf8')
    const lines = text.split('\n').filter((line) => line !== '')
    expect(lines).toHaveLength(count)
    for (const line of lines)
      expect(Object.keys(JSON.parse(line) as object)).toEqual(Object.keys(exportTables[table].columns))
    expect(await readFile(join(root, 'b', `${table}.jsonl`), 'utf8')).toBe(text)
  }
  expect(written.filter(({ rows: count }) => count > 0).map(({ table }) => table)).toEqual([
    'trials',
    'stages',
    'reviews',
    'scores',
    'model_calls',
    'commands',
  ])
})

test('the documentation names every table and column as it is', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/export.md'), 'utf8')
  const documented = text.split('\n## ').slice(1)
  expect(documented.map((section) => section.split('\n')[0])).toEqual(Object.keys(exportTables))
  for (const [index, { columns }] of Object.values(exportTables).entries()) {
    const rows = [...(documented[index] ?? '').matchAll(/^\| `(.+?)` \| (\w+) \| (.*) \|$/gm)]
    expect(rows.map(([, name, type, about]) => [name, type, about])).toEqual(
      Object.entries(columns).map(([name, { type, about }]) => [name, type, about]),
    )
  }
})
