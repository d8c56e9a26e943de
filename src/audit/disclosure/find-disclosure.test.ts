import { expect, it } from 'vitest'
import { subjectOf } from '../../../test/support/facts-of.ts'
import { findDisclosures } from './find-disclosure.ts'

const about = (paper: string): string[] =>
  findDisclosures({ subject: subjectOf({ 'paper.md': paper }) }).map((disclosure) => disclosure.about)

it('finds results that the paper itself calls simulated, with the line', () => {
  const [found] = findDisclosures({
    subject: subjectOf({
      'paper.md': '# A title\n\n## Results\nAll numbers below are simulated and were not measured.\n',
    }),
  })
  expect(found).toMatchObject({ about: 'results', place: { path: 'paper.md', line: 4, role: 'context' } })
})

it.each([
  ['The results in this table are illustrative.', 'results'],
  ['We report mock results for the larger models.', 'results'],
  ['Experiments were simulated with fixed gains.', 'results'],
  ['We test on a synthetic dataset of 400 graphs.', 'data'],
  ['Feedback comes from 25 simulated users.', 'people'],
])('reads "%s" as a disclosure about %s', (sentence, expected) => {
  expect(about(`# T\n\n## Setup\n${sentence}\n`)).toEqual([expected])
})

it('passes over denials, plans, and what others did', () => {
  expect(about('# T\n\n## Results\nThese are not mock results.\n')).toEqual([])
  expect(about('# T\n\n## Related Work\nSmith used a synthetic dataset.\n')).toEqual([])
  expect(about('# T\n\n6. Future Work\nWe want simulated users.\n')).toEqual([])
})

it('counts only what the main document says', () => {
  const subject = subjectOf({
    'paper.md': '# T\n\n## Results\nWe reach 0.91.\n',
    'README.md': 'The results are simulated.\n',
    'results/results.md': '# R\nThe results are simulated.\n',
  })
  expect(findDisclosures({ subject })).toEqual([])
})
