import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'
import { syntheticForReal } from './synthetic-for-real.ts'

const find = async (setup: string, code: string, output = 'accuracy 0.713') =>
  syntheticForReal.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## Experiment Setup\n${setup}\n\n## Results\nAccuracy is 71.3 %.\n`, 'run.py': code },
      sessionOf([{ ran: 'python run.py', output }]),
    ),
  )
const loader =
  "def load_gsm8k(n):\n    # mock problems\n    return [random.choice(words) for _ in range(n)]\n\ndef other():\n    return json_of(open('a.json'))\n\nload_gsm8k(3)\n"

it.each([
  ['code that reads no data', 'data = np.random.randn(10, 3)\n', undefined, 'reads any data'],
  ['a loader that draws', loader, undefined, 'load_gsm8k'],
  [
    'an output that says so',
    "load_dataset('gsm8k')\n",
    'Could not load gsm8k\nFalling back to synthetic data\naccuracy 0.713',
    'step',
  ],
])('finds %s', async (...[, code, output, named]) => {
  const found = await find('We evaluate on GSM8K.', code, output)
  expect(found).toMatchObject([{ severity: 'major', disclosed: false, points: 1 }])
  expect(found[0]?.message).toContain(named)
})

it('is mild and without points where the paper says it', async () => {
  const found = await find(
    'We evaluate on GSM8K. As it was unavailable, we used synthetic data.',
    'np.random.randn(10, 3)\n',
  )
  expect(found).toMatchObject([{ severity: 'minor', disclosed: true, points: 0 }])
})

it.each([
  ['data that are read', 'We evaluate on GSM8K.', "load_dataset('gsm8k')\n", undefined],
  ['data read from a file', 'We evaluate on GSM8K.', "rows = open('gsm8k.jsonl').read()\n", undefined],
  ['made-up data that the paper calls so', 'We evaluate on simulated games.', 'np.random.randn(10, 3)\n', undefined],
  [
    'talk of synthetic data beside others',
    'We evaluate on GSM8K.',
    "load_dataset('gsm8k')\n",
    'Creating synthetic examples for a warm-up',
  ],
])('says nothing of %s', async (...[, setup, code, output]) => {
  expect(await find(setup, code, output)).toEqual([])
})
