import { expect, test } from 'vitest'
import { bolding } from './bolding.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

test('finds a value in bold that another row beats', async () => {
  expect(await messages(['| A | 0.713 | 12.1 |', '| B | 0.742 | **9.9** |', '| Ours | **0.731** | 11.3 |'])).toEqual([
    'Accuracy of Ours is in bold with 0.731, though Accuracy of B is 0.742.',
  ])
})

test('accepts the best, ties, and the lowest of what should be low', async () => {
  expect(await messages(['| A | 0.713 | 12.1 |', '| B | **0.742** | **9.9** |', '| Ours | 0.742 | 11.3 |'])).toEqual([])
})

test('leaves rows alone that are bold throughout, and columns with several marks', async () => {
  expect(
    await messages(['| A | 0.713 | 12.1 |', '| B | 0.742 | 9.9 |', '| **Ours** | **0.731** | **11.3** |']),
  ).toEqual([])
  expect(
    await messages(['| A | 0.713 | **12.1** |', '| B | **0.742** | **9.9** |', '| Ours | **0.731** | 11.3 |']),
  ).toEqual([])
})

async function messages(rows: readonly string[]): Promise<string[]> {
  const text = `# T\n\n## Results\n\n| Method | Accuracy | Latency (ms) |\n|---|---|---|\n${rows.join('\n')}\n`
  return bolding.find(await factsOf({ 'paper.md': text })).map(({ message }) => message)
}
