import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/multiple.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { benjaminiHochberg, benjaminiYekutieli, holm } from './multiple.ts'

const adjustments = { holm, benjaminiHochberg, benjaminiYekutieli }

test.each(Object.keys(adjustments) as (keyof typeof adjustments)[])('%s adjusts as statsmodels does', (name) => {
  for (const { p, ...expected } of golden) {
    const adjusted = adjustments[name](p)
    expect(adjusted).toHaveLength(p.length)
    for (const [i, value] of expected[name].entries()) expect(adjusted[i]).toEqual(near(value))
  }
})

test('nothing is made smaller, the order of sizes stays, and no tests stay no tests', () => {
  const p = [0.3, 0.001, 0.02, 0.02, 0.9]
  for (const adjust of Object.values(adjustments)) {
    const adjusted = adjust(p)
    for (const [i, value] of p.entries()) expect(adjusted[i]).toBeGreaterThanOrEqual(value)
    expect(adjusted[2]).toBe(adjusted[3])
    expect(adjusted[1]).toBeLessThanOrEqual(adjusted[2] ?? 0)
    expect(adjust([])).toEqual([])
  }
})

test('what is no p-value is refused', () => {
  expect(() => holm([0.5, Number.NaN])).toThrow(RangeError)
  expect(() => benjaminiHochberg([1.2])).toThrow(/1\.2/)
})
