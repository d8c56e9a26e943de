import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { zeroSpread } from './zero-spread.ts'

test('finds a table of which every spread is zero', async () => {
  const rows = '| A | 0.713 ± 0.000 | 0.65 ± 0.00 |\n| B | 0.726 ± 0.000 | 0.66 ± 0.00 |'
  expect(await messages(`| Method | Recall | MRR |\n|---|---|---|\n${rows}`)).toEqual([
    'All 4 spreads of the table in line 5 are zero.',
  ])
})

test('finds a column of deviations that are all zero', async () => {
  const rows = ['A', 'B', 'C', 'D'].map((name, index) => `| ${name} | 0.71${index} | 0.000 |`).join('\n')
  expect(await messages(`| Method | Recall | Std |\n|---|---|---|\n${rows}`)).toHaveLength(1)
})

test('leaves tables alone where something varied, or where all values are perfect', async () => {
  const varied = '| A | 0.961 ± 0.000 | 0.65 ± 0.00 |\n| B | 0.726 ± 0.013 | 0.66 ± 0.00 |'
  expect(await messages(`| Method | Recall | MRR |\n|---|---|---|\n${varied}`)).toEqual([])
  const perfect = '| A | 1.000 ± 0.000 | 1.00 ± 0.00 |\n| B | 0.000 ± 0.000 | 1.00 ± 0.00 |'
  expect(await messages(`| Method | Recall | MRR |\n|---|---|---|\n${perfect}`)).toEqual([])
})

async function messages(table: string): Promise<string[]> {
  return zeroSpread.find(await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}\n` })).map(({ message }) => message)
}
