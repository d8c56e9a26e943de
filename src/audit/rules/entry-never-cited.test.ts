import { expect, test } from 'vitest'
import { entryNeverCited } from './entry-never-cited.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

const numbered =
  '1. Roe, A. (2024). Some work.\n2. Zed, C. (2019). GraphMix: Another one.\n3. Poe, B. (2021). A third.\n4. Lund, D. (2020). A fourth of them.'

test('finds entries that no number names', async () => {
  expect(await messages('As in [1], [2] and [3].', numbered)).toEqual([
    'paper.md never cites 1 of its 4 entries: Lund 2020 "A fourth of them".',
  ])
})

test('takes a name or the beginning of the title as a citation', async () => {
  const plain = numbered.replace(/^\d\. /gm, '- ')
  const found = await messages('Roe (2024) and Roe et al. (2024) like GraphMix (Poe, 2021).', plain)
  expect(found).toEqual(['paper.md never cites 1 of its 4 entries: Lund 2020 "A fourth of them".'])
})

test('says nothing of documents that hardly cite', async () => {
  expect(await messages('As in [1].', numbered)).toEqual([])
})

async function messages(body: string, entries: string): Promise<string[]> {
  const facts = await factsOf({ 'paper.md': `# T\n\n## Introduction\n\n${body}\n\n## References\n\n${entries}\n` })
  return entryNeverCited.find(facts).map(({ message }) => message)
}
