import { expect, test } from 'vitest'
import { arxivImpossible } from './arxiv-impossible.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

test('finds identifiers that break their own rules, and those after the work ended', async () => {
  const entries = ['2413.01234', '2401.01234', '2403.05678'].map(
    (id, index) => `${index + 1}. Roe, A. (2024). Work ${index}. arXiv:${id}.`,
  )
  const facts = await factsOf({ 'paper.md': `# T\n\n## References\n\n${entries.join('\n')}\n` }, { date: '2024-01-15' })
  expect(arxivImpossible.find(facts)).toMatchObject([
    {
      severity: 'major',
      message: expect.stringContaining('there is no month 13'),
      evidence: [{ path: 'paper.md', line: 5 }],
    },
    { severity: 'major', message: expect.stringContaining('it would be from 2024-03, and the work ended 2024-01-15') },
  ])
})

test('compares with nothing where the date of the work is unknown', async () => {
  const facts = await factsOf({ 'paper.md': '# T\n\n## References\n\n1. Roe, A. (2024). Work. arXiv:3501.01234.\n' })
  expect(arxivImpossible.find(facts)).toEqual([])
})
