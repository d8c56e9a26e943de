import { expect, test } from 'vitest'
import { catalogueSchema, loadCatalogue } from './catalogue.ts'

test('the shipped catalogue lists the 201 tasks of the published benchmark', () => {
  const { source, tasks } = loadCatalogue()
  expect(source.archiveUrl).toBe(`https://codeload.github.com/${source.repository}/tar.gz/${source.commit}`)
  expect(tasks).toHaveLength(201)
  expect(countBy(tasks.map((task) => `${task.venue} ${task.year}`))).toEqual({
    'ICLR 2023': 14,
    'ICLR 2024': 17,
    'ICLR 2025': 37,
    'ICML 2023': 18,
    'ICML 2024': 24,
    'NeurIPS 2023': 41,
    'NeurIPS 2024': 50,
  })
  for (const task of tasks) expect(task.id).toBe(`${task.venue.toLowerCase()}${task.year}_${task.slug}`)
})

test('exactly the ten tasks of the subset have a category', () => {
  const { tasks } = loadCatalogue()
  expect(tasks.filter((task) => task.inSubset).map((task) => task.slug)).toEqual([
    'bi_align',
    'buildingtrust',
    'data_problems',
    'dl4c',
    'mldpr',
    'question',
    'scope',
    'scsl',
    'verifai',
    'wsl',
  ])
  expect(tasks.filter((task) => (task.category !== null) !== task.inSubset)).toEqual([])
})

test('is strict: an unknown key, a repeated id or an unsafe id is refused', () => {
  const catalogue = loadCatalogue()
  const [first] = catalogue.tasks
  if (first === undefined) throw new Error('the catalogue is empty')
  const withTasks = (tasks: unknown[]) => catalogueSchema.safeParse({ ...catalogue, tasks }).success
  expect(withTasks([first])).toBe(true)
  expect(withTasks([{ ...first, colour: 'red' }])).toBe(false)
  expect(withTasks([first, { ...first, id: first.id.toUpperCase() }])).toBe(false)
  expect(withTasks([{ ...first, id: '../up' }])).toBe(false)
  expect(withTasks([{ ...first, sha256: 'abc' }])).toBe(false)
})

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1
  return counts
}
