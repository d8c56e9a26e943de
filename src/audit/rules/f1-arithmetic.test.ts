import { expect, test } from 'vitest'
import { f1Arithmetic } from './f1-arithmetic.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

test('an F1 above the mean of precision and recall is grave, whatever was averaged', async () => {
  expect(
    await found('| Method | Precision | Recall | F1 |', '| A | 0.71 ± 0.01 | 0.60 ± 0.02 | 0.78 ± 0.01 |'),
  ).toEqual([['major', 'A: F1 0.78 exceeds the mean of precision 0.71, recall 0.60, which no kind of average allows.']])
})

test('an F1 below that of precision and recall is minor, and nothing where it may be an average', async () => {
  expect(await found('| Method | Precision | Recall | F1 |', '| A | 0.71 | 0.60 | 0.58 |')).toMatchObject([
    ['minor', expect.any(String)],
  ])
  expect(await found('| Method | Precision | Recall | Macro F1 |', '| A | 0.71 | 0.60 | 0.58 |')).toEqual([])
  expect(await found('| Method | Macro Precision | Macro Recall | Macro F1 |', '| A | 0.71 | 0.60 | 0.58 |')).toEqual(
    [],
  )
})

test('accepts what rounding allows, per cent too, and metrics as rows', async () => {
  expect(await found('| Method | Precision | Recall | F1 |', '| A | 0.71 | 0.60 | 0.65 |')).toEqual([])
  expect(await found('| Method | Precision (%) | Recall (%) | F1-Score (%) |', '| A | 71.3 | 60.2 | 65.3 |')).toEqual(
    [],
  )
  expect(await found('| Metric | Ours |', '| Precision | 0.71 |\n| Recall | 0.60 |\n| F1 | 0.79 |')).toHaveLength(1)
})

test('does not mix precision at k and other groups', async () => {
  expect(await found('| Method | Precision@5 | Recall@10 | F1 |', '| A | 0.71 | 0.60 | 0.92 |')).toEqual([])
  expect(
    await found('| Method | Precision (clean) | Recall (clean) | F1 (noisy) |', '| A | 0.71 | 0.60 | 0.92 |'),
  ).toEqual([])
})

async function found(header: string, rows: string): Promise<[string, string][]> {
  const rule = header.replace(/[^|]+/g, '---')
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${header}\n${rule}\n${rows}\n` })
  return f1Arithmetic.find(facts).map(({ severity, message }) => [severity, message])
}
