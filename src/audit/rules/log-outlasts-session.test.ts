import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { logOutlastsSession } from './log-outlasts-session.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const paper = '# A title\n\n## Results\nAccuracy is 0.713.\n'
const tenMinutes = 600_000
const find = async (log: string, durationMs: number | null = tenMinutes) =>
  logOutlastsSession.find(
    await factsOf({ 'paper.md': paper, 'run.log': log }, sessionOf([{ ran: 'python run.py' }], durationMs)),
  )

it('finds a run that lasts longer than the session', async () => {
  const found = await find('2025-03-02 10:00:00 Begin\n2025-03-02 10:30:00 epoch 1\n2025-03-02 12:00:00 End\n')
  expect(found).toMatchObject([{ severity: 'critical', points: 1 }])
  expect(found[0]?.message).toContain('120.0 minutes')
})

it('tells runs of one log apart by their first line', async () => {
  expect(
    await find(
      '2025-03-02 10:00:00 Begin 1\n2025-03-02 10:05:00 End\n2025-03-02 14:00:00 Begin 2\n2025-03-02 14:05:00 End\n',
    ),
  ).toEqual([])
})

it('says nothing of runs that fit, of hardly more, and of sessions without length', async () => {
  const log = '2025-03-02 10:00:00 Begin\n2025-03-02 10:11:30 End\n'
  expect(await find(log)).toEqual([])
  expect(await find(log.replace('10:11:30', '18:00:00'), null)).toEqual([])
})

it('bears dates that cannot be', async () => {
  expect(await find('9999-99-99 99:99:99 x\n0000-00-00 00:00:00 y\n2025-13-45 25:61:61 z\n')).toBeInstanceOf(Array)
})

it('finds a log of another day in a record of our own', async () => {
  const on = async (log: string) =>
    logOutlastsSession.find(
      await factsOf(
        { 'paper.md': paper, 'run.log': log },
        { ...sessionOf([{ ran: 'python run.py' }], tenMinutes), record: 'recorded', date: '2025-03-02T12:00:00.000Z' },
      ),
    )
  expect(await on('2025-02-20 10:00:00 Begin\n2025-02-20 10:05:00 End\n')).toMatchObject([
    { severity: 'critical', points: 1 },
  ])
  expect(await on('2025-03-02 22:00:00 Begin\n2025-03-02 22:05:00 End\n')).toEqual([])
  expect(await on('no dates at all\n')).toEqual([])
})
