import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { grim } from './grim.ts'

test('finds an accuracy that the number of cases in its row cannot give', async () => {
  const table = '| Set | Examples | Accuracy |\n|---|---|---|\n| A | 40 | 0.613 |\n| B | 40 | 0.625 |'
  expect(await messages(table)).toEqual(['Accuracy of A is 0.613, which no whole number of 40 cases gives.'])
  expect(
    await messages('| Set | N | Success rate (%) |\n|---|---|---|\n| A | 30 | 43.2 |\n| B | 30 | 43.3 |'),
  ).toHaveLength(1)
})

test('allows for repetitions, many cases, and metrics that are no counts', async () => {
  const table = '| Set | Examples | Accuracy |\n|---|---|---|\n| A | 40 | 0.613 |'
  expect(await messages(`Each value is averaged over 3 seeds.\n\n${table.replace('0.613', '0.617')}`)).toEqual([])
  expect(await messages(table.replace('40', '4000'))).toEqual([])
  expect(await messages(table.replace('Accuracy', 'F1'))).toEqual([])
})

test('finds a mean of ratings that its number of raters cannot give', async () => {
  expect(await messages('On a 5-point Likert scale the tool got M = 3.47 (N = 12).')).toEqual([
    'A mean of 3.47 comes from no 12 whole ratings.',
  ])
  expect(await messages('On a 5-point Likert scale the tool got M = 3.42 (N = 12).')).toEqual([])
  expect(await messages('On a composite of 4 Likert items the tool got M = 3.47 (N = 12).')).toEqual([])
  expect(await messages('The loss has M = 3.47 (N = 12).')).toEqual([])
})

async function messages(results: string): Promise<string[]> {
  return grim.find(await factsOf({ 'paper.md': `# T\n\n## Results\n\n${results}\n` })).map(({ message }) => message)
}
