import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/bootstrap.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { mean, quantile, standardDeviation } from './mean.ts'
import { mulberry32 } from './random.ts'
import {
  bootstrapMean,
  bootstrapMeans,
  bootstrapStatistic,
  type BootstrapOptions,
  type Interval,
  sumClusters,
} from './resample.ts'
import { selectQuantile } from './select.ts'

/** Coefficient of variation: undefined for a single item. */
const variation = (items: readonly number[]): number | null => {
  const [deviation, centre] = [standardDeviation(items, { divisor: 'n-1' }), mean(items)]
  return deviation === null || centre === null ? null : deviation / centre
}

const close = (interval: Interval | null) =>
  interval === null ? null : { ...interval, lo: near(interval.lo, 1e-12), hi: near(interval.hi, 1e-12) }

test.each(golden)(
  'intervals of $name are those of NumPy and SciPy on the same resamples',
  ({ clusters, intervals }) => {
    for (const expected of intervals) {
      const options = expected.options as BootstrapOptions
      expect(bootstrapMean(clusters, options)).toEqual(close(expected.mean))
      expect(bootstrapStatistic(clusters, mean, options)).toEqual(close(expected.mean))
      expect(bootstrapStatistic(clusters, variation, options)).toEqual(close(expected.variation))
    }
  },
)

test('2000 resamples, seed 19955, 95 % and percentiles unless told otherwise', () => {
  const clusters = golden[0]?.clusters ?? []
  const spelledOut = { resamples: 2000, seed: 19955, level: 0.95, method: 'percentile' } as const
  expect(bootstrapMean(clusters)).toEqual(bootstrapMean(clusters, spelledOut))
})

test('a mean of many different values, of few, and of clusters unlike in size comes out as by adding up', () => {
  const random = mulberry32(8)
  const few = Array.from({ length: 65 }, () => [Math.floor(random() * 5)])
  const many = Array.from({ length: 65 }, () => [random()])
  const uneven = Array.from({ length: 65 }, (_, place) =>
    Array.from({ length: place % 4 }, () => (random() < 0.5 ? 6 : 7)),
  )
  for (const clusters of [few, many, uneven]) {
    for (const resamples of [200, 201]) {
      expect(bootstrapMean(clusters, { resamples })).toEqual(close(bootstrapStatistic(clusters, mean, { resamples })))
    }
  }
})

test.each(['percentile', 'bca'] as const)('many columns at once give each the interval it has alone (%s)', (method) => {
  const random = mulberry32(1)
  const column = (clusters: number, sizes: readonly number[], scale = 1): number[][] =>
    Array.from({ length: clusters }, (_, cluster) =>
      Array.from({ length: sizes[cluster % sizes.length] ?? 1 }, () => (Math.floor(random() * 10) + 1) * scale),
    )
  const columns = [
    // packed together
    column(7, [1]),
    column(7, [2], 0.5),
    column(7, [1, 3]),
    ...Array.from({ length: 20 }, () => column(7, [1])),
    // one of them keeps the others from it
    column(5, [1], 1 / 3),
    column(5, [1, 2], -1),
    // so large that only one fits
    column(6, [1], 2 ** 40),
    column(6, [1]),
    column(4, [1], 0),
    column(1, [5]),
    [],
  ]
  const options = { resamples: 200, method }
  const alone = columns.map((items) => bootstrapStatistic(items, mean, options))
  expect(bootstrapMeans(columns.map(sumClusters), options)).toEqual(alone.map(close))
})

test('an interval moves and stretches with the scores', () => {
  const clusters = golden[2]?.clusters ?? []
  const moved = clusters.map((items) => items.map((item) => 100 + 4 * item))
  for (const method of ['percentile', 'bca'] as const) {
    const interval = bootstrapMean(clusters, { method })
    const expected = interval && { ...interval, lo: 100 + 4 * interval.lo, hi: 100 + 4 * interval.hi }
    expect(bootstrapMean(moved, { method })).toEqual(close(expected))
  }
})

test('a higher level is a wider interval, and equal scores have none to speak of', () => {
  const clusters = golden[0]?.clusters ?? []
  const [narrow, wide] = [bootstrapMean(clusters, { level: 0.8 }), bootstrapMean(clusters, { level: 0.99 })]
  expect(wide?.lo).toBeLessThan(narrow?.lo ?? 0)
  expect(wide?.hi).toBeGreaterThan(narrow?.hi ?? 0)
  const equal = [[0.1], [0.1], [0.1], [0.1]]
  for (const method of ['percentile', 'bca'] as const) {
    expect(bootstrapMean(equal, { method })).toEqual(close({ lo: 0.1, hi: 0.1, undefinedResamples: 0 }))
  }
})

test('without clusters, items or a defined resample there is no interval', () => {
  expect(bootstrapMean([])).toBeNull()
  expect(bootstrapMean([[], []])).toBeNull()
  expect(bootstrapStatistic([], () => 1)).toBeNull()
  expect(bootstrapStatistic([[1], [2]], () => null)).toBeNull()
})

test('one cluster says nothing of how clusters differ', () => {
  expect(bootstrapMean([[1, 2, 3]])).toBeNull()
  expect(bootstrapStatistic([[1, 2, 3]], mean)).toBeNull()
})

test('what is no number is refused', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => bootstrapMean([[1, wrong], [2]])).toThrow(`needs numbers, not ${wrong}`)
})

test('a corrected interval needs a value without each cluster', () => {
  expect(bootstrapMean([[1], []], { method: 'bca' })).toBeNull()
  expect(bootstrapMean([[1], []])).toEqual({ lo: 1, hi: 1, undefinedResamples: expect.any(Number) })
})

test('a level that is none is refused', () => {
  expect(() => bootstrapMean([[1], [2]], { level: 1 })).toThrow('between 0 and 1, not 1')
  expect(() => bootstrapMean([[1], [2]], { level: 95 })).toThrow(RangeError)
})

test('a quantile found without sorting is that of the sorted values', () => {
  const random = mulberry32(5)
  for (const length of [1, 2, 3, 10, 257]) {
    for (const steps of [3, 1e6]) {
      const values = Float64Array.from({ length }, () => Math.floor(random() * steps))
      for (const p of [0, 0.025, 0.3, 0.5, 0.975, 1]) {
        expect(selectQuantile(values.slice(), p)).toEqual(near(quantile(values.toSorted(), p) ?? 0, 1e-12))
      }
    }
  }
  expect(selectQuantile(new Float64Array(), 0.5)).toBeNull()
  expect(() => selectQuantile(Float64Array.of(1), 2)).toThrow('between 0 and 1, not 2')
})
