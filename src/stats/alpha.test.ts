import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/alpha.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { krippendorffAlpha } from './alpha.ts'

const metrics = ['nominal', 'ordinal', 'interval'] as const

test.each(golden)('alpha of $name ratings is that of all their pairs', ({ units, ...expected }) => {
  for (const metric of metrics) {
    const alpha = expected[metric]
    expect(krippendorffAlpha(units, { metric })).toEqual(alpha === null ? null : near(alpha, 1e-12))
  }
})

test('neither the order of units and ratings, nor what has no second rating, matters', () => {
  for (const { units } of golden) {
    const turned = units.toReversed().map((ratings) => ratings.toReversed())
    for (const metric of metrics) {
      const alpha = krippendorffAlpha(units, { metric })
      const expected = alpha === null ? null : near(alpha, 1e-12)
      expect(krippendorffAlpha(turned, { metric })).toEqual(expected)
      expect(krippendorffAlpha([[99], [], ...units], { metric })).toEqual(expected)
    }
  }
})

test('perfect agreement is 1, and shifting or stretching the scale changes nothing', () => {
  const units = [
    [1, 1],
    [4, 4, 4],
    [2, 2],
  ]
  for (const metric of metrics) expect(krippendorffAlpha(units, { metric })).toBe(1)
  const ragged = [
    [1, 2],
    [4, 6, 5],
    [2, 2],
    [7, 5],
  ]
  const moved = ragged.map((ratings) => ratings.map((rating) => 3 * rating - 20))
  for (const metric of metrics) {
    expect(krippendorffAlpha(moved, { metric })).toEqual(near(krippendorffAlpha(ragged, { metric }) ?? 0, 1e-12))
  }
})

test('without two ratings of one thing there is no alpha', () => {
  expect(krippendorffAlpha([], { metric: 'interval' })).toBeNull()
  expect(krippendorffAlpha([[1], [2]], { metric: 'ordinal' })).toBeNull()
})
