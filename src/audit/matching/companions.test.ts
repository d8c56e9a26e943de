import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'

/** A pool so dense that each value of three decimals is met somewhere. */
const dense = Array.from(
  { length: 120 },
  (_, index) => `${index},0.0${String(10 + (index % 90)).padStart(2, '0')},0.1${String(index % 100).padStart(2, '0')}`,
).join('\n')
const log = 'gain | accuracy | small noise | mean 0.033 std 0.027 | better in 7 of 8 seeds\n'

async function strengthsOf(sentence: string): Promise<string[]> {
  const facts = await factsOf({
    'paper.md': `# T\n\n## Results\n\n${sentence}\n`,
    'out.csv': `step,a,b\n${dense}\n`,
    'log.txt': log,
  })
  return facts.claims.flatMap(({ id, informative, number }) =>
    informative ? [`${number.text} ${facts.matches[id]?.status} ${facts.matches[id]?.strength}`] : [],
  )
}

it('knows numbers again that stand side by side in the paper and in the evidence', async () => {
  expect(await strengthsOf('With small noise the gain in accuracy is 0.033 ± 0.027.')).toEqual([
    '0.033 traced strong',
    '0.027 traced strong',
  ])
})

it('does not take a changed spread for the one beside the mean', async () => {
  const strengths = await strengthsOf('With small noise the gain in accuracy is 0.033 ± 0.028.')
  expect(strengths[1]).not.toContain('strong')
})
