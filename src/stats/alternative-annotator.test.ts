import { expect, test } from 'vitest'
import golden from '../../test/data/stats-golden/alternative-annotator.json' with { type: 'json' }
import { near } from '../../test/support/near.ts'
import { alternativeAnnotatorTest, type Rating } from './alternative-annotator.ts'

function ratingsOf(scores: readonly (readonly (number | null)[])[]): Rating[] {
  return scores.flatMap((row, i) =>
    row.flatMap((score, j) => (score === null ? [] : [{ item: `item ${i}`, annotator: `h${j}`, score }])),
  )
}
const modelOf = (scores: readonly number[]) => new Map(scores.map((score, i) => [`item ${i}`, score]))

test('advantages, p-values and winning rate follow the published definition', () => {
  for (const { scores, model, alignment, epsilon, ...expected } of golden) {
    const options = { epsilon, alignment: alignment === 'rmse' ? alignment : 'accuracy' } as const
    const result = alternativeAnnotatorTest(ratingsOf(scores), modelOf(model), options)
    if (result.status !== 'tested') throw new Error(result.reason)
    expect(result.winningRate).toEqual(near(expected.winningRate))
    expect(result.averageAdvantage).toEqual(near(expected.averageAdvantage))
    expect(result.passed).toBe(expected.winningRate >= 0.5)
    for (const [i, comparison] of expected.comparisons.entries()) {
      expect(result.comparisons[i]).toMatchObject({
        annotator: comparison.annotator,
        items: comparison.items,
        rejected: comparison.rejected,
      })
      for (const key of ['modelAdvantage', 'humanAdvantage', 'p', 'adjustedP'] as const) {
        expect(result.comparisons[i]?.[key]).toEqual(near(comparison[key]))
      }
    }
  }
  expect(new Set(golden.map(({ winningRate }) => winningRate >= 0.5))).toEqual(new Set([true, false]))
})

const annotators = ['a', 'b', 'c']
const items = Array.from({ length: 40 }, (_, i) => i)
const marks = (annotator: number, item: number) => 1 + ((item * 7 + ((item * 13 + annotator * 5) % 3)) % 9)
const full = annotators.flatMap((annotator, j) =>
  items.map((i) => ({ item: String(i), annotator, score: marks(j, i) })),
)
const average = new Map(items.map((i) => [String(i), (marks(0, i) + marks(1, i) + marks(2, i)) / 3]))
const worst = new Map(items.map((i) => [String(i), marks(0, i) > 5 ? 1 : 10]))

test('a model at the mean of the humans passes, one far from all of them fails', () => {
  expect(alternativeAnnotatorTest(full, average)).toMatchObject({ status: 'tested', passed: true, winningRate: 1 })
  expect(alternativeAnnotatorTest(full, worst)).toMatchObject({ status: 'tested', passed: false, winningRate: 0 })
})

test('a larger epsilon never makes it harder', () => {
  const rates = [0, 0.1, 0.2, 0.5].map((epsilon) => {
    const result = alternativeAnnotatorTest(full, worst, { epsilon })
    return result.status === 'tested' ? Math.max(...result.comparisons.map(({ p }) => -p)) : null
  })
  expect(rates).toEqual(rates.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
})

test('thin data are refused with what is missing', () => {
  const two = full.filter(({ annotator }) => annotator !== 'c')
  expect(alternativeAnnotatorTest(two, average)).toMatchObject({
    status: 'refused',
    reason: /3 annotators.*2 of 2.*40, 40/,
  })
  const short = full.filter(({ item }) => Number(item) < 29)
  expect(alternativeAnnotatorTest(short, average)).toMatchObject({ status: 'refused', reason: /30 items.*0 of 3.*29/ })
  // items nobody else rated, or the model did not, are not shared
  expect(alternativeAnnotatorTest(full, new Map([...average].slice(0, 29)))).toMatchObject({ status: 'refused' })
  expect(alternativeAnnotatorTest([], new Map())).toMatchObject({ status: 'refused', reason: /0 of 0$/ })
})

test('an annotator with few items is compared with, but not tested', () => {
  const guest = items.slice(0, 5).map((i) => ({ item: String(i), annotator: 'guest', score: 5 }))
  const result = alternativeAnnotatorTest([...full, ...guest], average)
  expect(result).toMatchObject({ status: 'tested', leftOut: ['guest'] })
  expect(result.status === 'tested' && result.comparisons.map(({ annotator }) => annotator)).toEqual(annotators)
})

test('the order of the ratings does not matter, and rating an item twice is refused', () => {
  expect(alternativeAnnotatorTest(full.toReversed(), average)).toEqual(alternativeAnnotatorTest(full, average))
  expect(() => alternativeAnnotatorTest([...full, ...full.slice(0, 1)], average)).toThrow(/twice/)
})
