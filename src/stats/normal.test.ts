import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/distributions.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import {
  normalCdf,
  normalQuantile,
  normalSurvival,
  studentCdf,
  studentQuantile,
  studentSurvival,
  twoSidedNormal,
} from './normal.ts'

test('the normal and Student distributions are exact in both tails', () => {
  for (const { z, value } of golden.normalSurvival) {
    expect(normalSurvival(z)).toEqual(near(value))
    expect(normalCdf(-z)).toEqual(near(value))
  }
  for (const { t, degrees, value } of golden.studentSurvival) {
    expect(studentSurvival(t, degrees)).toEqual(near(value))
    expect(studentCdf(-t, degrees)).toEqual(near(value))
  }
})

test('the quantiles are those of the distributions', () => {
  for (const { p, value } of golden.normalQuantile) expect(normalQuantile(p)).toEqual(near(value))
  for (const { p, degrees, value } of golden.studentQuantile) expect(studentQuantile(p, degrees)).toEqual(near(value))
})

test('quantile and distribution undo each other', () => {
  for (let p = 0.01; p < 1; p += 0.01) {
    expect(normalCdf(normalQuantile(p))).toEqual(near(p))
    expect(studentCdf(studentQuantile(p, 7.5), 7.5)).toEqual(near(p))
  }
})

test('the ends are infinite, the middle is 0, and what is no probability is refused', () => {
  expect([0, 0.5, 1].map(normalQuantile)).toEqual([-Infinity, 0, Infinity])
  expect([0, 0.5, 1].map((p) => studentQuantile(p, 3))).toEqual([-Infinity, 0, Infinity])
  expect([normalSurvival(Infinity), normalSurvival(-Infinity), studentSurvival(Infinity, 2)]).toEqual([0, 1, 0])
  expect([twoSidedNormal(0), normalCdf(Number.NaN)]).toEqual([1, Number.NaN])
  for (const wrong of [-0.1, 1.1, Number.NaN]) expect(() => normalQuantile(wrong)).toThrow(RangeError)
  expect(() => studentSurvival(1, 0)).toThrow(/positive/)
})
