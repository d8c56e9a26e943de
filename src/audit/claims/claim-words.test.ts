import { expect, test } from 'vitest'
import { claimWords } from './claim-words.ts'
import { extractClaims } from './extract-claims.ts'

const text = `## Results

Table 1: Scores on the river set.

| Model | Test F1 |
|---|---|
| OursBig | 0.913 |

The recall of OursBig is 0.874 on rivers.
`
const { claims, tables } = extractClaims({ path: 'paper.md', text }, 0)

test('a cell shares the words of its row and column first, then its caption and sections', () => {
  expect(claimWords(claims[0] ?? never(), tables)).toEqual([
    'our',
    'big',
    'oursbig',
    'test',
    'f1',
    'score',
    'river',
    'set',
  ])
})

test('a number in prose shares the words of its sentence, nearest first', () => {
  expect(claimWords(claims[1] ?? never(), tables)).toEqual(['oursbig', 'river', 'big', 'our', 'recall'])
})

function never(): never {
  throw new Error('the claim is missing')
}
