import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { pValueArithmetic } from './p-value-arithmetic.ts'

test.each([
  ['The groups differ, t(28) = 1.10, p = 0.031.', 'major'],
  ['The groups differ, t(28) = 2.10, p = 0.012.', 'minor'],
  ['The effect is large, F(2, 57) = 1.50, p < 0.05.', 'major'],
  ['They are related, χ²(1, N = 90) = 1.50, p = .001.', 'major'],
  ['They are related, r(38) = 0.11, p < 0.001.', 'major'],
])('finds the wrong p-value in: %s', async (sentence, severity) => {
  expect(await findings(sentence)).toMatchObject([{ severity }])
})

test.each([
  'The groups differ, t(28) = 2.10, p = 0.045.',
  'The groups differ, t(28) = 2.10, p = 0.022 (one-sided).',
  'The effect is large, F(2, 57) = 4.50, p = .015.',
  'They are related, $\\chi^2(1) = 4.50$, $p = 0.034$.',
  'They are related, r(38) = 0.41, p < 0.01.',
  'The groups differ, z = 2.33, p = 0.02.',
  'The groups differ after Bonferroni correction, t(28) = 2.10, p = 0.135.',
  'The groups differ, p = 0.045.',
])('accepts: %s', async (sentence) => {
  expect(await findings(sentence)).toEqual([])
})

async function findings(sentence: string): Promise<ReturnType<typeof pValueArithmetic.find>> {
  return pValueArithmetic.find(await factsOf({ 'paper.md': `# T\n\n## Results\n\n${sentence}\n` }))
}
