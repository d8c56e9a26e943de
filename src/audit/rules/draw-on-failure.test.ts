import { expect, it } from 'vitest'
import { drawOnFailure } from './draw-on-failure.ts'
import { factsOf } from '../../../test/support/facts-of.ts'
import { randomMetric } from './random-metric.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const facts = async (code: string) =>
  factsOf(
    { 'paper.md': '# A title\n\n## Results\nAccuracy is 0.713.\n', 'main.py': `import random\n${code}` },
    sessionOf([{ ran: 'python main.py', output: 'done' }]),
  )
const attempt = (fallback: string) =>
  `def main():\n    try:\n        accuracy = measure()\n    except Exception:\n        ${fallback}\n    return accuracy\n\nprint(main())\n`

it.each([
  'accuracy = random.uniform(0.7, 0.8)',
  'accuracy = 0.742',
  'accuracy = 0.74',
  'accuracy = 0.85',
  'accuracy = 0.7',
  'results["accuracy"] = 0.742',
  'return {"accuracy": 0.742}',
])('finds %s', async (fallback) => {
  expect(drawOnFailure.find(await facts(attempt(fallback)))).toMatchObject([
    { severity: 'major', executed: true, points: 0.5, evidence: [{ path: 'main.py', line: 6 }] },
  ])
})

it.each([
  'accuracy = 0.0',
  'accuracy = float("nan")',
  'accuracy = None',
  'accuracy = 0.5',
  'accuracy = -1',
  'time.sleep(random.random())\n        raise',
  'retry_delay = 0.37',
  'accuracy = measure_slowly()',
  'accuracy_threshold = 0.742',
  'quality = 0.7',
  'result = [random.random() for _ in range(3)]',
])('finds nothing in %s', async (fallback) => {
  expect(drawOnFailure.find(await facts(attempt(fallback)))).toEqual([])
})

it('follows what a failure left to where it bears the name of a result', async () => {
  const code =
    'def main():\n    try:\n        share = measure()\n    except Exception:\n        share = random.uniform(0.3, 0.4)\n    return {"accuracy": share}\n\nprint(main())\n'
  const read = await facts(code)
  expect(drawOnFailure.find(read)).toMatchObject([{ severity: 'major', evidence: [{ line: 7 }] }])
  expect(randomMetric.find(read)).toEqual([])
})

it('leaves the attempt itself to the rule about draws, which leaves the fallback', async () => {
  const code =
    'try:\n    accuracy = random.random()\nexcept ValueError:\n    f1 = random.random()\nprint(accuracy, f1)\n'
  const read = await facts(code)
  expect(drawOnFailure.find(read)).toMatchObject([{ evidence: [{ line: 5 }] }])
  expect(randomMetric.find(read)).toMatchObject([{ evidence: [{ line: 3 }] }])
})
