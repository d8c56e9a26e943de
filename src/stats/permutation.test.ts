import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/permutation.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { pairedPermutationTest } from './permutation.ts'
import { mulberry32 } from './random.ts'

test('with up to 14 clusters p is exact, as in SciPy', () => {
  for (const { clusters, meanDifference, p } of golden) {
    const result = pairedPermutationTest(clusters)
    expect(result.method).toBe('exact')
    expect(result.meanDifference).toEqual(near(meanDifference))
    expect(result.p).toEqual(near(p))
  }
})

test('with more clusters random signs come near the exact p, and the seed decides them', () => {
  const clusters = golden.flatMap((one) => one.clusters.slice(0, one.clusters.length > 6 ? 8 : 0))
  const result = pairedPermutationTest(clusters)
  expect(result.method).toBe('monte-carlo')
  expect(pairedPermutationTest(clusters)).toEqual(result)
  expect(pairedPermutationTest(clusters, { seed: 2 }).p).not.toBe(result.p)
  expect(exactP(clusters)).toBeGreaterThan(0.01)
  expect(Math.abs((result.p ?? 0) - exactP(clusters))).toBeLessThan(0.015)
})

/** All 2^n sums of whole numbers, counted. */
function exactP(clusters: readonly (readonly number[])[]): number {
  const sums = clusters.map((cluster) => cluster.reduce((sum, d) => sum + d, 0))
  let counts = new Map([[0, 1]])
  for (const sum of sums) {
    const next = new Map<number, number>()
    for (const [subtotal, count] of counts) {
      for (const total of [subtotal + sum, subtotal - sum]) next.set(total, (next.get(total) ?? 0) + count)
    }
    counts = next
  }
  const observed = Math.abs(sums.reduce((sum, d) => sum + d, 0))
  return (
    [...counts].reduce((sum, [total, count]) => sum + (Math.abs(total) >= observed ? count : 0), 0) / 2 ** sums.length
  )
}

test('a random p is never 0', () => {
  const clusters = Array.from({ length: 40 }, () => [1])
  expect(pairedPermutationTest(clusters, { resamples: 99 })).toMatchObject({ p: 0.01, meanDifference: 1 })
})

test('rounding in the sums decides nothing', () => {
  // 0.1 + 0.2 and 0.3 differ in the last bit
  expect(pairedPermutationTest([[0.1, 0.2], [-0.3], [0.3]]).p).toBe(1)
  expect(pairedPermutationTest([[0.1], [0.2], [0.3]]).p).toBe(0.25)
})

test('empty clusters count for nothing, and without items there is no p', () => {
  expect(pairedPermutationTest([[1], [], [2]])).toEqual(pairedPermutationTest([[1], [2]]))
  expect(pairedPermutationTest([[], []])).toMatchObject({ meanDifference: null, p: null })
})

test('what is no number, and a number of resamples that is none, are refused', () => {
  expect(() => pairedPermutationTest([[1], [Number.NaN], [2]])).toThrow('needs numbers, not NaN')
  expect(() => pairedPermutationTest([[1]], { resamples: 0 })).toThrow('positive whole number, not 0')
})

test('under no difference small p-values are as rare as they say', () => {
  const random = mulberry32(3)
  const p = Array.from({ length: 500 }, () => {
    const clusters = Array.from({ length: 10 }, () => [random() - 0.5, random() - 0.5])
    return pairedPermutationTest(clusters).p ?? 1
  })
  const share = p.filter((value) => value <= 0.1).length / p.length
  expect(share).toBeGreaterThan(0.07)
  expect(share).toBeLessThan(0.13)
})
