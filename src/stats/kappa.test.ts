import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/kappa.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { cohenKappa, weightedKappa } from './kappa.ts'

const categories = Array.from({ length: 10 }, (_, index) => index + 1)

test('kappa is that of statsmodels, plain and weighted', () => {
  for (const { x, y, ...expected } of golden) {
    expect(cohenKappa(x, y)).toEqual(near(expected.cohen, 1e-12))
    expect(weightedKappa(x, y, { weights: 'linear', categories })).toEqual(near(expected.linear, 1e-12))
    expect(weightedKappa(x, y, { weights: 'quadratic', categories })).toEqual(near(expected.quadratic, 1e-12))
  }
})

test('two categories weigh alike, whatever they are called', () => {
  const x = [true, true, false, false, true]
  const y = [true, false, false, false, true]
  const kappa = cohenKappa(x, y)
  expect(kappa).toEqual(near(8 / 13, 1e-12))
  expect(cohenKappa(y, x)).toBe(kappa)
  expect(cohenKappa(x.map(String), y.map(String))).toBe(kappa)
  for (const weights of ['linear', 'quadratic'] as const) {
    expect(weightedKappa(x, y, { weights, categories: [false, true] })).toBe(kappa)
  }
})

test('perfect agreement is 1; one category throughout says nothing', () => {
  expect(cohenKappa(['a', 'b'], ['a', 'b'])).toBe(1)
  expect(cohenKappa(['a', 'a'], ['a', 'a'])).toBeNull()
  expect(cohenKappa([], [])).toBeNull()
  expect(weightedKappa([3, 3], [3, 3], { weights: 'quadratic', categories })).toBeNull()
  expect(cohenKappa(['a', 'a'], ['b', 'b'])).toBe(0)
})

test('what is no category, or has no partner, is refused', () => {
  expect(() => weightedKappa([11], [3], { weights: 'linear', categories })).toThrow('11 is not one of the categories')
  expect(() => cohenKappa([1], [])).toThrow('1 values against 0')
})
