import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import type { Review } from '../schema/review.ts'
import { compareAgents } from './compare.ts'
import { tabulateMarks } from './marks.ts'

const compare = (reviews: readonly Review[]) =>
  compareAgents(tabulateMarks([{ run: 'r', agents: ['one', 'two'], reviews }], 'mean'), { first: 'one', second: 'two' })

function marks(task: string, [first, second]: readonly [number, number], judge = 'openai/a'): Review[] {
  return [
    sampleReview({ overall: first }, { task, agent: 'one', judge }),
    sampleReview({ overall: second }, { task, agent: 'two', judge }),
  ]
}

test('differences are paired by task, and the interval holds the mean', () => {
  const pairs: [number, number][] = [
    [7, 5],
    [6, 5],
    [8, 5],
    [5, 5],
    [4, 5],
    [9, 5],
  ]
  const { comparisons, unpaired } = compare(pairs.flatMap((pair, index) => marks(`t${index}`, pair)))
  expect(comparisons).toMatchObject([
    { dimension: 'overall', tasks: 6, meanFirst: 6.5, meanSecond: 5, difference: 1.5, wins: 4, ties: 1, losses: 1 },
  ])
  const [{ interval, p } = { interval: null, p: 0 }] = comparisons
  expect(interval?.lo).toBeLessThan(1.5)
  expect(interval?.hi).toBeGreaterThan(1.5)
  // of the 64 sign patterns of 2, 1, 3, 0, -1, 4 those at least 9 away from 0: 2 × 2 × 2, and as many with the other sign
  expect(p).toBeCloseTo(12 / 64, 12)
  expect(unpaired).toMatchObject([{ onlyFirst: [], onlySecond: [] }])
})

test('a judge who marks high counts for both or for neither', () => {
  const onlyOne = sampleReview({ overall: 10 }, { task: 't0', agent: 'one', judge: 'openai/generous' })
  const { comparisons } = compare([...marks('t0', [5, 5]), ...marks('t1', [6, 4]), onlyOne])
  expect(comparisons).toMatchObject([{ meanFirst: 5.5, meanSecond: 4.5, difference: 1 }])
})

test('tasks that only one did are named, and a dimension that no judge marked for both is left out', () => {
  const alone = sampleReview({ overall: 9 }, { task: 't9', agent: 'one' })
  const { comparisons, unpaired } = compare([
    ...marks('t0', [5, 5]),
    ...marks('t1', [6, 4]),
    alone,
    sampleReview({ clarity: 9 }, { task: 't0', agent: 'one', judge: 'openai/b' }),
  ])
  expect(comparisons.map(({ dimension, tasks }) => [dimension, tasks])).toEqual([['overall', 2]])
  expect(unpaired).toMatchObject([{ onlyFirst: ['t9'], onlySecond: [] }])
})

test('p-values are adjusted over all dimensions compared at once', () => {
  const both = Array.from({ length: 8 }, (_, index) => [
    sampleReview({ overall: 9, clarity: 5 + (index % 2) }, { task: `t${index}`, agent: 'one' }),
    sampleReview({ overall: 3, clarity: 5 }, { task: `t${index}`, agent: 'two' }),
  ]).flat()
  const { comparisons } = compare(both)
  expect(comparisons).toHaveLength(2)
  for (const { p, pHolm } of comparisons) expect(pHolm).toBeGreaterThanOrEqual(p)
  expect(comparisons.find(({ dimension }) => dimension === 'overall')).toMatchObject({ p: 2 / 256, pHolm: 4 / 256 })
})

test('a difference that is shown to be small says so, and a tie says nothing of itself', () => {
  const near = Array.from({ length: 30 }, (_, index) =>
    marks(`t${index}`, [5 + (index % 2), 5 + ((index + 1) % 2)]),
  ).flat()
  const [close] = compare(near).comparisons
  expect(close).toMatchObject({ difference: 0, cliffsDelta: 0, pWilcoxon: 1, equivalence: { equivalent: true } })
  const [unknown] = compare([...marks('a', [2, 8]), ...marks('b', [8, 2])]).comparisons
  expect(unknown).toMatchObject({ difference: 0, equivalence: { equivalent: false } })
})
