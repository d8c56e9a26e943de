import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Job } from './executor.ts'
import { createLocalExecutor } from './local.ts'

const jobs = (count: number): Job[] =>
  Array.from({ length: count }, (_, index) => ({ runFolder: '/run', trialId: String(index) }))
const { signal } = new AbortController()

test('works off every job once, at most so many at a time', async () => {
  const done: string[] = []
  let atWork = 0
  let most = 0
  const executor = createLocalExecutor({
    concurrency: 3,
    async work({ trialId }) {
      atWork += 1
      most = Math.max(most, atWork)
      await sleep(5)
      atWork -= 1
      done.push(trialId)
    },
  })
  await executor.run(jobs(10), signal)
  expect(done.toSorted()).toEqual(jobs(10).map(({ trialId }) => trialId))
  expect(most).toBe(3)
})

test('has nothing to do without jobs', async () => {
  const executor = createLocalExecutor({ concurrency: 1, work: () => expect.fail('there is no job') })
  expect(await executor.run([], signal)).toBeUndefined()
})

test('a fault of the harness stops the rest: jobs at work are told and awaited, waiting ones never begin', async () => {
  const events: string[] = []
  const executor = createLocalExecutor({
    concurrency: 2,
    async work({ trialId }, stop) {
      events.push(`begin ${trialId}`)
      if (trialId === '1') throw new Error('disk full')
      await sleep(60_000, undefined, { signal: stop }).catch(() => undefined)
      await sleep(5)
      events.push(`rest ${trialId}: ${String((stop.reason as Error).message)}`)
      throw stop.reason as Error
    },
  })
  await expect(executor.run(jobs(5), signal)).rejects.toThrow('disk full')
  expect(events).toEqual(['begin 0', 'begin 1', 'rest 0: disk full'])
})

test('of several faults the first is told', async () => {
  const executor = createLocalExecutor({
    concurrency: 2,
    async work({ trialId }) {
      if (trialId === '0') await sleep(10)
      throw new Error(`fault of ${trialId}`)
    },
  })
  await expect(executor.run(jobs(2), signal)).rejects.toThrow('fault of 1')
})

test('an abort rejects with its reason after the jobs at work came to rest', async () => {
  const controller = new AbortController()
  const rested: string[] = []
  const executor = createLocalExecutor({
    concurrency: 1,
    async work({ trialId }, stop) {
      controller.abort(new Error('interrupted'))
      await sleep(60_000, undefined, { signal: stop }).catch(() => undefined)
      rested.push(trialId)
    },
  })
  await expect(executor.run(jobs(3), controller.signal)).rejects.toThrow('interrupted')
  expect(rested).toEqual(['0'])
})

test('an abort beforehand begins nothing', async () => {
  const executor = createLocalExecutor({ concurrency: 2, work: () => expect.fail('it was aborted') })
  await expect(executor.run(jobs(2), AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
})
