import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { impossibleOrder } from './impossible-order.ts'

test.each([
  [
    '| Method | Recall@1 | Recall@5 | Recall@10 |',
    '| A | 41.2 | 63.9 | 61.0 |',
    'Recall@5 of A is 63.9, more than Recall@10 61.0 of the same row.',
  ],
  [
    '| Method | Pass@10 | Pass@1 |',
    '| A | 0.41 | 0.52 |',
    'Pass@1 of A is 0.52, more than Pass@10 0.41 of the same row.',
  ],
  [
    '| Method | Min | Mean | Max |',
    '| A | 0.41 | 0.38 | 0.52 |',
    'Min of A is 0.41, more than Mean 0.38 of the same row.',
  ],
  [
    '| Metric | Lower Bound | Upper Bound |',
    '| A | 0.41 | 0.38 |',
    'Lower Bound of A is 0.41, more than Upper Bound 0.38 of the same row.',
  ],
])('finds the impossible order of %s', async (header, row, message) => {
  expect(await messages(header, row)).toEqual([message])
})

test.each([
  ['| Method | Recall@1 | Recall@5 | Recall@10 |', '| A | 41.2 | 63.9 | 63.9 |'],
  ['| Method | Precision@1 | Precision@5 |', '| A | 41.2 | 33.9 |'],
  ['| Method | Recall@1 (clean) | Recall@5 (noisy) |', '| A | 41.2 | 33.9 |'],
  ['| Method | Top-1 error | Top-5 error |', '| A | 41.2 | 13.9 |'],
  ['| Metric | Lower Bound | Upper Bound |', '| A | -12.97 s | -4.42 s |'],
  ['| Method | Mean | Median |', '| A | 0.41 | 0.38 |'],
])('accepts %s', async (header, row) => {
  expect(await messages(header, row)).toEqual([])
})

async function messages(header: string, row: string): Promise<string[]> {
  const text = `# T\n\n## Results\n\n${header}\n${header.replace(/[^|]+/g, '---')}\n${row}\n`
  return impossibleOrder.find(await factsOf({ 'paper.md': text })).map(({ message }) => message)
}
