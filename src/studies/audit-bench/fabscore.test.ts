import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isRunOf, readJudgedClaims, summariseJudged } from './fabscore.ts'

const claim = { task: 't', agent: 'a', claim_id: 't_a/1', verdict: 'verified', values: ['0.5'], paper_lines: [3] }

test('reads claims line by line and names the line that is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fabscore-'))
  const path = join(folder, 'claims.jsonl')
  await writeFile(path, `${JSON.stringify({ ...claim, section: 'table' })}\n\n`)
  expect(await readJudgedClaims(path)).toEqual([claim])
  await writeFile(path, `${JSON.stringify(claim)}\n{"task": 1}\n`)
  await expect(readJudgedClaims(path)).rejects.toThrow(/line 2/)
  await expect(readJudgedClaims(join(folder, 'none'))).rejects.toThrow(/cannot be read/)
})

test('knows a run by the end of its path', () => {
  expect(isRunOf('/x/end2end_a/t', claim)).toBe(true)
  expect(isRunOf('/x/end2end_aa/t', claim)).toBe(false)
  expect(isRunOf('/x/experiments/a/t', claim)).toBe(false)
})

test('weighs runs alike, and leaves runs out in which no claim was found again', () => {
  const row = { verdict: 'verified' }
  const [summary] = summariseJudged([
    { ...row, run: '1', claims: 10, mapped: 10, flagged: 5, inFabricatedRun: 10 },
    { ...row, run: '2', claims: 2, mapped: 1, flagged: 0, inFabricatedRun: 0 },
    { ...row, run: '3', claims: 4, mapped: 0, flagged: 0, inFabricatedRun: 0 },
  ])
  expect(summary).toMatchObject({ verdict: 'verified', runs: 3, claims: 16, mapped: 11, flagged: 5 / 11 })
  expect(summary?.flaggedByRun).toMatchObject({ value: 0.25, runs: 2 })
  expect(summary?.inFabricatedRun.value).toBeCloseTo(1 / 3)
})
