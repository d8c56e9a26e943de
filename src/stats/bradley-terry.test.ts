import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/bradley-terry.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { bradleyTerry, type Comparison } from './bradley-terry.ts'

const few = { resamples: 200 }

/** `a>b` or `a=b`, each its own cluster. */
function parse(text: string): Comparison[] {
  return text.split(' ').map((game, i) => {
    const [a = '', b = ''] = game.split(/[>=]/)
    return { a, b, winner: game.includes('=') ? 'tie' : 'a', cluster: String(i).padStart(3, '0') }
  })
}

function comparisonsOf(pairs: (typeof golden)[number]['pairs']): Comparison[] {
  return pairs.flatMap(({ a, b, aWins, bWins, ties }) =>
    (
      [
        ['a', aWins],
        ['b', bWins],
        ['tie', ties],
      ] as const
    ).flatMap(([winner, count]) => Array.from({ length: count }, (_, i) => ({ a, b, winner, cluster: String(i) }))),
  )
}

test("strengths and ties are those of statsmodels' log-linear fit", () => {
  for (const { names, pairs, strengths, tiePropensity } of golden) {
    const result = bradleyTerry(comparisonsOf(pairs), few)
    expect(result.strengths.map(({ name }) => name)).toEqual(names)
    for (const [i, strength] of strengths.entries()) expect(result.strengths[i]?.strength).toEqual(near(strength, 1e-9))
    expect(result.tiePropensity).toEqual(near(tiePropensity, 1e-9))
  }
})

test('between two without ties the difference is the log odds', () => {
  const [a, b] = bradleyTerry(parse('a>b a>b a>b b>a'), few).strengths
  expect((a?.strength ?? 0) - (b?.strength ?? 0)).toEqual(near(Math.log(3)))
  expect(a).toMatchObject({ wins: 3, ties: 0, losses: 1 })
})

test('equal records give equal strengths, and ties their propensity', () => {
  const { strengths, tiePropensity } = bradleyTerry(parse('a>b b>a a=b a=b'), few)
  expect(strengths.map(({ strength }) => strength)).toEqual([near(0), near(0)])
  expect(tiePropensity).toEqual(near(2))
})

test('intervals hold the strength, come from whole clusters and count what settled nothing', () => {
  const comparisons = comparisonsOf(golden[1]?.pairs ?? [])
  const result = bradleyTerry(comparisons, few)
  for (const { strength, interval } of result.strengths) {
    expect(interval?.lo).toBeLessThan(strength ?? 0)
    expect(interval?.hi).toBeGreaterThan(strength ?? 0)
  }
  const undefinedResamples = bradleyTerry(parse('a>b a>b a>b b>a'), few).strengths[0]?.interval?.undefinedResamples
  expect(undefinedResamples).toBeGreaterThan(0)
  expect(undefinedResamples).toBeLessThan(few.resamples)
})

test('the order of comparisons and of the two sides does not matter', () => {
  const comparisons = comparisonsOf(golden[2]?.pairs ?? [])
  const turned = comparisons.toReversed().map(({ a, b, winner, cluster }) => {
    return { a: b, b: a, winner: winner === 'tie' ? winner : winner === 'a' ? 'b' : 'a', cluster } as const
  })
  expect(bradleyTerry(turned, few)).toEqual(bradleyTerry(comparisons, few))
})

test.each([
  ['a>b b>a c>d d>c', /no comparisons connect "a", "b" with "c", "d"/],
  ['a>b b>c a>c', /never lost to nor tied with/],
  ['a>b b>a a>c b>c', /"a", "b" never lost to nor tied with "c"/],
  ['a=b b=c', /every comparison is a tie/],
  ['a>b a=b', /without bound/],
  ['a>b a=b b>c b=c', /without bound/],
])('%s settles no strengths, and the reason is said', (text, reason) => {
  const result = bradleyTerry(parse(text), few)
  expect(result.reason).toMatch(reason)
  expect(result.tiePropensity).toBeNull()
  for (const { strength, interval } of result.strengths) expect([strength, interval]).toEqual([null, null])
})

test('ties that no growth of strengths can keep settle them', () => {
  const { reason, strengths } = bradleyTerry(parse('a>b b>c a=c'), few)
  expect(reason).toBeNull()
  expect(strengths[1]?.strength ?? 1).toEqual(near(0, 1e-9))
})

test('nothing to compare has a reason, and comparing with itself is refused', () => {
  expect(bradleyTerry([])).toMatchObject({ strengths: [], reason: 'there is nothing to compare' })
  expect(() => bradleyTerry(parse('a>a'))).toThrow(/itself/)
})
