import { expect, test } from 'vitest'
import { foldWords } from './fold-words.ts'

test.each([
  ['Test Accuracy (%)', 'test_acc'],
  ['ROUGE-1', 'rouge_1'],
  ['ROUGE-1', 'rouge1'],
  ['pass@10', 'pass_at_10'],
  ['Avg. Losses', 'average loss'],
  ['R²', 'R^2'],
  ['$\\rho$', 'ρ'],
  ['Número', 'numero'],
  ['Max-Pool', 'max pool'],
  ['CI', 'interval'],
])('%s and %s are the same words', (left, right) => {
  expect(foldWords(left)).toEqual(foldWords(right))
})

test('camel case is split, and the joined form stays', () => {
  expect(foldWords('SlowPath valLoss')).toEqual(['slow', 'path', 'slowpath', 'validation', 'loss', 'valloss'])
})

test('no word comes twice, and marks are none', () => {
  expect(foldWords('**Model** | model — `models`')).toEqual(['model'])
})
