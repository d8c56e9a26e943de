import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { parallelColumns } from './parallel-columns.ts'

test('finds metrics that keep their distance in every row, and names each once', async () => {
  const rows = [0.8312, 0.7954, 0.8021, 0.7411, 0.6987].map(
    (f1, row) => `| M${row} | ${f1} | ${(f1 - 0.15).toFixed(4)} | ${(f1 - 0.05).toFixed(4)} |`,
  )
  expect(await messages('F1', 'EM', 'BLEU', rows)).toEqual([
    'EM is F1 less 0.15; BLEU is F1 less 0.05: to the last digit in all 5 places.',
  ])
})

test('finds the same with metrics as rows', async () => {
  const values = [0.8312, 0.7954, 0.8021, 0.7411]
  const rows = [0, -0.1].map(
    (shift) => `| ${shift === 0 ? 'F1' : 'EM'} | ${values.map((value) => (value + shift).toFixed(4)).join(' | ')} |`,
  )
  const facts = await factsOf({
    'paper.md': `# T\n\n## Results\n\n| Metric | A | B | C | D |\n|---|---|---|---|---|\n${rows.join('\n')}\n`,
  })
  expect(parallelColumns.find(facts)).toMatchObject([
    { severity: 'major', message: expect.stringContaining('EM is F1 less 0.1') },
  ])
})

test('finds a method that is another one times a constant', async () => {
  const plain = [0.6312, 0.5954, 0.7021, 0.5411]
  const table = (factor: (index: number) => number): string =>
    `| Method | F1 | Accuracy | Recall | Precision |\n|---|---|---|---|---|\n| Plain | ${plain.join(' | ')} |\n| Ours | ${plain.map((value, index) => (value * factor(index)).toFixed(4)).join(' | ')} |`
  const found = async (results: string): Promise<string[]> =>
    parallelColumns
      .find(await factsOf({ 'paper.md': `# T\n\n## Results\n\n${results}\n` }))
      .map(({ message }) => message)
  expect(await found(table(() => 1.15))).toEqual(['Ours is Plain times 1.15: to the last digit in all 4 places.'])
  expect(await found(table((index) => 1.15 + index / 200))).toEqual([])
  expect(await found(table(() => 1.15).replace('Accuracy', 'Memory (GB)'))).toEqual([])
})

test('leaves what coarse rounding makes alone', async () => {
  const rows = [0.91, 0.87, 0.93, 0.85, 0.89].map(
    (value, row) => `| M${row} | ${value} | ${(value - 0.02).toFixed(2)} | 1 |`,
  )
  expect(await messages('Accuracy', 'F1', 'N', rows)).toEqual([])
})

test('leaves metrics alone that differ in one row, hardly vary, are equal, or are called a gain', async () => {
  const values = [0.8312, 0.7954, 0.8021, 0.7411, 0.6987]
  const rows = (second: (value: number, row: number) => number): string[] =>
    values.map((value, row) => `| M${row} | ${value} | ${second(value, row).toFixed(4)} | 1 |`)
  expect(
    await messages(
      'F1',
      'EM',
      'N',
      rows((value, row) => value - 0.15 + (row === 2 ? 0.003 : 0)),
    ),
  ).toEqual([])
  expect(
    await messages(
      'Precision',
      'Recall',
      'N',
      rows((value) => value),
    ),
  ).toEqual([])
  expect(
    await messages(
      'Accuracy',
      'Gain over chance',
      'N',
      rows((value) => value - 0.5),
    ),
  ).toEqual([])
  const flat = values.map((_, row) => `| M${row} | 0.81 | 0.71 | 1 |`)
  expect(await messages('F1', 'EM', 'N', flat)).toEqual([])
})

async function messages(
  ...[first, second, third, rows]: readonly [string, string, string, string[]]
): Promise<string[]> {
  const text = `# T\n\n## Results\n\n| Method | ${first} | ${second} | ${third} |\n|---|---|---|---|\n${rows.join('\n')}\n`
  return parallelColumns.find(await factsOf({ 'paper.md': text })).map(({ message }) => message)
}
