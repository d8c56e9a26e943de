import { expect, test } from 'vitest'
import { citationWithoutEntry } from './citation-without-entry.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

const numbered = '1. Roe, A. (2024). Some work.\n2. Büning, C. (2019). Another one.\n3. Poe, B. (2021). A third.'
const plain = numbered.replace(/^\d\. /gm, '- ')

test('finds numbers, names and keys without an entry', async () => {
  expect(await messages('As in [1], [3] and [7].', numbered)).toEqual([
    'paper.md cites [7], which its bibliography of 3 entries does not hold.',
  ])
  expect(await messages('Roe (2024) and Quill et al. (2022) agree (Zork, 2020).', plain)).toEqual([
    'paper.md cites Quill (2022), Zork (2020), which its bibliography of 3 entries does not hold.',
  ])
})

test('accepts other spellings, quoted intervals and short bibliographies', async () => {
  expect(await messages('As Buening (2019) and Büning et al. (2019) say.', plain.replace('Büning', 'Buening'))).toEqual(
    [],
  )
  expect(await messages('Ratings lie in [1, 5], as [2] has it.', numbered)).toEqual([])
  expect(await messages('As in [7].', '1. Roe, A. (2024). Some work.')).toEqual([])
})

test('knows keys of a .bib file', async () => {
  const bib = ['aa', 'bb', 'cc'].map((key) => `@misc{${key}, title={Work ${key}}, year={2020}}`).join('\n')
  const facts = await factsOf({ 'paper.md': '# T\n\nAs [@aa; @zz] say.\n', 'references.bib': bib })
  expect(citationWithoutEntry.find(facts).map(({ message }) => message)).toEqual([
    'paper.md cites zz, which its bibliography of 3 entries does not hold.',
  ])
})

async function messages(body: string, entries: string): Promise<string[]> {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Introduction\n\n${body}\n\n## References\n\n${entries}\n` })
  return citationWithoutEntry.find(facts).map(({ message }) => message)
}
