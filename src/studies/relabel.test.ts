import { expect, test } from 'vitest'
import type { HumanRow } from './human-csv.ts'
import { findSuspectRows, relabelings } from './relabel.ts'

const row = (reviewer: string | null, task: string, agent: string): HumanRow => ({ task, agent, reviewer, scores: {} })

test('two rows for one paper and none for a sister paper of the same task are probably one slip', () => {
  const rows = [row('a', 't1', 'x'), row('a', 't1', 'x'), row('b', 't1', 'x'), row('b', 't1', 'y')]
  expect(findSuspectRows(rows)).toEqual([
    { reviewer: 'a', task: 't1', agent: 'x', rows: [0, 1], missing: { task: 't1', agent: 'y' } },
  ])
})

test('the missing paper may be of another task that the reviewer marked', () => {
  const rows = [row('a', 't1', 'x'), row('a', 't1', 'x'), row('a', 't1', 'y'), row('a', 't2', 'x'), row('b', 't2', 'y')]
  expect(findSuspectRows(rows)).toMatchObject([{ task: 't1', agent: 'x', missing: { task: 't2', agent: 'y' } }])
})

test('where it is not clear which paper was meant, nothing is guessed', () => {
  const unclear = [row('a', 't1', 'x'), row('a', 't1', 'x'), row('b', 't1', 'y'), row('b', 't1', 'z')]
  expect(findSuspectRows(unclear)).toEqual([])
  expect(findSuspectRows([row('a', 't1', 'x'), row('a', 't1', 'x')])).toEqual([])
  expect(findSuspectRows([row(null, 't1', 'x'), row(null, 't1', 'x'), row('b', 't1', 'y')])).toEqual([])
})

test('every choice of the rows to move is made once', () => {
  const rows = [row('a', 't1', 'x'), row('a', 't1', 'x'), row('b', 't1', 'x'), row('b', 't1', 'y')]
  const moved = relabelings(rows, findSuspectRows(rows))
  expect(moved.map(({ choice }) => choice)).toEqual([[0], [1]])
  expect(moved.map((own) => own.rows.map(({ agent }) => agent).join(''))).toEqual(['yxxy', 'xyxy'])
  expect(relabelings(rows, [])).toEqual([{ choice: [], rows }])
})
