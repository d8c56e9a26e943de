import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingDataset } from './missing-dataset.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const find = async (setup: string, code: string, files: Record<string, string> = {}) =>
  missingDataset.find(
    await factsOf(
      {
        'paper.md': `# A title\n\n## Experiment Setup\n${setup}\n\n## Results\nAccuracy is 71.3 %.\n`,
        'run.py': code,
        ...files,
      },
      sessionOf([{ ran: 'python run.py', output: 'accuracy 0.713' }]),
    ),
  )

it.each([
  ['a public dataset', 'We evaluate on GSM8K.', "load_dataset('gpqa')\n", 'GSM8K'],
  [
    'a name of its own, where public data are read',
    'We report results on the RepairNet-2M test split.',
    "load_dataset('mbpp')\n",
    'RepairNet-2M',
  ],
])('finds %s that nothing names', async (...[, setup, code, name]) => {
  const found = await find(setup, code)
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain(name)
})

it.each([
  ['data that the code reads', 'We evaluate on SST-2.', "load_dataset('glue', 'sst2')\n"],
  ['data in an alias', 'We train on CIFAR-100.', 'torchvision.datasets.CIFAR100(root)\n'],
  ['what a model was trained on before', 'The encoder was pretrained on ImageNet data.', 'x = 1\n'],
  ['an imitation', 'We evaluate on synthetic GSM8K-like problems.', 'x = 1\n'],
  [
    'a name of its own, where the paper names what is read',
    'We build the RepairNet-2M dataset from MBPP.',
    "load_dataset('mbpp')\n",
  ],
  ['a name of its own, where nothing public is read', 'We build the RepairNet-2M dataset.', 'x = 1\n'],
  ['plans', 'A larger study would use MMLU.', 'x = 1\n'],
])('says nothing of %s', async (_, setup, code) => {
  expect(await find(setup, code)).toEqual([])
})

it('takes data files and outputs for what they name', async () => {
  expect(await find('We evaluate on GSM8K.', 'run()\n', { 'data/gsm8k_test.jsonl': '{}' })).toEqual([])
})

it('says nothing where no code is left', async () => {
  expect(await find('We evaluate on GSM8K.', '')).toEqual([])
})
