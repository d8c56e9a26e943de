import { expect, test } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { improvementArithmetic } from './improvement-arithmetic.ts'

test('finds an improvement that is neither difference nor relative change of the values beside it', async () => {
  expect(await messages(table('0.620', '0.713', '+22.4%'))).toEqual([
    'Improvement of Recall is given as 22.4%: Plain 0.620 and Ours 0.713 make it +15.0 %.',
  ])
})

test('accepts relative and absolute changes, error reductions and ratios, as far as rounding reaches', async () => {
  expect(await messages(table('0.620', '0.713', '+15.0%'))).toEqual([])
  expect(await messages(table('0.620', '0.713', '+9.3%'))).toEqual([])
  expect(await messages(table('0.620', '0.713', '0.093'))).toEqual([])
  expect(await messages(table('0.90', '0.95', '50%'))).toEqual([])
  expect(await messages(table('0.033', '0.08', '+142%'))).toEqual([])
  expect(await messages(table('-0.214', '0.051', '+123.6%'))).toEqual([])
})

test('compares a single value with those of the other rows', async () => {
  const rows = (gain: string): string =>
    paper(`| Model | Accuracy | Relative improvement |\n|---|---|---|\n| Plain | 61.2 | - |\n| Ours | 70.4 | ${gain} |`)
  expect(await messages(rows('15.0%'))).toEqual([])
  expect(await messages(rows('19.7%'))).toEqual([
    'Relative improvement of Ours is given as 19.7%: no other row makes it so.',
  ])
})

test('is sure of a baseline among the rows only where the rest of the column comes out', async () => {
  const rows = (...gains: [string, string]): string =>
    paper(
      `| Model | Accuracy | Improvement |\n|---|---|---|\n| Plain | 61.2 | - |\n| Mine | 65.0 | ${gains[0]} |\n| Ours | 70.4 | ${gains[1]} |`,
    )
  const severities = async (text: string): Promise<string[]> =>
    improvementArithmetic.find(await factsOf({ 'paper.md': text })).map(({ severity }) => severity)
  expect(await severities(rows('6.2%', '19.7%'))).toEqual(['major'])
  expect(await severities(rows('11.9%', '19.7%'))).toEqual(['minor', 'minor'])
})

test('leaves alone a gain that is a metric of its own, and improvements over what is not shown', async () => {
  const own = '| Model | Correctness | Adaptation Gain |\n|---|---|---|\n| A | 0.637 | 0.166 |\n| B | 0.785 | 0.450 |'
  expect(await messages(paper(own))).toEqual([])
  const many = '| Task | A | B | C | Improvement |\n|---|---|---|---|---|\n| One | 0.61 | 0.65 | 0.72 | 33.3% |'
  expect(await messages(paper(many))).toEqual([])
})

test.each([
  'Latency falls from 37.4 ms to 9.6 ms, a 58.1% reduction.',
  'Recall is higher with it (0.713 vs. 0.620), a relative improvement of 22.4%.',
  'Scores of those who saw it (0.68) vs. those who did not (0.61) show a gap of 0.07 (33.1% improvement).',
  'Ours has a recall of 0.7312, a 31.4% improvement over plain search (0.6127).',
  'It scores 0.5120 compared to 0.4416 for the base. This represents a 22.9% improvement.',
])('finds the wrong percentage in: %s', async (sentence) => {
  const facts = await factsOf({ 'paper.md': paper(sentence) })
  expect(improvementArithmetic.find(facts)).toMatchObject([{ severity: 'major', claims: expect.any(Array) }])
})

test.each([
  'Latency falls from 37.4 ms to 9.6 ms, a 74.3% reduction.',
  'Recall is higher with it (0.713 vs. 0.620), a relative improvement of 15.0%.',
  'Accuracy is 0.571 compared to 0.548 for the base. This represents a 4.2% absolute improvement.',
  'Latency falls from 37.4 ms to 9.6 ms, up to a 90.0% reduction in all.',
  'Latency falls from 37.4 ms to 9.6 ms, and memory shows a 30.5% reduction.',
  'Recall is 52.6% compared to 53.4% without pruning, at a 77.0% reduction of memory.',
])('finds nothing in: %s', async (sentence) => {
  expect(await messages(paper(sentence))).toEqual([])
})

function paper(results: string): string {
  return `# A title\n\n## Results\n\n${results}\n`
}

function table(plain: string, ours: string, improvement: string): string {
  return paper(
    `| Metric | Plain | Ours | Improvement |\n|---|---|---|---|\n| Recall | ${plain} | ${ours} | ${improvement} |`,
  )
}

async function messages(text: string): Promise<string[]> {
  return improvementArithmetic.find(await factsOf({ 'paper.md': text })).map(({ message }) => message)
}
