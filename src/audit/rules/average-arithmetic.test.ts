import { expect, test } from 'vitest'
import { averageArithmetic } from './average-arithmetic.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

test('an average outside its values is grave, another mean a note', async () => {
  const table = (average: string): string =>
    `| Set | Recall |\n|---|---|\n| A | 0.61 |\n| B | 0.65 |\n| C | 0.72 |\n| Average | ${average} |`
  expect(await found(table('0.74'))).toEqual([
    ['major', 'Recall of Average is 0.74, outside the 3 values it averages.'],
  ])
  expect(await found(table('0.69'))).toEqual([
    ['note', 'Recall of Average is 0.69, and the plain mean of the 3 values is 0.66000.'],
  ])
  expect(await found(table('0.66'))).toEqual([])
})

test('reads a column of averages, and no column beside metrics of another kind', async () => {
  expect(await found('| Method | A | B | Avg. |\n|---|---|---|---|\n| Ours | 61.2 | 65.4 | 71.3 |')).toMatchObject([
    ['major', expect.any(String)],
  ])
  expect(
    await found('| Method | Recall | Time (s) | Avg. |\n|---|---|---|---|\n| Ours | 61.2 | 65.4 | 71.3 |'),
  ).toEqual([])
})

test('leaves several averages alone, and rows of statistics out', async () => {
  const groups =
    '| Set | Recall |\n|---|---|\n| A | 0.61 |\n| B | 0.65 |\n| Average | 0.63 |\n| C | 0.82 |\n| D | 0.86 |\n| Average | 0.84 |'
  expect(await found(groups)).toEqual([])
  expect(
    await found('| Set | Recall |\n|---|---|\n| A | 0.61 |\n| B | 0.65 |\n| Std | 0.02 |\n| Mean | 0.63 |'),
  ).toEqual([])
})

async function found(table: string): Promise<[string, string][]> {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}\n` })
  return averageArithmetic.find(facts).map(({ severity, message }) => [severity, message])
}
