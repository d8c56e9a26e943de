import { describe, expect, test } from 'vitest'
import { describeChance, isBeyondChance, measureChance, noChance } from './chance.ts'
import { areEqual, compareFile, excessOf, runsDisagree } from './compare.ts'
import { readValues } from './read-values.ts'

const valuesOf = (value: unknown) => readValues('r.json', JSON.stringify(value))
const one = (before: number, ...after: number[]) =>
  compareFile('r.json', valuesOf({ v: before }), { runs: after.map((v) => valuesOf({ v })) }).comparisons[0]

test('equal values are exact, but for rounding of binary fractions', () => {
  expect(one(0.3, 0.1 + 0.2)).toMatchObject({ outcome: 'exact', before: 0.3, place: 'v', line: 1 })
  expect(one(0.3, 0.300001)).toMatchObject({ outcome: 'different' })
  expect([areEqual('nan', 'nan'), areEqual('nan', 0), areEqual(0, 0), areEqual('inf', '-inf')]).toEqual([
    true,
    false,
    true,
    false,
  ])
})

test('a value within the range of the new runs, widened by that range, is within their spread', () => {
  expect(one(0.5, 0.51, 0.49, 0.52)).toMatchObject({ outcome: 'within-spread', spread: expect.closeTo(0.03) })
  expect(one(0.47, 0.51, 0.49)).toMatchObject({ outcome: 'within-spread' })
  expect(one(0.46, 0.51, 0.49)).toMatchObject({ outcome: 'different' })
})

test('where the new runs agree, what they do not give is different', () => {
  expect(one(0.95, 0.7, 0.7, 0.7)).toMatchObject({ outcome: 'different', before: 0.95, after: 0.7, spread: 0 })
  expect(excessOf('nan', [0.1, 0.2])).toBe(Infinity)
})

test('a value that no new run has is missing, and so is all of a missing file', () => {
  const { counts, comparisons } = compareFile('r.json', valuesOf({ a: 1, b: 2 }), { runs: [valuesOf({ a: 1, c: 3 })] })
  expect(counts).toMatchObject({ exact: 1, missing: 1, extra: 1 })
  expect(comparisons[1]).toMatchObject({ place: 'b', after: null, outcome: 'missing' })
  expect(compareFile('r.json', valuesOf({ a: 1, b: 2 }), { runs: [null] })).toMatchObject({
    counts: { exact: 0, missing: 2 },
    comparisons: [{ place: '', outcome: 'missing' }],
  })
})

test('of a report that was typed anew only the places that both have are compared', () => {
  const { counts, comparisons } = compareFile('r.md', valuesOf({ a: 1, b: 2, c: 3 }), {
    runs: [valuesOf({ a: 1, b: 5 })],
    isRetyped: true,
  })
  expect(counts).toMatchObject({ exact: 1, different: 1, missing: 0, leftOut: 1 })
  expect(comparisons.map(({ place }) => place)).toEqual(['a', 'b'])
})

test('two runs agree when all their values do', () => {
  expect(runsDisagree(valuesOf({ a: 1 }), valuesOf({ a: 1 }))).toBe(false)
  expect(runsDisagree(valuesOf({ a: 1 }), valuesOf({ a: 2 }))).toBe(true)
  expect(runsDisagree(valuesOf({ a: 1 }), valuesOf({ a: 1, b: 2 }))).toBe(true)
})

describe('of many values that change from run to run', () => {
  // a fixed sequence without period or trend
  const draw = (run: number, index: number) => Math.abs(Math.sin(12.9898 * index + 78.233 * run) * 43758.5453) % 1
  const drawn = (run: number) => Array.from({ length: 200 }, (_, index) => draw(run, index + 1))
  const chanceOf = (before: unknown) =>
    measureChance(
      new Map([['r.json', valuesOf(before)]]),
      [1, 2, 3].map((run) => new Map([['r.json', valuesOf(drawn(run))]])),
    )

  test('one more run of the same kind is not beyond chance, though some of its values lie outside', () => {
    const chance = chanceOf(drawn(4))
    expect(chance.original.share).toBeGreaterThan(0)
    expect(isBeyondChance(chance)).toBe(false)
    expect(describeChance(chance, 3)).toContain('200 values change from run to run')
  })

  test('work that was shifted is beyond chance, and so is one value that lies farther out than any', () => {
    expect(isBeyondChance(chanceOf(drawn(4).map((value) => value + 3)))).toBe(true)
    expect(isBeyondChance(chanceOf(drawn(4).with(7, 1e9)))).toBe(true)
  })

  test('without values that change there is no chance to speak of', () => {
    const same = new Map([['r.json', valuesOf([1, 2])]])
    expect(measureChance(same, [same, same])).toEqual(noChance)
    expect(describeChance(noChance, 2)).toBeNull()
  })
})
