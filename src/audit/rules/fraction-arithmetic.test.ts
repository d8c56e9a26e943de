import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { fractionArithmetic } from './fraction-arithmetic.ts'

test.each([
  ['It solves 12/30 (43.3%) of the problems.', 1],
  ['It solves 41 out of 120 problems (31.2%).', 1],
  ['The accuracy is 43.3% (12/30).', 1],
  ['It solves 12/30 (40.0%) of the problems.', 0],
  ['It solves 41 of the 120 problems (34.17%).', 0],
  ['It solves 41 of the 120 problems (34.1%).', 0],
  ['It fails on 3 of 20 cases (85% are solved).', 0],
  ['It is available 24/7 (99.5% of the time).', 0],
  ['Figure 3 of 12 shows the loss.', 0],
])('reads: %s', async (sentence, count) => {
  expect(await findings(sentence)).toHaveLength(count)
})

test('reads cells and points to the percentage', async () => {
  const [finding] = await findings('| Method | Solved |\n|---|---|\n| A | 12/30 (43.3%) |\n| B | 15/30 (50%) |')
  expect(finding).toMatchObject({ severity: 'major', message: '"12/30 (43.3%": 12 of 30 are 40.00 %.' })
  expect(finding?.claims).toHaveLength(1)
})

async function findings(results: string): Promise<ReturnType<typeof fractionArithmetic.find>> {
  return fractionArithmetic.find(await factsOf({ 'paper.md': `# T\n\n## Results\n\n${results}\n` }))
}
