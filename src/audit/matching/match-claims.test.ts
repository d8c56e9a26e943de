import { describe, expect, test } from 'vitest'
import type { DocumentClaims } from '../claims/claim.ts'
import { factsOf } from '../../../test/support/facts-of.ts'
import { sessionOf } from '../../../test/support/session-of.ts'

const csv = 'method,accuracy,f1\nbase,0.81234,0.79401\nours,0.87277,0.86123\nours_small,0.84459,0.82209\n'
const table =
  '| Method | Accuracy | F1 |\n|---|---|---|\n| Base | 0.812 | 0.794 |\n| Ours | 0.873 | 0.861 |\n| Ours small | 0.845 | 0.822 |\n'

/** Statuses of the text's numbers, by what is written. */
async function statusesOf(text: string, files: Record<string, string> = { 'out.csv': csv }, session = {}) {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}\n${text}\n`, ...files }, session)
  const [paper] = facts.documents
  const claims = (paper as DocumentClaims).claims.filter(
    ({ where, informative }) => where.kind === 'prose' && informative,
  )
  return claims.map((claim) => `${claim.number.text} ${facts.matches[claim.id]?.status}`)
}

test('there is one match for every claim, by its id', async () => {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}`, 'out.csv': csv })
  expect(facts.matches.map(({ claim }) => claim)).toEqual(facts.claims.map(({ id }) => id))
})

test('cells are traced to the line of the file that holds them', async () => {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Results\n\n${table}`, 'out.csv': csv })
  const cell = facts.claims.find(({ number }) => number.text === '0.861')
  const match = facts.matches[cell?.id ?? -1]
  expect(match).toMatchObject({ status: 'traced', strength: 'strong' })
  expect(match?.evidence[0]).toMatchObject({ path: 'out.csv', line: 3, role: 'origin' })
})

describe('a number of the text', () => {
  test('shares the fate of the cell that it repeats, as a share or in percent, more exactly or less', async () => {
    expect(await statusesOf('Ours reaches an accuracy of 87.3% and an F1 of 0.86.')).toEqual([
      '87.3 traced',
      '0.86 traced',
    ])
  })

  test('follows from cells by difference and by relative change', async () => {
    expect(await statusesOf('Accuracy of Ours improves by 6.1 percentage points over Base.')).toEqual(['6.1 derived'])
    expect(await statusesOf('Accuracy of Ours improves by 7.51% over Base.')).toEqual(['7.51 derived'])
    expect(await statusesOf('The accuracy gap between Ours and Base is 0.061.')).toEqual(['0.061 derived'])
  })

  test('is contradicted where its clause names one cell and says another value', async () => {
    expect(await statusesOf('Base has an accuracy of 0.834.')).toEqual(['0.834 contradicted'])
  })

  test('is typed where only the agent wrote it', async () => {
    const report = 'The robustness score is 0.7713.\n'
    const session = sessionOf([{ typed: 'results.md', text: report }])
    const files = { 'out.csv': csv, 'results.md': report }
    expect(await statusesOf('The robustness score is 0.7713.', files, session)).toEqual(['0.7713 typed'])
  })

  test('is unfound where nothing holds it', async () => {
    expect(await statusesOf('On the second task, the score is 0.6127.')).toEqual(['0.6127 unfound'])
  })
})
