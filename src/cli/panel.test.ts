import { expect, test } from 'vitest'
import { openJudge } from '../judges/index.ts'
import { chooseRubrics, judgeSpec } from './panel.ts'

const open = (...names: string[]) => names.map((name) => openJudge(judgeSpec(name)))
const choices = [['end-to-end'], ['paper'], ['idea', 'proposal']]

test.each([
  [['openai/a'], 'end-to-end'],
  [['openai/a', 'scripted/form-check'], 'paper'],
  [['openai/a', 'scripted/form-check', 'offline/distilled'], 'idea,proposal'],
])('%j are tried under %s', async (names, expected) => {
  const rubrics = await chooseRubrics(open(...names), { named: undefined, choices, by: 'every' })
  expect(rubrics.map(({ rubric }) => rubric.id).join()).toBe(expected)
})

test('by some judge, the first choice keeps what any of them covers', async () => {
  const of = { named: undefined, choices: [['experiment', 'end-to-end'], ['idea']], by: 'some' } as const
  const ids = async (...names: string[]): Promise<string[]> =>
    (await chooseRubrics(open(...names), of)).map(({ rubric }) => rubric.id)
  expect(await ids('openai/a', 'offline/distilled')).toEqual(['experiment', 'end-to-end'])
  expect(await ids('scripted/form-check')).toEqual(['experiment'])
  expect(await ids('offline/distilled')).toEqual(['idea'])
})

test('a rubric that none of the judges covers is refused, with what they cover', async () => {
  const named = ['idea', 'paper']
  await expect(chooseRubrics(open('offline/distilled'), { named, choices, by: 'every' })).rejects.toThrow(
    'no judge here has anything to say under the rubric "paper": offline/distilled judges idea, proposal',
  )
  await expect(
    chooseRubrics(open('offline/distilled'), { named: undefined, choices: [['paper']], by: 'every' }),
  ).rejects.toThrow('these judges have no rubric in common')
})
