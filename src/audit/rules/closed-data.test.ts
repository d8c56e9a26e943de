import { expect, it } from 'vitest'
import { closedData } from './closed-data.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

const find = async (setup: string) =>
  closedData.find(
    await factsOf({ 'paper.md': `# A title\n\n## Experiment Setup\n${setup}\n\n## Results\nAccuracy is 71.3 %.\n` }),
  )

it.each([
  ['MIMIC-III', 'We evaluate on the MIMIC-III dataset.'],
  ['UK Biobank', 'All models are trained on UK Biobank data.'],
  ['proprietary search logs', 'We train on proprietary search logs over six months.'],
  ['clinical records of 4,200 adult patients', 'The test set holds clinical records of 4,200 adult patients.'],
])('finds %s', async (name, setup) => {
  const found = await find(setup)
  expect(found).toMatchObject([{ severity: 'minor' }])
  expect(found[0]?.message).toContain(name)
})

it.each([
  ['public data', 'We evaluate on CIFAR-10 data.'],
  ['an imitation', 'We evaluate on synthetic data in the style of MIMIC-III.'],
  ['data within the work', 'The dataset holds internal nodes and leaves.'],
])('says nothing of %s', async (_, setup) => {
  expect(await find(setup)).toEqual([])
})
