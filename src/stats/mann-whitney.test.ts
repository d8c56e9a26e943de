import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/mann-whitney.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { cliffsDelta } from './effect.ts'
import { mannWhitneyU } from './mann-whitney.ts'
import { mulberry32 } from './random.ts'

test('statistic and p-values are those of SciPy, exact and asymptotic, with and without ties', () => {
  for (const { x, y, ...expected } of golden) {
    const automatic = mannWhitneyU(x, y)
    expect(automatic.u).toBe(expected.u)
    expect(automatic.p).toEqual(near(expected.auto))
    expect(mannWhitneyU(x, y, { method: 'asymptotic' }).p).toEqual(near(expected.asymptotic))
    expect(mannWhitneyU(x, y, { method: 'asymptotic', continuity: false }).p).toEqual(near(expected.uncorrected))
  }
})

test('the exact test counts without ties, and refuses them', () => {
  const [tied, plain] = [golden.filter(({ exact }) => exact === null), golden.filter(({ exact }) => exact !== null)]
  for (const { x, y, exact } of plain) expect(mannWhitneyU(x, y, { method: 'exact' }).p).toEqual(near(exact ?? -1))
  for (const { x, y } of tied) expect(() => mannWhitneyU(x, y, { method: 'exact' })).toThrow(/ties/)
  expect([tied.length, plain.length]).toEqual([2, 6])
})

test('the rank-biserial correlation is minus the effect of Cliff', () => {
  for (const { x, y, ...expected } of golden) {
    expect(cliffsDelta(x, y)).toEqual(near(expected.cliffsDelta))
    expect(mannWhitneyU(x, y).rankBiserial).toEqual(near(-expected.cliffsDelta))
  }
})

test('the samples may be exchanged', () => {
  for (const { x, y } of golden) {
    const [forward, backward] = [mannWhitneyU(x, y), mannWhitneyU(y, x)]
    expect(forward.u + backward.u).toBe(x.length * y.length)
    expect(backward.p).toEqual(near(forward.p ?? 0))
    expect(backward.rankBiserial).toEqual(near(-(forward.rankBiserial ?? 0)))
  }
})

test('the exact test is chosen for a small sample without ties only', () => {
  const ladder = Array.from({ length: 50 }, (_, i) => i)
  const methodOf = (x: readonly number[], y: readonly number[]) => mannWhitneyU(x, y).method
  expect(methodOf(ladder.slice(0, 8), ladder.slice(8))).toBe('exact')
  expect(methodOf(ladder.slice(0, 9), ladder.slice(9))).toBe('asymptotic')
  expect(methodOf([1, 1], [2, 3])).toBe('asymptotic')
  const many = Array.from({ length: 20_001 }, (_, i) => i + 0.5)
  expect(methodOf([1, 2], many)).toBe('asymptotic')
  expect(() => mannWhitneyU([1, 2], many, { method: 'exact' })).toThrow(RangeError)
})

test('an empty sample has no p, and values that are all equal have no z', () => {
  expect(mannWhitneyU([], [1, 2])).toMatchObject({ u: 0, z: null, p: null, rankBiserial: null })
  expect(mannWhitneyU([3, 3], [3, 3, 3])).toMatchObject({ u: 3, z: null, p: 1, rankBiserial: 0 })
})

test('what is no number has no rank', () => {
  expect(() => mannWhitneyU([1, Number.NaN], [2, 3])).toThrow('needs numbers, not NaN')
})

test('under no difference small p-values are as rare as they say', () => {
  const random = mulberry32(1)
  const sample = (n: number) => Array.from({ length: n }, random)
  const p = Array.from({ length: 1000 }, () => mannWhitneyU(sample(6), sample(9)).p ?? 1)
  const share = p.filter((value) => value <= 0.05).length / p.length
  expect(share).toBeGreaterThan(0.03)
  expect(share).toBeLessThan(0.065)
})

/** Absolute differences of the marks of MLR-Bench's human study (release 806a203): how often each size occurs. */
const study = [
  {
    dimension: 'Novelty',
    humans: { 0: 6, 1: 7, 2: 4, 3: 4, 4: 2, 5: 1 },
    judges: { 0: 3, 0.5: 15, 1: 10, 1.5: 5, 2: 5, 2.5: 5, 3: 6, 3.5: 3, 4: 4, 4.5: 2, 5: 1, 6: 1 },
    expected: { u: 662.5, z: 0.5697803679718095, p: 0.568826672537766, rankBiserial: 0.07986111111111116 },
  },
  {
    dimension: 'Clarity',
    humans: { 0: 7, 1: 7, 2: 6, 3: 4 },
    // biome-ignore format: one line for each sample
    judges: { 0: 6, 0.5: 10, 1: 7, 1.5: 8, 2: 6, 2.5: 1, 3: 6, 3.5: 1, 4: 3, 4.5: 5, 5: 2, 5.5: 3, 6: 1, 6.5: 1 },
    expected: { u: 525.5, z: 1.9361183249284668, p: 0.052853210651593645, rankBiserial: 0.27013888888888893 },
  },
  {
    dimension: 'Soundness',
    humans: { 0: 5, 1: 8, 2: 6, 3: 4, 4: 1 },
    judges: { 0: 5, 0.5: 10, 1: 11, 1.5: 5, 2: 8, 2.5: 4, 3: 8, 3.5: 3, 4: 4, 4.5: 2 },
    expected: { u: 630.5, z: 0.8915173310206186, p: 0.3726516980801882, rankBiserial: 0.12430555555555556 },
  },
  {
    dimension: 'Significance',
    humans: { 0: 4, 1: 8, 2: 10, 3: 1, 4: 1 },
    judges: { 0: 6, 0.5: 5, 1: 13, 1.5: 6, 2: 9, 2.5: 6, 3: 9, 3.5: 1, 4: 3, 4.5: 2 },
    expected: { u: 603, z: 1.1721290998873992, p: 0.24114522831399177, rankBiserial: 0.16249999999999998 },
  },
  {
    dimension: 'Overall',
    humans: { 0: 3, 1: 10, 2: 8, 3: 2, 4: 1 },
    judges: { 0: 6, 0.5: 9, 1: 9, 1.5: 13, 2: 8, 2.5: 7, 3.5: 2, 4: 4, 4.5: 1, 5: 1 },
    expected: { u: 692, z: 0.27580628604572244, p: 0.782696855350279, rankBiserial: 0.03888888888888886 },
  },
]

test.each(study)(
  "MLR-Bench's human study on $dimension gives what its notebook gives",
  ({ humans, judges, expected }) => {
    const differences = (counts: Record<string, number | undefined>) =>
      Object.entries(counts).flatMap(([size, count = 0]) => Array.from({ length: count }, () => Number(size)))
    const result = mannWhitneyU(differences(humans), differences(judges), { method: 'asymptotic' })
    expect(result.u).toBe(expected.u)
    for (const key of ['z', 'p', 'rankBiserial'] as const) expect(result[key]).toEqual(near(expected[key]))
  },
)
