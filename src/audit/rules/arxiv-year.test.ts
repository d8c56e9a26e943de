import { expect, test } from 'vitest'
import { arxivYear } from './arxiv-year.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

test.each([
  ['Roe, A. (2021). Some work. arXiv:2401.01234.', 1],
  ['Roe, A. (2024). Some work. arXiv preprint arXiv:2004.01234.', 1],
  ['Roe, A. (2023). Some work. arXiv:2401.01234.', 0],
  ['Roe, A. (2025). Some work. arXiv:2401.01234.', 0],
  ['Roe, A. (2024). Some work. In Proceedings of Nothing. arXiv:2004.01234.', 0],
  ['Roe, A. (2024). Some work.', 0],
])('%s', async (entry, count) => {
  const facts = await factsOf({ 'paper.md': `# T\n\n## References\n\n1. ${entry}\n` })
  expect(arxivYear.find(facts)).toHaveLength(count)
})
