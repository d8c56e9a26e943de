import { expect, test } from 'vitest'
import { extractClaims } from '../claims/extract-claims.ts'
import { sharesOfOne } from './shares-of-one.ts'

function sharesIn(line: string): string[] {
  const { claims } = extractClaims({ path: 'paper.md', text: `# T\n\n## Results\n\n${line}\n` }, 0)
  const shares = sharesOfOne(claims)
  return claims.filter(({ id }) => shares.has(id)).map(({ number }) => number.text)
}

test('weights in brackets that make one together', () => {
  expect(sharesIn('Weights are accuracy (0.35), model size (0.45), recall (0.20).')).toEqual(['0.35', '0.45', '0.20'])
})

test.each([
  ['they make something else', 'We see accuracy (0.35), model size (0.45), recall (0.30).'],
  ['there are two of them', 'We see accuracy (0.55) and recall (0.45).'],
  ['another number stands beside them', 'We reach 0.91 with accuracy (0.35), size (0.45), recall (0.20).'],
])('none where %s', (_why, line) => {
  expect(sharesIn(line)).toEqual([])
})
