import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeTrial, sampleTrial, taskText } from '../../test/support/sample-run.ts'
import { sha256 } from '../base/hash.ts'
import type { NewEvent } from '../schema/event.ts'
import { trialStateSchema } from '../schema/state.ts'
import { readFigures } from './figures.ts'
import { openTrial, readTrialState } from './trial-store.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trial-'))
  await makeTrial(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const failed: NewEvent = {
  type: 'stage-failed',
  stage: 'idea',
  attempt: 1,
  code: 'refused',
  message: 'no',
  durationMs: 1,
}

test('what is written comes back, with its hash and its size in bytes', async () => {
  using trial = await openTrial(folder)
  expect(await trial.write('idea.md', 'héllo')).toEqual({ path: 'idea.md', sha256: sha256('héllo'), bytes: 6 })
  expect(await trial.read('idea.md')).toBe('héllo')
  expect(await trial.read('proposal.md')).toBeNull()
  expect(await trial.read('task.md')).toBe(taskText)
  expect(trial.record).toEqual(sampleTrial())
})

test('events of an earlier process come before its own, and each is told once', async () => {
  const told: string[] = []
  {
    using earlier = await openTrial(folder)
    earlier.append(failed)
  }
  using trial = await openTrial(folder, ({ type }) => told.push(type))
  trial.append({ ...failed, attempt: 2 })
  expect(trial.events.map((event) => 'attempt' in event && event.attempt)).toEqual([1, 2])
  expect(told).toEqual(['stage-failed'])
})

test('events come behind those of a machine whose clock is ahead', async () => {
  const ahead = new Date(Date.now() + 600_000).toISOString()
  const started = { type: 'stage-started', stage: 'idea', attempt: 1, fingerprint: null, inputs: [] }
  await mkdir(join(folder, 'events'))
  await writeFile(join(folder, 'events', 'zz.jsonl'), `${JSON.stringify({ ...started, at: ahead })}\n`)
  using trial = await openTrial(folder)
  trial.append(failed)
  expect((await readTrialState(folder)).stages.idea?.status).toBe('failed')
  expect(await trial.checkpoint()).toEqual(await readTrialState(folder))
})

test('the state follows from the events, whatever state.json says', async () => {
  using trial = await openTrial(folder)
  trial.append(failed)
  const state = await trial.checkpoint()
  expect(trialStateSchema.parse(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')))).toEqual(state)
  await writeFile(join(folder, 'state.json'), 'torn')
  expect(await readTrialState(folder)).toEqual(state)
  expect(state.stages.idea?.status).toBe('failed')
})

test('an event of another version stops the work rather than being forgotten; a torn last line does not', async () => {
  await mkdir(join(folder, 'events'))
  const path = join(folder, 'events', 'a.jsonl')
  const known = JSON.stringify({ ...failed, at: '2026-01-01T00:00:00.000Z' })
  await writeFile(path, `${known}\n${known.slice(0, 30)}`)
  {
    using trial = await openTrial(folder)
    expect(trial.events).toHaveLength(1)
  }
  await writeFile(path, `${known.replace('}', ',"more":1}')}\n${known}\n`)
  await expect(openTrial(folder)).rejects.toThrow(/a\.jsonl, line 1, is no event this version knows/)
})

test('a folder without a record of ours is no trial', async () => {
  await writeFile(join(folder, 'trial.json'), '{"schema":"mlrbench/trial@2"}')
  await expect(openTrial(folder)).rejects.toThrow(/schema/)
  await expect(openTrial(join(folder, 'absent'))).rejects.toThrow(/ENOENT/)
})

test('figures are images a model can take: no others, none empty, at most twenty', async () => {
  const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const jpeg = Buffer.from('\xff\xd8\xff', 'latin1')
  const results = join(folder, 'results')
  expect(await readFigures(folder)).toEqual([])
  await mkdir(join(results, 'figures'), { recursive: true })
  for (let number = 10; number < 35; number += 1) await writeFile(join(results, 'figures', `f${number}.png`), png)
  await writeFile(join(results, 'a.JPEG'), jpeg)
  await writeFile(join(results, 'b.png'), 'only called an image')
  await writeFile(join(results, 'empty.png'), '')
  await writeFile(join(results, 'vector.svg'), '<svg/>')
  await writeFile(join(results, 'huge.png'), Buffer.alloc(4 * 1024 ** 2 + 1))
  const figures = await readFigures(folder)
  expect(figures).toHaveLength(20)
  expect(figures.slice(0, 2).map(({ name, mediaType }) => `${name} ${mediaType}`)).toEqual([
    'a.JPEG image/jpeg',
    'figures/f10.png image/png',
  ])
  expect(Buffer.from(figures[0]?.base64 ?? '', 'base64')).toEqual(jpeg)
})
