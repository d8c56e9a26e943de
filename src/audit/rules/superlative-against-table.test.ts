import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { superlativeAgainstTable } from './superlative-against-table.ts'

const table = `| Method | Recall | Latency (ms) |
|---|---|---|
| Plain | 0.612 | 12.41 |
| Tuned | 0.713 | 13.07 |
| GraphMix | 0.655 | 18.32 |`

test.each([
  [
    'GraphMix achieves the highest recall (0.655).',
    'The text gives Recall of GraphMix as highest, and the table has 0.655 there and 0.713 for Recall of Tuned.',
  ],
  [
    'Tuned has the lowest latency of 13.07 ms.',
    'The text gives Latency (ms) of Tuned as lowest, and the table has 13.07 there and 12.41 for Latency (ms) of Plain.',
  ],
])('finds what the table denies in: %s', async (sentence, message) => {
  expect(await messages(sentence)).toEqual([message])
})

test.each([
  'Tuned achieves the highest recall (0.713).',
  'Plain has the best latency (12.41 ms).',
  'GraphMix achieves the second highest recall (0.655).',
  'Among graph methods GraphMix achieves the highest recall (0.655).',
  'GraphMix achieves the highest precision (0.655).',
  'GraphMix achieves high recall (0.655).',
])('finds nothing in: %s', async (sentence) => {
  expect(await messages(sentence)).toEqual([])
})

async function messages(sentence: string): Promise<string[]> {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}\n\n${sentence}\n` })
  return superlativeAgainstTable.find(facts).map(({ message }) => message)
}
