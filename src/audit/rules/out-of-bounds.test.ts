import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { outOfBounds } from './out-of-bounds.ts'

test('finds shares, correlations, p-values, times and spreads beyond their bounds', async () => {
  const found = await messages(`
| Method | Accuracy | Recall (%) | Pearson | p-value | Latency (ms) |
|---|---|---|---|---|---|
| A | 0.91 | 81.2 | 0.71 | 0.03 | 12.1 |
| B | 1.07 | 104.2 | 1.31 | 1.4 | -3.2 |
| C | 0.88 | 80.1 | 0.66 | 0.20 | 11.9 |
`)
  expect(found).toEqual([
    'Accuracy of B is 1.07: a share cannot exceed 1.',
    'Recall (%) of B is 104.2: a share cannot exceed 100 %.',
    'Pearson of B is 1.31: a correlation lies in -1..1.',
    'p-value of B is 1.4: a p-value lies in 0..1.',
    'Latency (ms) of B is -3.2: it cannot be negative.',
  ])
})

test('finds a negative standard deviation', async () => {
  const found = await messages('| Method | Accuracy | Std |\n|---|---|---|\n| A | 0.91 | 0.02 |\n| B | 0.90 | -0.03 |')
  expect(found).toEqual(['Std of B is -0.03: a spread cannot be negative.'])
})

test('reads metrics as rows', async () => {
  const found = await messages(
    '| Metric | Plain | Ours |\n|---|---|---|\n| Accuracy | 92.1% | 112.3% |\n| Reward | 3.1 | -4.2 |',
  )
  expect(found).toEqual(['Accuracy of Ours is 112.3%: a share cannot exceed 100 %.'])
})

test('leaves changes, rewards, other scales and values rounded to the bound alone', async () => {
  expect(
    await messages(`
| Method | Accuracy gain (%) | Avg. Reward | Accuracy | Error rate change | Backward Transfer (%) | F1 |
|---|---|---|---|---|---|---|
| A | -3.1 | -12.5 | 100.0 | -0.2 | -6.58 | 1.000 |
| B | 120.5 | 140.2 | 99.1 | 0.4 | -1.98 | 0.981 |
`),
  ).toEqual([])
})

test('leaves intervals of differences alone, whose rows are named after metrics', async () => {
  const intervals =
    '| Metric | Lower Bound | Upper Bound |\n|---|---|---|\n| Accuracy | -0.12 | 0.08 |\n| Recall | -0.02 | 1.82 |'
  expect(await messages(intervals)).toEqual([])
})

test('leaves matrices of correlations and columns that mean something else alone', async () => {
  expect(
    await messages(
      '| Metric | Accuracy | Latency |\n|---|---|---|\n| Accuracy | 1.00 | -0.41 |\n| Latency | -0.41 | 1.00 |',
    ),
  ).toEqual([])
  expect(await messages('| Metric | t-statistic |\n|---|---|\n| Latency | -4.21 |\n| Accuracy | -2.11 |')).toEqual([])
  expect(await messages('| Agent | AUC |\n|---|---|\n| A | 152.1 |\n| B | 140.8 |\n| C | 133.9 |')).toEqual([])
})

test.each([
  ['The model has an accuracy of 103.2% on the test set.', 1],
  ['The difference is significant (p = 1.3).', 1],
  ['Ratings agree well (r = 1.24).', 1],
  ['Adapters have rank r = 8 and the norm is p = 2.5.', 0],
  ['The model has an accuracy of 93.2%, and p = 0.03.', 0],
  ['Throughput is 103.2% of that of the plain model.', 0],
])('reads the sentence: %s', async (sentence, count) => {
  expect(await messages(sentence)).toHaveLength(count)
})

async function messages(results: string): Promise<string[]> {
  const facts = await factsOf({ 'paper.md': `# A title\n\n## Results\n\n${results}\n` })
  return outOfBounds.find(facts).map(({ message }) => message)
}
