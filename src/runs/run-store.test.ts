import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeTrial, sampleRun, taskText } from '../../test/support/sample-run.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { createRun, listRuns, listTrials, readRun, readTask, trialFolder } from './run-store.ts'

let logDir = ''
beforeEach(async () => {
  logDir = join(await mkdtemp(join(tmpdir(), 'runs-')), 'logs')
})
afterEach(() => rm(join(logDir, '..'), { recursive: true, force: true }))

const texts = new Map([['letters', taskText]])

describe('making a run', () => {
  test('keeps its record and its tasks, and nothing else', async () => {
    const folder = await createRun(logDir, sampleRun(), texts)
    expect(folder).toBe(join(logDir, 'sample'))
    expect(await readdir(logDir)).toEqual(['sample'])
    expect(await readTask(folder, 'letters')).toBe(taskText)
    expect(await readRun(logDir, 'sample')).toEqual({ folder, record: sampleRun() })
  })

  test('does not touch a run of the same name', async () => {
    await createRun(logDir, sampleRun(), texts)
    const again = createRun(logDir, sampleRun({ createdAt: '2027-01-01T00:00:00.000Z' }), texts)
    await expect(again).rejects.toThrow(PrerequisiteError)
    await expect(again).rejects.toThrow(/there is a run "sample" in .*: resume it, or give another --name/)
    expect((await readRun(logDir, 'sample')).record.createdAt).toBe(sampleRun().createdAt)
    expect(await readdir(logDir)).toEqual(['sample'])
  })

  test('of two at once under one name, one is made', async () => {
    const both = await Promise.allSettled([
      createRun(logDir, sampleRun(), texts),
      createRun(logDir, sampleRun(), texts),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('takes a file of that name for taken', async () => {
    await mkdir(logDir)
    await writeFile(join(logDir, 'sample'), '')
    await expect(createRun(logDir, sampleRun(), texts)).rejects.toThrow(PrerequisiteError)
  })
})

describe('finding a run', () => {
  test('goes by id or by folder', async () => {
    const folder = await createRun(logDir, sampleRun(), texts)
    expect((await readRun('/nowhere', folder)).record.id).toBe('sample')
  })

  test('an unknown name is told the known ones', async () => {
    await expect(readRun(logDir, 'nope')).rejects.toThrow(/no run "nope" in .* \(there is none yet\)/)
    for (const id of ['first', 'second']) await createRun(logDir, sampleRun({ id }), texts)
    await mkdir(join(logDir, 'no-run'))
    await expect(readRun(logDir, 'nope')).rejects.toThrow(/no run "nope" in .* \(there are: first, second\)/)
    await expect(readRun(logDir, 'nope')).rejects.toThrow(PrerequisiteError)
    expect(await listRuns(logDir)).toEqual(['first', 'second'])
  })

  test.each(['', '{"schema":"mlrbench/run@1"}', '{"schema":"mlrbench/run@99"}'])(
    'a record that reads %j is named',
    async (text) => {
      await mkdir(join(logDir, 'broken'), { recursive: true })
      await writeFile(join(logDir, 'broken', 'run.json'), text)
      await expect(readRun(logDir, 'broken')).rejects.toThrow(
        /broken\/run\.json is not a run record this version can read/,
      )
    },
  )
})

test('trials are listed by task, agent and number of the repeat, from when they have a record', async () => {
  const folder = await createRun(logDir, sampleRun(), texts)
  for (const id of ['b/x/2', 'b/x/10', 'b/x/1', 'a/y/1']) await makeTrial(trialFolder(folder, id))
  await mkdir(trialFolder(folder, 'c/z/1'), { recursive: true })
  expect(await listTrials(folder)).toEqual(['a/y/1', 'b/x/1', 'b/x/2', 'b/x/10'])
})
