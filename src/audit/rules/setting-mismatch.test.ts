import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { settingMismatch } from './setting-mismatch.ts'

const find = async (setup: string, files: Record<string, string>, command = 'python run.py') =>
  settingMismatch.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## Experiment Setup\n${setup}\n\n## Results\nAccuracy is 71.3 %.\n`, ...files },
      sessionOf([{ ran: command, output: 'accuracy 0.713' }]),
    ),
  )

it.each([
  ['a constant', 'Models are trained for 50 epochs.', 'EPOCHS = 5\n', '50', '5'],
  ['an argument', 'We use a batch size of 64.', 'loader = DataLoader(data, batch_size=16)\n', '64', '16'],
  [
    'a configuration in code',
    'The learning rate is $1 \\times 10^{-4}$.',
    "config = {'lr': 1e-3}\n",
    '10^{-4}',
    '0.001',
  ],
  ['a loop', 'Training runs for 20 epochs.', 'for epoch in range(3):\n    step()\n', '20', '3'],
  [
    'experts',
    'The layer contains 8 experts.',
    'class M:\n    def __init__(self, num_experts=4):\n        pass\n',
    '8',
    '4',
  ],
])('finds another value in %s', async (...[, setup, code, said, given]) => {
  const found = await find(setup, { 'run.py': code })
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain(said)
  expect(found[0]?.message).toContain(`, and ${given} wherever`)
  expect(found[0]?.evidence.some(({ path, role }) => path === 'run.py' && role === 'contradicts')).toBe(true)
})

it('finds another value in a table of settings, a configuration file and a command line', async () => {
  const table = '| Parameter | Value |\n|---|---|\n| Batch size | 64 |\n| Optimizer | AdamW |\n'
  expect(await find(table, { 'run.py': 'main()\n', 'config.yaml': 'batch_size: 8\n' })).toHaveLength(1)
  const code = "parser.add_argument('--epochs', type=int, default=50)\n"
  expect(await find('Models are trained for 50 epochs.', { 'run.py': code })).toEqual([])
  expect(await find('Models are trained for 50 epochs.', { 'run.py': code }, 'python run.py --epochs 2')).toHaveLength(
    1,
  )
})

it('is mild where the code knows two other values', async () => {
  const code = 'batch_size = 16\neval(batch_size=128)\n'
  expect(await find('We use a batch size of 64.', { 'run.py': code })).toMatchObject([{ severity: 'minor' }])
})

it.each([
  ['equal values', 'We use a batch size of 64.', 'batch_size = 64\n'],
  ['several values with the stated one', 'We use a batch size of 64.', 'batch_size = 64\neval(batch_size=128)\n'],
  ['many values', 'We use a batch size of 64.', 'a(batch_size=1)\na(batch_size=2)\na(batch_size=4)\na(batch_size=8)\n'],
  ['computed values', 'We use a batch size of 64.', 'batch_size = per_gpu * count\n'],
  ['a range', 'The learning rate is swept from 0.1 to 0.001.', 'lr = 0.01\n'],
  ['a part of the work', 'After 5 epochs, the encoder is thawed.', 'epochs = 20\n'],
  ['alternatives', 'We train for 10 or 20 epochs.', 'epochs = 5\n'],
  ['plans', 'A full run would be trained for 100 epochs.', 'epochs = 5\n'],
  ['an interval', 'We use `eval_interval = 5` episodes.', 'episodes = 100\n'],
  ['comments', 'We use a batch size of 64.', '# batch_size = 16\n'],
  ['percent', 'Dropout is 10.', 'dropout = 0.1\n'],
])('says nothing of %s', async (_, setup, code) => {
  expect(await find(setup, { 'run.py': code })).toEqual([])
})
