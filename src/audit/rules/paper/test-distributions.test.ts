import { expect, test } from 'vitest'
import { pValue, type TestStatistic } from './test-distributions.ts'

/** From SciPy 1.10.1: `2 * t.sf`, `f.sf`, `chi2.sf`, `2 * norm.sf`. */
const golden: readonly (readonly [TestStatistic, number, number])[] = [
  [{ kind: 't', degrees: 28 }, 2.1, 0.04486322412891708],
  [{ kind: 't', degrees: 3 }, -0.35, 0.7494693347495329],
  [{ kind: 'F', degrees: 2, within: 57 }, 4.5, 0.015326084783137399],
  [{ kind: 'F', degrees: 5, within: 12 }, 0.7, 0.6339620939846786],
  [{ kind: 'F', degrees: 1, within: 200 }, 98.2, 4.365573159577025e-19],
  [{ kind: 'chi2', degrees: 1 }, 4.5, 0.033894853524689295],
  [{ kind: 'chi2', degrees: 12 }, 30.1, 0.002697236180415433],
  [{ kind: 'chi2', degrees: 3 }, 0.8, 0.8494670333918255],
  [{ kind: 'chi2', degrees: 100 }, 250, 7.76693640353949e-15],
  [{ kind: 'z' }, 2.33, 0.01980615111832849],
  [{ kind: 'r', degrees: 38 }, 0.41, 0.00860205679421957],
]

test.each(golden)('%o at %d', (statistic, value, expected) => {
  expect(pValue(statistic, value)).toBeCloseTo(expected, 10)
  expect((pValue(statistic, value) ?? 0) / expected).toBeCloseTo(1, 6)
})

test('has no answer where there is no such test', () => {
  expect(pValue({ kind: 't', degrees: 0 }, 2)).toBeNull()
  expect(pValue({ kind: 'F', degrees: 2, within: 10 }, -1)).toBeNull()
  expect(pValue({ kind: 'r', degrees: 10 }, 1.2)).toBeNull()
  expect(pValue({ kind: 'chi2', degrees: 1e9 }, 3)).toBeNull()
})
