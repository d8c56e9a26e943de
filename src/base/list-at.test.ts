import { expect, test } from 'vitest'
import { listAt } from './list-at.ts'

test('a list is made for a new key and kept for a known one', () => {
  const lists = new Map<string, number[]>()
  listAt(lists, 'a').push(1)
  listAt(lists, 'b').push(2)
  listAt(lists, 'a').push(3)
  expect([...lists]).toEqual([
    ['a', [1, 3]],
    ['b', [2]],
  ])
})
