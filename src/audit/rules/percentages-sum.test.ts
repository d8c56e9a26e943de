import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { percentagesSum } from './percentages-sum.ts'

test('finds a distribution that does not make a whole', async () => {
  expect(await messages('Share of errors (%)', [41.2, 33.1, 28.9])).toEqual([
    'The 3 parts of Share of errors (%) make 103.2 %, and rounding explains 0.15.',
  ])
})

test('allows for rounding, and asks for no sum where none is meant', async () => {
  expect(await messages('Share of errors (%)', [41.2, 33.1, 25.8])).toEqual([])
  expect(await messages('Accuracy (%)', [41.2, 33.1, 28.9])).toEqual([])
  expect(await messages('Share of errors (%)', [41.2, 73.1, 68.9])).toEqual([])
})

async function messages(header: string, values: readonly number[]): Promise<string[]> {
  const rows = values.map((value, index) => `| K${index} | ${value} |`).join('\n')
  const text = `# T\n\n## Results\n\n| Kind | ${header} |\n|---|---|\n${rows}\n`
  return percentagesSum.find(await factsOf({ 'paper.md': text })).map(({ message }) => message)
}
