import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { mockCode } from './mock-code.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

async function find(code: string, paper = '# A title\n\n## Results\nAccuracy is 0.713.\n') {
  const files = { 'paper.md': paper, 'main.py': `import random\n${code}` }
  return mockCode.find(await factsOf(files, sessionOf([{ ran: 'python main.py', output: 'done' }])))
}

it.each([
  [
    'a name that says mock',
    'def mock_results():\n    return [a * 0.31 + 0.2, b * 0.4 + 0.17, 0.9]\n\nmock_results()\n',
  ],
  [
    'a name that says simulated, around draws',
    'def simulate_training():\n    loss = 2 - random.random()\n    return loss\n\nsimulate_training()\n',
  ],
  [
    'a comment beside draws',
    'def collect():\n    # plausible accuracy values\n    accuracy = random.uniform(0.8, 0.9)\n    return accuracy\n\ncollect()\n',
  ],
  [
    'a text beside constants',
    'def collect():\n    """Gives fake results."""\n    return {"accuracy": 0.87, "f1": 0.86}\n\ncollect()\n',
  ],
])('finds %s', async (_, code) => {
  expect(await find(code)).toMatchObject([{ severity: 'major', executed: true, points: 1 }])
})

it('only tells readers where nothing is made up from draws or constants', async () => {
  expect(await find('def simulate_experiment():\n    return world.run()\n\nsimulate_experiment()\n')).toMatchObject([
    { severity: 'minor', points: 0 },
  ])
})

it.each([
  ['simulated users', 'def simulate_users():\n    return [random.random() for _ in range(3)]\n\nsimulate_users()\n'],
  ['dummy inputs', 'def dummy_inputs():\n    return [0.1, 0.2, 0.3, 0.4]\n\ndummy_inputs()\n'],
  [
    'experiments on synthetic data',
    'def run_synthetic_experiment():\n    return [0.1, 0.2, 0.3, 0.4]\n\nrun_synthetic_experiment()\n',
  ],
  [
    'a comment that denies',
    'def collect():\n    # never use mock results here\n    accuracy = 0.87\n    f1 = 0.86\n    return accuracy, f1\n\ncollect()\n',
  ],
  ['tests', 'def test_mock_results():\n    return [0.1, 0.2, 0.3]\n\ntest_mock_results()\n'],
  ['what nothing calls', 'def mock_results():\n    return [0.1, 0.2, 0.3]\n'],
])('finds nothing in %s', async (_, code) => {
  expect(await find(code)).toEqual([])
})

it('counts once, and as disclosed where the paper says so', async () => {
  const code =
    'def mock_results():\n    return [0.1, 0.2, 0.3]\n\ndef fake_scores():\n    return [0.1, 0.2, 0.3]\n\nmock_results()\nfake_scores()\n'
  const found = await find(code, '# A title\n\n## Results\nAll results are simulated. Accuracy is 0.713.\n')
  expect(found).toMatchObject([{ disclosed: true, points: 1 }])
  expect(found[0]?.evidence.map(({ line }) => line)).toEqual([2, 5])
})
