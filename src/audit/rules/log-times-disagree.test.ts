import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { logTimesDisagree } from './log-times-disagree.ts'

const find = async (end: string) =>
  logTimesDisagree.find(
    await factsOf({
      'paper.md': '# A title\n\n## Results\nAccuracy is 0.713.\n',
      'run.log': `2025-03-02 10:00:00 Begin\n2025-03-02 10:20:00 ${end}\n`,
    }),
  )

it('finds a run that took longer than its log has room for, with no record at all', async () => {
  expect(await find('Training completed in 3.5 hours')).toMatchObject([{ severity: 'major', points: 1 }])
  expect(await find('Total time: 5400 seconds')).toHaveLength(1)
})

it.each([
  'Training completed in 19.9 minutes',
  'Training completed in 1195 s',
  'Total simulated time: 300 hours',
  'Average training time per epoch 90 minutes',
  'All 300 items done',
])('says nothing of "%s"', async (end) => {
  expect(await find(end)).toEqual([])
})
