import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/rank-intervals.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { rankIntervals } from './rank-intervals.ts'

const items = golden.items.map((scores) => scores.map((score) => [score]))

test('ranks and their intervals are those of SciPy and NumPy on the same resamples', () => {
  expect(rankIntervals(items, golden.options)).toEqual(
    items.map((_, place) => ({
      mean: near(golden.means[place] ?? 0, 1e-12),
      rank: golden.ranks[place],
      interval: { lo: golden.lo[place], hi: golden.hi[place], undefinedResamples: 0 },
    })),
  )
})

test('equal means share their rank, and rounding breaks no tie', () => {
  const one = [[0.1], [0.2], [0.3]]
  const other = [[0.3], [0.2], [0.1]]
  expect(rankIntervals([one, other, [[5], [5], [5]]]).map(({ rank }) => rank)).toEqual([2.5, 2.5, 1])
})

test('an item far ahead keeps its rank in every resample, by both methods', () => {
  const ahead = items[0]?.map(() => [10, 11]) ?? []
  for (const method of ['percentile', 'bca'] as const) {
    const [first, ...others] = rankIntervals([ahead, ...items], { ...golden.options, method })
    expect(first).toEqual({ mean: 10.5, rank: 1, interval: { lo: 1, hi: 1, undefinedResamples: 0 } })
    for (const { interval } of others) expect(interval?.lo).toBeGreaterThanOrEqual(2)
  }
})

test('an item without scores has no rank and takes none away', () => {
  const nothing = items[0]?.map(() => []) ?? []
  const [empty, ...others] = rankIntervals([nothing, ...items], golden.options)
  expect(empty).toEqual({ mean: null, rank: null, interval: null })
  expect(others).toEqual(rankIntervals(items, golden.options))
})

test('a resample that leaves an item without scores counts as undefined for all', () => {
  const ranked = rankIntervals([
    [[3], [4], []],
    [[], [], [5]],
  ])
  expect(ranked.map(({ rank }) => rank)).toEqual([2, 1])
  for (const { interval } of ranked) expect(interval?.undefinedResamples).toBeGreaterThan(0)
})

test('no items have no ranks, and unlike numbers of clusters are refused', () => {
  expect(rankIntervals([])).toEqual([])
  expect(() => rankIntervals([[[1]], [[1], [2]]])).toThrow('the same clusters for every item')
})
