import { expect, test } from 'vitest'
import { matchLabels } from './labels.ts'

const names = ['/data/release/system_a/task_1', '/data/release/system_b/task_1', 'run-1:task_1/agent/1']
const match = (fabricated: Record<string, boolean>) => matchLabels({ definition: '', fabricated }, names)

test('labels match the ends of paths, and only whole parts of them', () => {
  const { byName, unused } = match({ 'system_a/task_1': true, 'm_b/task_1': true, 'run-1:task_1/agent/1': false })
  expect([...byName]).toEqual([
    ['/data/release/system_a/task_1', true],
    ['run-1:task_1/agent/1', false],
  ])
  expect(unused).toEqual(['m_b/task_1'])
})

test('labels none of which matches are an error that names them', () => {
  expect(() => match({ 'system_c/task_9': true })).toThrow(/system_c\/task_9/)
})

test('labels that contradict each other are an error', () => {
  expect(() => match({ 'system_a/task_1': true, 'release/system_a/task_1': false })).toThrow(/different things/)
})
