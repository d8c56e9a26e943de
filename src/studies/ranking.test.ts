import { expect, test } from 'vitest'
import { sampleReview } from '../../test/support/sample-review.ts'
import { tabulateMarks } from './marks.ts'
import { rankAgents } from './ranking.ts'

/** A table of these overall marks, by agent and then by task. */
function tableOf(marks: Readonly<Record<string, readonly number[]>>) {
  const reviews = Object.entries(marks).flatMap(([agent, own]) =>
    own.map((overall, task) => sampleReview({ overall }, { agent, task: `t${task}` })),
  )
  const [table] = tabulateMarks([{ run: 'r', agents: Object.keys(marks), reviews }], 'mean')
  if (table === undefined) throw new Error('no table')
  return table
}

test('agents are ranked by their means, and equal ones share a rank', () => {
  const ranks = rankAgents(tableOf({ low: [2, 3, 2], high: [9, 8, 9], also: [8, 9, 9] }))
  expect(ranks.map(({ agent, rank }) => [agent, rank])).toEqual([
    ['low', 3],
    ['high', 1.5],
    ['also', 1.5],
  ])
})

test('a clear order has narrow intervals, and a doubtful one wide intervals', () => {
  const [worst, best] = rankAgents(tableOf({ worst: [2, 3, 2, 3, 2], best: [8, 9, 8, 9, 8] }))
  expect([worst?.interval?.lo, worst?.interval?.hi, best?.interval?.lo, best?.interval?.hi]).toEqual([2, 2, 1, 1])
  const doubtful = rankAgents(tableOf({ one: [2, 9, 2, 9, 5], two: [9, 2, 9, 2, 5] }))
  expect(doubtful.map(({ interval }) => [interval?.lo, interval?.hi])).toEqual([
    [1, 2],
    [1, 2],
  ])
})

test('one agent, or marks without an overall one, have no rank', () => {
  expect(rankAgents(tableOf({ only: [1, 2] }))).toEqual([])
  const [table] = tabulateMarks(
    [
      {
        run: 'r',
        agents: ['a', 'b'],
        reviews: ['a', 'b'].map((agent) => sampleReview({ clarity: 3 }, { agent })),
      },
    ],
    'mean',
  )
  expect(table && rankAgents(table)).toEqual([])
})
