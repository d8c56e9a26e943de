import { expect, test } from 'vitest'
import { extractClaims } from '../claims/extract-claims.ts'
import { derive, type Operand } from './derive.ts'

/** How the last number of a text follows from those before it. */
function how(text: string, exact: readonly (number | null)[]): string | null {
  const { claims } = extractClaims({ path: 'paper.md', text: `# T\n\n## Results\n\n${text}\n` }, 0)
  const claim = claims.at(-1)
  const line = exact.flatMap((one, at): Operand[] => {
    const other = claims[at]
    return other === undefined ? [] : [{ claim: other, exact: one, table: -1, row: -1, column: -1 }]
  })
  return claim === undefined ? null : (derive(claim, [line])?.how ?? null)
}

test('a difference of values below zero, which the evidence may hold without their signs', () => {
  const said = 'Transfer is -1.98 at first, and -4.02 at last.'
  for (const exact of [
    [null, null],
    [1.9814, 4.0222],
    [-1.9814, null],
    [null, 4.0222],
  ])
    expect(how(`${said} It drops by 2.04.`, exact)).toBe('-1.98 − -4.02')
  expect(how(`${said} It drops by 6.00.`, [1.9814, null])).toBeNull()
  expect(how('Transfer is -1.98, which is again -1.98. It drops by 3.96.', [1.9814, null])).toBeNull()
})

test('a mean of values below zero', () => {
  const said = 'Transfer is -1.98 in one task and -4.02 in the other.'
  expect(how(`${said} The mean of both is -3.00.`, [1.9814, null])).toMatch(/^mean of 2 values/)
  expect(how(`${said} The mean of both is -1.02.`, [1.9814, null])).toBeNull()
})

test('only what the words around a number speak of', () => {
  const said = 'Accuracy is 0.65 with it and 0.49 without.'
  expect(how(`${said} It gains 0.16.`, [0.6511, 0.4887])).toBe('0.65 − 0.49')
  expect(how(`${said} Recall is 0.16.`, [0.6511, 0.4887])).toBeNull()
  expect(how(`${said} It gains 0.17.`, [0.6511, 0.4887])).toBeNull()
})
