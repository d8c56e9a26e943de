import { expect, it } from 'vitest'
import { factsOf } from '../../../test/support/facts-of.ts'
import { missingStatistics } from './missing-statistics.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const find = async (results: string, code: string, files: Record<string, string> = {}) =>
  missingStatistics.find(
    await factsOf(
      { 'paper.md': `# A title\n\n## Results\n${results}\n`, 'run.py': code, ...files },
      sessionOf([{ ran: 'python run.py', output: 'accuracy 0.713' }]),
    ),
  )

it.each([
  ['a p value', 'Ours is better (p < 0.01).', 'p values'],
  ['a test by name', 'We confirmed it with a paired t-test.', 't-test'],
])('finds %s that nothing computes', async (_, results, named) => {
  const found = await find(results, 'print(accuracy)\n')
  expect(found).toMatchObject([{ severity: 'major' }])
  expect(found[0]?.message).toContain(named)
})

it('names the p value that it is about', async () => {
  const facts = await factsOf(
    { 'paper.md': '# A title\n\n## Results\nOurs gains 3.21 points (p = 0.013).\n', 'run.py': 'print(1)\n' },
    sessionOf([{ ran: 'python run.py', output: '1' }]),
  )
  const [found] = missingStatistics.find(facts)
  expect(found?.claims?.map((id) => facts.claims[id]?.number.value)).toEqual([0.013])
})

it('only notes significance in words', async () => {
  expect(await find('The gain is statistically significant.', 'print(1)\n')).toMatchObject([{ severity: 'note' }])
})

it.each([
  ['a test by a library', 'Ours is better (p < 0.01).', 'from scipy import stats\n'],
  ['resampling by hand', 'Ours is better (p < 0.01).', 'p_value = count / 1000\n'],
  ['a denial', 'We did not run a t-test.', 'print(1)\n'],
  ['top-p', 'We sample with top-p of 0.9.', 'print(1)\n'],
])('says nothing of %s', async (_, results, code) => {
  expect(await find(results, code)).toEqual([])
})

it('says nothing where a data file holds the test', async () => {
  expect(await find('Ours is better (p < 0.01).', 'print(1)\n', { 'stats.csv': 'pair,p_value\na,0.004\n' })).toEqual([])
})
