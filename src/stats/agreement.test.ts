import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/agreement.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { type Agreement, agreement, agreementWithIntervals, type Pair } from './agreement.ts'
import { krippendorffAlpha } from './alpha.ts'
import { kendallTauB, pearson, spearman } from './correlation.ts'
import { icc } from './icc.ts'
import { weightedKappa } from './kappa.ts'
import { mean } from './mean.ts'
import { type BootstrapOptions, bootstrapStatistic, type Interval } from './resample.ts'

const asPairs = (clusters: readonly (readonly (readonly number[])[])[]): Pair[][] =>
  clusters.map((cluster) => cluster.map(([x = 0, y = 0]) => [x, y] as const))

const data = golden.map(({ clusters, ...expected }) => ({ ...expected, clusters: asPairs(clusters) }))

function nearAll(expected: Agreement, relative = 1e-12): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [name, value === null ? null : near(value, relative)]),
  )
}

/** Each measure by the function of its own. */
function oneByOne(pairs: readonly Pair[]): Agreement {
  const [x, y] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])]
  const rounded = (values: readonly number[]): number[] => values.map((value) => Math.floor(value + 0.5))
  const share = (isMet: (distance: number) => boolean): number | null =>
    mean(pairs.map((pair) => (isMet(Math.abs(pair[0] - pair[1])) ? 1 : 0)))
  return {
    pearson: pearson(x, y),
    spearman: spearman(x, y),
    krippendorffAlpha: krippendorffAlpha(pairs, { metric: 'interval' }),
    icc21: icc(pairs, 'ICC(2,1)'),
    icc2k: icc(pairs, 'ICC(2,k)'),
    icc31: icc(pairs, 'ICC(3,1)'),
    weightedKappa: weightedKappa(rounded(x), rounded(y), {
      weights: 'quadratic',
      categories: Array.from({ length: 11 }, (_, index) => index),
    }),
    bias: mean(pairs.map((pair) => pair[0] - pair[1])),
    meanAbsoluteDifference: mean(pairs.map((pair) => Math.abs(pair[0] - pair[1]))),
    exact: share((distance) => distance === 0),
    withinOne: share((distance) => distance <= 1 + 1e-9),
  }
}

test.each(data)('agreement of $name is that of SciPy, statsmodels and exact sums', ({ clusters, point }) => {
  expect(agreement(clusters.flat())).toEqual(nearAll(point))
  expect(agreementWithIntervals(clusters, { resamples: 1 }).point).toEqual(nearAll(point))
  expect(oneByOne(clusters.flat())).toEqual(nearAll(point))
})

test.each(data)('intervals of $name are those of SciPy on the same resamples', ({ clusters, intervals }) => {
  for (const { options, values } of intervals) {
    const expected = Object.entries<Interval>(values).map(([name, { lo, hi, undefinedResamples }]) => [
      name,
      { lo: near(lo, 1e-12), hi: near(hi, 1e-12), undefinedResamples },
    ])
    const actual = agreementWithIntervals(clusters, options as BootstrapOptions).intervals
    expect(actual).toEqual(Object.fromEntries(expected))
  }
})

test('counting pairs of scores gives what resampling the items themselves gives', () => {
  const clusters = data[1]?.clusters ?? []
  const names = ['pearson', 'spearman', 'krippendorffAlpha', 'icc2k', 'weightedKappa', 'withinOne'] as const
  for (const method of ['percentile', 'bca'] as const) {
    const options = { resamples: 100, method }
    const { intervals } = agreementWithIntervals(clusters, options)
    for (const name of names) {
      const slow = bootstrapStatistic(clusters, (pairs) => oneByOne(pairs)[name], options)
      expect(intervals[name]).toEqual(slow && { ...slow, lo: near(slow.lo), hi: near(slow.hi) })
    }
  }
})

test('when the raters change places only the sign of the bias changes', () => {
  for (const { clusters } of data) {
    const pairs = clusters.flat()
    const there = agreement(pairs)
    const back = agreement(pairs.map(([x, y]) => [y, x] as const))
    expect({ ...back, bias: -(back.bias ?? 0) }).toEqual(nearAll(there))
  }
})

