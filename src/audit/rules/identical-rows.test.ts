import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { identicalRows } from './identical-rows.ts'

test('finds rows with other names and the same numbers', async () => {
  expect(
    await messages('| A | 0.713 | 0.655 | 12.48 |\n| B | 0.713 | 0.655 | 12.48 |\n| C | 0.720 | 0.655 | 12.48 |'),
  ).toEqual(['A and B have the same 3 numbers.'])
})

test('leaves rows alone that differ in one number, hold few digits, or repeat a name', async () => {
  expect(await messages('| A | 0.713 | 0.655 | 12.48 |\n| B | 0.713 | 0.656 | 12.48 |')).toEqual([])
  expect(await messages('| A | 1.000 | 0.000 | 0.5 |\n| B | 1.000 | 0.000 | 0.5 |')).toEqual([])
  expect(await messages('| A | 0.713 | 0.655 | 12.48 |\n| A | 0.713 | 0.655 | 12.48 |')).toEqual([])
})

async function messages(rows: string): Promise<string[]> {
  const text = `# T\n\n## Results\n\n| Method | Recall | MRR | Loss |\n|---|---|---|---|\n${rows}\n`
  return identicalRows.find(await factsOf({ 'paper.md': text })).map(({ message }) => message)
}
