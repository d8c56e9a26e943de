import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingSeeds } from './missing-seeds.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const find = async (setup: string, code: string, commands = ['python run.py']) =>
  missingSeeds.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## Experiment Setup\n${setup}\n\n## Results\nAccuracy is 71.3 %.\n`, 'run.py': code },
      sessionOf(commands.map((ran) => ({ ran, output: 'accuracy 0.713' }))),
    ),
  )

it.each([
  ['seeds in digits', 'All results are averaged over 5 random seeds.', 'set_seed(42)\n'],
  ['seeds in words', 'Each experiment is repeated three times with other seeds.', 'set_seed(42)\n'],
  ['runs', 'We report the mean of 10 independent runs.', 'train()\n'],
  ['another number of seeds', 'We use 5 random seeds.', 'SEEDS = [1, 2]\nfor seed in SEEDS:\n    run(seed)\n'],
])('finds %s that nothing did', async (_, setup, code) => {
  expect(await find(setup, code)).toMatchObject([{ severity: 'major' }])
})

it.each([
  ['a loop over seeds', 'All results are averaged over 5 random seeds.', 'for seed in range(n):\n    run(seed)\n'],
  ['a loop as often', 'All results are averaged over 5 random seeds.', 'for _ in range(5):\n    run()\n'],
  ['as many seeds', 'We use 2 random seeds.', 'SEEDS = [1, 2]\nfor seed in SEEDS:\n    run(seed)\n'],
  ['plans', 'A full study should use 5 random seeds.', 'run()\n'],
  ['a single seed', 'The random seed is 42.', 'run()\n'],
])('says nothing of %s', async (_, setup, code) => {
  expect(await find(setup, code)).toEqual([])
})

it('counts commands that ran the script as often', async () => {
  const commands = ['python run.py --s 1', 'python run.py --s 2', 'python run.py --s 3']
  expect(await find('We report the mean of 3 independent runs.', 'train()\n', commands)).toEqual([])
})
