import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { improvementAgainstTable } from './improvement-against-table.ts'

const table = `| Method | Recall | Latency (ms) |
|---|---|---|
| Plain | 0.612 | 12.41 |
| Tuned | 0.655 | 13.07 |
| GraphMix | 0.713 | 18.32 |`

test('finds a percentage that neither the named column nor another gives for the named rows', async () => {
  const found = await messages('GraphMix gives a 24.9% improvement in recall over Plain.')
  expect(found).toEqual([
    'The text gives a change of 24.9 %, and the table in line 5 has 0.713 for Recall of GraphMix and 0.612 for Plain, which is +16.5 %.',
  ])
})

test.each([
  'GraphMix gives a 16.5% improvement in recall over Plain.',
  'GraphMix gives a 10.1% absolute improvement in recall over Plain.',
  'GraphMix gives a 24.9% improvement in recall over what was known.',
  'GraphMix gives a 24.9% improvement over Plain.',
  'On average GraphMix gives a 24.9% improvement in recall over Plain.',
  'GraphMix gives a 16.5% improvement in recall over Plain, and 8.9% over Tuned.',
])('finds nothing in: %s', async (sentence) => {
  expect(await messages(sentence)).toEqual([])
})

async function messages(sentence: string): Promise<string[]> {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}\n\n${sentence}\n` })
  return improvementAgainstTable.find(facts).map(({ message }) => message)
}
