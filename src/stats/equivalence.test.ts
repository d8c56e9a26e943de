import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/equivalence.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { tost, tostByCluster } from './equivalence.ts'

test('p and interval are those of statsmodels and SciPy', () => {
  for (const { differences, margin, ...expected } of golden) {
    const result = tost(differences, { margin })
    expect(result.mean).toEqual(near(expected.mean))
    expect(result.p).toEqual(near(expected.p))
    expect(result.interval90?.lo).toEqual(near(expected.interval90[0] ?? 0))
    expect(result.interval90?.hi).toEqual(near(expected.interval90[1] ?? 0))
  }
})

test('the verdict is that of the interval within the margin', () => {
  const verdicts = golden.map(({ differences, margin }) => {
    const { interval90, equivalent } = tost(differences, { margin })
    expect(equivalent).toBe((interval90?.lo ?? 0) > -margin && (interval90?.hi ?? 0) < margin)
    return equivalent
  })
  expect(new Set(verdicts)).toEqual(new Set([true, false]))
})

test('resampled clusters give the verdict too, and what hangs together widens the interval', () => {
  const clusters = golden
    .slice(0, 4)
    .flatMap(({ differences }) => differences.slice(0, 5).map((d) => [d - 0.2, d, d + 0.2]))
  const widthOf = (parts: readonly (readonly number[])[]) => {
    const { interval90 } = tostByCluster(parts, { margin: 1 })
    return (interval90?.hi ?? 0) - (interval90?.lo ?? 0)
  }
  expect(widthOf(clusters)).toBeGreaterThan(1.3 * widthOf(clusters.flat().map((difference) => [difference])))
  const { interval90 } = tostByCluster(clusters, { margin: 1 })
  const reach = Math.max(-(interval90?.lo ?? 0), interval90?.hi ?? 0)
  expect(tostByCluster(clusters, { margin: reach * 1.01 })).toMatchObject({ equivalent: true, p: null })
  expect(tostByCluster(clusters, { margin: reach * 0.99 }).equivalent).toBe(false)
})

test('data without spread, or with one cluster, say nothing', () => {
  const nothing = { p: null, interval90: null, equivalent: null }
  expect(tost([], { margin: 1 })).toEqual({ mean: null, ...nothing })
  expect(tost([0.2, 0.2], { margin: 1 })).toEqual({ mean: 0.2, ...nothing })
  expect(tostByCluster([[0, 0.4], []], { margin: 1 })).toEqual({ mean: 0.2, ...nothing })
  expect(tostByCluster([[0.5], [0.5]], { margin: 1 })).toEqual({ mean: 0.5, ...nothing })
})

test('a margin that is not positive is refused', () => {
  expect(() => tost([1, 2], { margin: 0 })).toThrow(RangeError)
  expect(() => tostByCluster([[1], [2]], { margin: -1 })).toThrow(/margin/)
  expect(() => tost([1, Number.NaN], { margin: 1 })).toThrow('needs numbers, not NaN')
})
