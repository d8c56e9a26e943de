import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/icc.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { icc } from './icc.ts'

const kinds = ['ICC(1,1)', 'ICC(1,k)', 'ICC(2,1)', 'ICC(2,k)', 'ICC(3,1)'] as const

test.each(golden)(
  'the coefficients of $name ratings follow from the analysis of variance',
  ({ ratings, ...expected }) => {
    for (const kind of kinds) expect(icc(ratings, kind)).toEqual(near(expected[kind], 1e-12))
  },
)

test('neither the order of targets or raters nor the unit of the scale matters', () => {
  for (const { ratings } of golden) {
    const turned = ratings.toReversed().map((row) => row.toReversed().map((rating) => 50 - 7 * rating))
    for (const kind of kinds) expect(icc(turned, kind)).toEqual(near(icc(ratings, kind) ?? 0, 1e-11))
  }
})

test('a constant shift of one rater costs agreement and not consistency', () => {
  const ratings = [
    [1, 3],
    [4, 6],
    [7, 9],
  ]
  expect(icc(ratings, 'ICC(3,1)')).toBe(1)
  expect(icc(ratings, 'ICC(2,1)')).toBeLessThan(1)
})

test('the mean of all raters is more reliable than one of them', () => {
  const ratings = golden[0]?.ratings ?? []
  expect(icc(ratings, 'ICC(1,k)')).toBeGreaterThan(icc(ratings, 'ICC(1,1)') ?? 1)
  expect(icc(ratings, 'ICC(2,k)')).toBeGreaterThan(icc(ratings, 'ICC(2,1)') ?? 1)
})

test('equal ratings, one target or one rater leave nothing to compare', () => {
  for (const kind of kinds) {
    expect(icc([], kind)).toBeNull()
    expect(icc([[1, 2]], kind)).toBeNull()
    expect(icc([[1], [2]], kind)).toBeNull()
    expect(
      icc(
        [
          [0.1, 0.1],
          [0.1, 0.1],
          [0.1, 0.1],
        ],
        kind,
      ),
    ).toBeNull()
  }
})

test('a target with a rating less is refused', () => {
  expect(() => icc([[1, 2], [3]], 'ICC(2,1)')).toThrow('the same number of ratings')
})
