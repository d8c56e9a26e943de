import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeWhole } from '../base/files.ts'
import type { Comparison, PairwiseStudy } from '../schema/study.ts'
import { keepComparison, keepStudy, readComparison, readComparisons, readStudies } from './study-store.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-studies-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const side = { run: 'r', trial: 't/a/1', agent: 'a', path: 'results/paper.md', sha256: '1'.repeat(64), namesRemoved: 0 }
const comparison: Comparison = {
  schema: 'mlrbench/comparison@1',
  id: 'one',
  task: 't',
  rubric: { id: 'paper', version: 1, hash: 'a'.repeat(64) },
  judge: { name: 'openai/a', responseModel: null },
  view: 'blind',
  repeat: 1,
  first: side,
  second: { ...side, agent: 'b', trial: 't/b/1' },
  winner: 'tie',
  reason: 'so',
  usage: { inputTokens: 1, outputTokens: 1, cachedReadTokens: null, cachedWriteTokens: null, reasoningTokens: null },
  costUsd: null,
  latencyMs: 1,
  tries: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
}
const study: PairwiseStudy = {
  schema: 'mlrbench/study@1',
  id: 'pairwise-1',
  createdAt: '2026-01-01T00:00:00.000Z',
  kind: 'pairwise',
  runs: ['r'],
  agents: ['a', 'b'],
  rubric: { id: 'paper', hash: 'a'.repeat(64) },
  view: 'blind',
  repeats: 1,
  tables: [],
  failed: [],
}

test('a comparison is kept for good: of two, the first one stays', async () => {
  expect(await readComparison(folder, 'one')).toBeNull()
  await keepComparison(folder, comparison)
  const second = await keepComparison(folder, { ...comparison, winner: 'first' })
  expect([second.winner, (await readComparisons(folder)).map(({ winner }) => winner)]).toEqual(['tie', ['tie']])
  expect(await readdir(join(folder, 'comparisons'))).toEqual(['one.json'])
})

test("a study's result is replaced when it is worked out anew", async () => {
  await keepStudy(folder, study)
  await keepStudy(folder, { ...study, repeats: 2 })
  expect(await readStudies(folder)).toMatchObject([{ id: 'pairwise-1', repeats: 2 }])
})

test('a file that is no study is named', async () => {
  await writeWhole(join(folder, 'studies', 'other.json'), '{}')
  await expect(readStudies(folder)).rejects.toThrow(/other\.json is not a study this version can read/)
})
