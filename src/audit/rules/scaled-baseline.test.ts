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
  "if method == 'ours':\n    accuracy *= 1.06\n",
  "if name == 'ours':\n    accuracy, f1 = accuracy * 1.06, f1 * 0.98\n",
  "if row['system'] == 'proposed':\n    row['f1'] = row['f1'] + 0.021\n",
])('finds a result that its name alone changes: %s', async (code) => {
  expect(await find(code)).toMatchObject([{ severity: 'major', evidence: [{ line: 2 }] }])
})

it.each([
  "if unit == 'percent':\n    accuracy *= 100\n",
  "if split == 'train':\n    accuracy *= 0.9\n",
  "if method == 'ours':\n    loss *= 0.3\n",
  "if method == 'ours':\n    accuracy = 0.5 * accuracy\n",
  "if method == 'ours':\n    accuracy = measure(0.7)\n",
  'if accuracy > best:\n    accuracy *= 1.06\n',
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