test('the order of items does not matter', () => {
  for (const { clusters } of data) {
    const pairs = clusters.flat()
    expect(agreement(pairs.toReversed())).toEqual(agreement(pairs))
  }
})

test('shares are 0..1, coefficients at most 1, and agreement with oneself is 1', () => {
  for (const { clusters } of data) {
    const same = agreement(clusters.flat().map(([x]) => [x, x] as const))
    expect(same).toMatchObject({ bias: 0, meanAbsoluteDifference: 0, exact: 1, withinOne: 1, krippendorffAlpha: 1 })
    expect([same.pearson, same.spearman, same.icc21, same.icc2k, same.icc31, same.weightedKappa]).toEqual(
      Array.from({ length: 6 }, () => near(1, 1e-12)),
    )
  }
})

test('a side without variance leaves the correlations undefined and the rest not', () => {
  const flat = agreement([
    [5, 4],
    [5, 6],
    [5, 7],
  ])
  expect(flat).toMatchObject({ pearson: null, spearman: null, exact: 0 })
  expect(flat.krippendorffAlpha).not.toBeNull()
  expect(flat.icc21).not.toBeNull()
})

test('scores that are all equal tell only that they are equal, fractions included', () => {
  const undefinedMeasures = { pearson: null, spearman: null, krippendorffAlpha: null, weightedKappa: null }
  const expected = { ...undefinedMeasures, icc21: null, icc2k: null, icc31: null }
  for (const score of [7, 20 / 3, 0.1]) {
    const pairs = Array.from({ length: 7 }, () => [score, score] as const)
    expect(agreement(pairs)).toEqual({ ...expected, bias: 0, meanAbsoluteDifference: 0, exact: 1, withinOne: 1 })
  }
})

test('no pairs have no agreement and no intervals', () => {
  const nothing = Object.keys(agreement([])).map((name) => [name, null])
  expect(nothing).toHaveLength(11)
  expect(agreement([])).toEqual(Object.fromEntries(nothing))
  expect(agreementWithIntervals([])).toEqual({ point: agreement([]), intervals: agreement([]) })
})

test('what is no number is refused by every measure of agreement', () => {
  const [x, y] = [
    [1, 2, Number.NaN, 4],
    [1, 3, 2, 4],
  ]
  const pairs = x.map((value, place) => [value, y[place] ?? 0] as const)
  const refused = 'needs numbers, not NaN'
  expect(() => agreement(pairs)).toThrow(refused)
  expect(() => krippendorffAlpha(pairs, { metric: 'ordinal' })).toThrow(refused)
  expect(() => icc(pairs, 'ICC(1,1)')).toThrow(refused)
  for (const correlate of [pearson, spearman, kendallTauB]) expect(() => correlate(x, y)).toThrow(refused)
})

test('one cluster gives the measures without intervals', () => {
  const { point, intervals } = agreementWithIntervals([
    [
      [1, 2],
      [3, 3],
    ],
  ])
  expect(point.exact).toBe(0.5)
  expect(Object.values(intervals)).toEqual(Array.from({ length: 11 }, () => null))
})

test('intervals are made of the measures asked for, the same as of all', () => {
  const clusters: Pair[][] = Array.from({ length: 12 }, (_, task) => [
    [(task % 5) + 3, (task % 4) + 4],
    [(task % 3) + 5, (task % 5) + 2],
  ])
  const all = agreementWithIntervals(clusters, { resamples: 100 })
  const some = agreementWithIntervals(clusters, { resamples: 100, measures: ['spearman', 'bias'] })
  expect(some.point).toEqual(all.point)
  expect(some.intervals).toEqual({
    ...Object.fromEntries(Object.keys(all.intervals).map((name) => [name, null])),
    spearman: all.intervals.spearman,
    bias: all.intervals.bias,
  })
  expect(some.intervals.spearman).not.toBeNull()
})
