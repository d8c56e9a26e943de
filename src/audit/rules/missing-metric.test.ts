import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingMetric } from './missing-metric.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const facts = (header: string, code: string, output = 'accuracy 0.713') =>
  factsOf(
    {
      'paper.md': `# A title\n\n## Results\n\n| Method | Accuracy | ${header} |\n|---|---|---|\n| base | 0.713 | 23.41 |\n| ours | 0.755 | 25.12 |\n`,
      'run.py': code,
    },
    sessionOf([{ ran: 'python run.py', output }]),
  )

it('finds a measure that nothing names, with its results', async () => {
  const read = await facts('BLEU', 'print(accuracy)\n')
  const found = missingMetric.find(read)
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.claims?.map((id) => read.claims[id]?.number.value)).toEqual([23.41, 25.12])
})

it.each([
  ['a measure that the code computes', 'ROUGE-L', 'from rouge_score import rouge_scorer\n', undefined],
  ['a measure under its usual other name', 'Perplexity', 'ppl = loss.exp()\n', undefined],
  ['a measure that an output names', 'BLEU', 'evaluate()\n', 'bleu 23.41'],
  ['a measure of its own', 'Trust gain', 'print(1)\n', undefined],
])('says nothing of %s', async (...[, header, code, output]) => {
  expect(missingMetric.find(await facts(header, code, output))).toEqual([])
})
