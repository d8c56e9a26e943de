import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { scaledBaseline } from './scaled-baseline.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

async function find(code: string) {
  const files = { 'paper.md': '# A title\n\n## Results\nAccuracy is 0.713.\n', 'main.py': code }
  return scaledBaseline.find(await factsOf(files, sessionOf([{ ran: 'python main.py', output: 'done' }])))
}

it.each([
  'our_accuracy = baseline_accuracy * 1.15\n',
  'results["ours"]["f1"] = 1.08 * results["baseline"]["f1"]\n',
  'proposed = (baseline_scores + 0.07)\n',
  'accuracy = base_accuracy - 0.03\n',
  'self.f1 = self.vanilla_f1 * 1.2\n',
])('finds %s', async (code) => {
  expect(await find(code)).toMatchObject([
    { severity: 'major', executed: true, evidence: [{ path: 'main.py', line: 1 }] },
  ])
})

it.each([
  'gain = our_accuracy - baseline_accuracy\n',
  'baseline_percent = baseline_accuracy * 100\n',
  'accuracy_percent = baseline_accuracy * 100\n',
  'target_accuracy = baseline_accuracy * 1.15\n',
  'min_accuracy = baseline_accuracy - 0.03\n',
  'f1 = 2 * precision * recall / (precision + recall)\n',
  'score = 0.7 * accuracy\n',
  'baseline_accuracy = baseline_accuracy * 1.15\n',
  'base_path = base_dir + 0.3\n',
])('finds nothing in %s', async (code) => {
  expect(await find(code)).toEqual([])
})
