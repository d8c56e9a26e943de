import { expect, test } from 'vitest'
import { doiMalformed } from './doi-malformed.ts'
import { factsOf } from '../../../test/support/facts-of.ts'

test.each([
  ['https://doi.org/10.1145/3292500.3330701', 0],
  ['doi:10.48550/arXiv.2401.01234', 0],
  ['doi: 10.1007/s10994-019-05855-6.', 0],
  ['doi: 10.12/abc', 1],
  ['https://doi.org/10.1145/xxxxxxx.xxxxxxx', 1],
  ['doi: 11.1145/3292500', 1],
])('%s', async (doi, count) => {
  const facts = await factsOf({ 'paper.md': `# T\n\n## References\n\n1. Roe, A. (2024). Some work. ${doi}\n` })
  expect(doiMalformed.find(facts)).toHaveLength(count)
})
