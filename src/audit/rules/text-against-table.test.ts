import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { textAgainstTable } from './text-against-table.ts'

const table = `| Method | Avg. Recall | F1 (macro) | Latency (ms) |
|---|---|---|---|
| Plain | 0.612 | 0.547 | 12.41 |
| Plain tuned | 0.655 | 0.581 | 13.07 |
| GraphMix | 0.713 | 0.624 | 18.32 |`

test.each([
  [
    'GraphMix reaches an average recall of 0.743, well above the others.',
    'The text gives 0.743 for Avg. Recall of GraphMix, and the table in line 5 gives 0.713.',
  ],
  [
    'The F1 is 0.655 for all, and Plain tuned has an F1 of 0.634.',
    'The text gives 0.634 for F1 (macro) of Plain tuned, and the table in line 5 gives 0.581.',
  ],
  [
    'GraphMix has an average recall of 76.3% here.',
    'The text gives 76.3% for Avg. Recall of GraphMix, and the table in line 5 gives 0.713.',
  ],
])('finds the other value in: %s', async (sentence, message) => {
  expect(await messages(sentence)).toEqual([message])
})

test.each([
  'GraphMix reaches an average recall of 0.713, well above the others.',
  'GraphMix reaches an average recall of 71.3%.',
  'GraphMix reaches an average recall of 0.71.',
  'GraphMix improves average recall by 0.133 points.',
  'GraphMix reaches an average recall of 0.743 on the validation set.',
  'GraphMix reaches an average recall of 0.743 in the logs, against 0.713 in the table.',
  'GraphMix reaches a perplexity of 0.743.',
  'On Cora, GraphMix reaches an average recall of 0.743.',
  'GraphMix reaches an average recall of 0.743 on Cora.',
  'Plain and GraphMix reach an average recall of 0.743.',
  'GraphMix needs an average recall of 0.003 to win.',
])('finds nothing in: %s', async (sentence) => {
  expect(await messages(sentence)).toEqual([])
})

async function messages(sentence: string): Promise<string[]> {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}\n\n${sentence}\n` })
  return textAgainstTable.find(facts).map(({ message }) => message)
}
