import { expect, test } from 'vitest'
import { debit } from './debit.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

test('finds a spread larger than any sample of shares with that mean can have', async () => {
  expect(await messages('Accuracy', '0.99 ± 0.21')).toEqual([
    'Accuracy of A is 0.99 ± 0.21: no sample of shares with this mean has a deviation above 0.172.',
  ])
  expect(await messages('Accuracy (%)', '98.9 ± 21.3')).toHaveLength(1)
})

test('accepts large spreads near one half, rewards, and intervals that say so', async () => {
  expect(await messages('Accuracy', '0.52 ± 0.49')).toEqual([])
  expect(await messages('Reward', '0.99 ± 0.61')).toEqual([])
  expect(await messages('Accuracy (95% CI)', '0.99 ± 0.21')).toEqual([])
})

async function messages(header: string, cell: string): Promise<string[]> {
  const text = `# T\n\n## Results\n\n| Method | ${header} |\n|---|---|\n| A | ${cell} |\n| B | ${cell.replace(/[\d.]+ ±/, (value) => value.replace(/\d(?=\D*$)/, '5')).replace(/± [\d.]+/, '± 0.01')} |\n`
  return debit.find(await factsOf({ 'paper.md': text })).map(({ message }) => message)
}
