import { expect, test } from 'vitest'
import { mulberry32 } from './random.ts'
import { bootstrapMean, type Interval } from './resample.ts'
import { bootstrapMeans } from './resample-means.ts'

test.each(['percentile', 'bca'] as const)('gives each column the interval it has alone (%s)', (method) => {
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
    column(4, [1], 0),
    column(1, [5]),
    [],
  ]
  const options = { resamples: 200, method }
  const together = bootstrapMeans(
    columns.map((items) => ({
      sums: Float64Array.from(items, (own) => own.reduce((sum, item) => sum + item, 0)),
      sizes: Float64Array.from(items, ({ length }) => length),
    })),
    options,
  )
  // equal but for rounding in the sums
  const rounded = (interval: Interval | null): Interval | null =>
    interval && { ...interval, lo: Number(interval.lo.toPrecision(12)), hi: Number(interval.hi.toPrecision(12)) }
  expect(together.map(rounded)).toEqual(columns.map((items) => rounded(bootstrapMean(items, options))))
})
