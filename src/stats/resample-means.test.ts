import { expect, test } from 'vitest'
import { mulberry32 } from './random.ts'
import { bootstrapMean } from './resample.ts'
import { bootstrapMeans } from './resample-means.ts'

test.each(['percentile', 'bca'] as const)('gives each column the interval it has alone (%s)', (method) => {
  const random = mulberry32(1)
  const column = (clusters: number, sizes: readonly number[]): number[][] =>
    Array.from({ length: clusters }, (_, cluster) =>
      Array.from({ length: sizes[cluster % sizes.length] ?? 1 }, () => Math.floor(random() * 10) + 1),
    )
  const columns = [column(7, [1]), column(7, [2]), column(7, [1, 3]), column(4, [1]), [], column(1, [5])]
  const options = { resamples: 200, method }
  const together = bootstrapMeans(columns, options)
  expect(together).toHaveLength(columns.length)
  for (const [index, interval] of together.entries()) {
    const alone = bootstrapMean(columns[index] ?? [], options)
    if (alone === null || interval === null || interval === undefined) expect(interval).toBe(alone)
    else {
      expect(interval.lo).toBeCloseTo(alone.lo, 12)
      expect(interval.hi).toBeCloseTo(alone.hi, 12)
    }
  }
})
