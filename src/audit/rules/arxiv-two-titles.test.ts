import { expect, test } from 'vitest'
import { arxivTwoTitles } from './arxiv-two-titles.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

test('finds one identifier under two titles, in the collected literature too', async () => {
  const found = await messages('1. Roe, A. (2024). Mixing graphs for sparse retrieval. arXiv:2401.01234.', {
    'related_work.md': '1. **Title**: Learning to rank with noisy labels (arXiv:2401.01234)\n',
  })
  expect(found).toEqual([
    'arXiv:2401.01234 is "Mixing graphs for sparse retrieval" in one place and "Learning to rank with noisy labels" in another.',
  ])
})

test('finds one title under two identifiers', async () => {
  const entries =
    '1. Roe, A. (2024). Mixing graphs for sparse retrieval. arXiv:2401.01234.\n2. Roe, A. (2024). Mixing graphs for sparse retrieval. arXiv:2402.04321.'
  expect(await messages(entries)).toHaveLength(1)
})

test('accepts shortened titles', async () => {
  const found = await messages(
    '1. Roe, A. (2024). GraphMix: Mixing graphs for sparse retrieval of long documents. arXiv:2401.01234.',
    {
      'related_work.md': '1. **Title**: GraphMix: Mixing graphs (arXiv:2401.01234)\n',
    },
  )
  expect(found).toEqual([])
})

async function messages(entries: string, others: Record<string, string> = {}): Promise<string[]> {
  const facts = await factsOf({ 'paper.md': `# T\n\n## References\n\n${entries}\n`, ...others })
  return arxivTwoTitles.find(facts).map(({ message }) => message)
}
