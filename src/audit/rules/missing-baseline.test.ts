import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingBaseline } from './missing-baseline.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const facts = (row: string, code = 'methods = [standard_tuning, replay_buffer, our_router]\n') =>
  factsOf(
    {
      'paper.md': `# A title\n\n## Results\n\n| Method | Accuracy |\n|---|---|\n| Standard tuning | 0.713 |\n| Replay | 0.755 |\n| ${row} | 0.812 |\n`,
      'run.py': code,
    },
    sessionOf([{ ran: 'python run.py', output: 'done' }]),
  )

it('finds a row whose method nothing names, with its results', async () => {
  const read = await facts('HyperGrad Zeta')
  const found = missingBaseline.find(read)
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.claims?.map((id) => read.claims[id]?.number.value)).toEqual([0.812])
})

it.each([
  ['a method in another spelling', 'Our-Router (ours)'],
  ['part of its name', 'Routers with gates'],
  ['an average', 'Average'],
  ['what others reported', 'HyperGrad Zeta [12]'],
  ['a description in free words', 'Plain zeta descent'],
  ['people', 'Human experts'],
  ['an ablation, which another rule is about', 'w/o Zeta gates'],
])('says nothing of %s', async (_, row) => {
  expect(missingBaseline.find(await facts(row))).toEqual([])
})

it('knows initials', async () => {
  expect(
    missingBaseline.find(
      await facts('Elastic weight consolidation (L2)', 'standard_tuning, replay = 1, 2\nrun_ewc()\n'),
    ),
  ).toEqual([])
})

it('says nothing of a table that is worded in another way than the code', async () => {
  expect(missingBaseline.find(await facts('HyperGrad Zeta', 'x = 1\n'))).toEqual([])
})
