import { describe, expect, test } from 'vitest'
import { PrerequisiteError } from '../base/errors.ts'
import { loadCatalogue } from './catalogue.ts'
import type { Task } from './load-tasks.ts'
import { type TaskSelection, selectTasks } from './select-tasks.ts'

const benchmark: Task[] = loadCatalogue().tasks.map((task) => ({
  id: task.id,
  title: task.title ?? task.id,
  source: 'mlr-bench',
  path: `/tasks/${task.id}.md`,
  text: 'text',
  sha256: task.sha256,
  venue: task.venue,
  year: task.year,
  category: task.category,
  inSubset: task.inSubset,
}))

describe('patterns', () => {
  const tasks = ['alpha', 'Beta', 'beta_two', 'gamma.1', 'GAMMA_2'].map(ownTask)

  test.each([
    [[], ['alpha', 'Beta', 'beta_two', 'gamma.1', 'GAMMA_2']],
    [['alpha'], ['alpha']],
    [['BETA'], ['Beta']],
    [['b*'], ['beta_two']],
    [['g*'], ['gamma.1']],
    [['G*_?'], ['GAMMA_2']],
    [['BE*'], ['Beta', 'beta_two']],
    [['*'], ['alpha', 'Beta', 'beta_two', 'gamma.1', 'GAMMA_2']],
    [['gamma.1,alpha'], ['alpha', 'gamma.1']],
    [
      ['{alpha,beta}*, Beta', 'alpha'],
      ['alpha', 'Beta', 'beta_two'],
    ],
  ])('%j select %j', (patterns, expected) => {
    expect(ids(tasks, { patterns })).toEqual(expected)
  })

  test('an exact id wins over another that differs in letter case', () => {
    const twins = ['Same', 'same'].map(ownTask)
    expect(ids(twins, { patterns: ['same'] })).toEqual(['same'])
  })
})

describe('filters', () => {
  test('keep the ten tasks of the subset', () => {
    expect(ids(benchmark, { subset: true })).toHaveLength(10)
  })

  test.each([
    ['iclr', 2025, 37],
    ['NEURIPS', 2024, 50],
    ['ICML', null, 42],
    [null, 2023, 73],
  ])('keep venue %s and year %s', (venue, year, count) => {
    expect(ids(benchmark, { venue, year })).toHaveLength(count)
  })

  test('combine with patterns and keep the first ones up to a limit', () => {
    expect(ids(benchmark, { patterns: ['iclr*'], subset: true, limit: 2 })).toEqual([
      'iclr2025_bi_align',
      'iclr2025_buildingtrust',
    ])
    expect(ids(benchmark, { limit: 1_000 })).toHaveLength(201)
  })
})

describe('nothing to select', () => {
  test('names the ids nearest to a mistyped one', () => {
    expect(failure(benchmark, { patterns: ['iclr2025_dl5c'] })).toMatch(/Nearest: iclr2025_dl4c,/)
    expect(failure(benchmark, { patterns: ['dl4c'] })).toContain('Nearest: iclr2025_dl4c.')
    expect(failure(benchmark, { patterns: ['bi-align'] })).toContain('Nearest: iclr2025_bi_align.')
    expect(failure(benchmark, { patterns: ['zzzzzz'] })).not.toContain('Nearest')
  })

  test('fails for one bad pattern among good ones', () => {
    expect(failure(benchmark, { patterns: ['iclr2025_dl4c,nope_nope'] })).toContain('No task matches "nope_nope"')
  })

  test('tells a task that is not pulled from one that does not exist', () => {
    const own = [ownTask('mine')]
    expect(failure(own, { patterns: ['iclr2025_dl4c'] })).toContain('run "mlrbench tasks pull"')
    expect(failure(own, { patterns: ['neurips2024_*'] })).toContain('run "mlrbench tasks pull"')
    expect(failure(own, { subset: true })).toContain('run "mlrbench tasks pull"')
    expect(failure([], {})).toContain('run "mlrbench tasks pull"')
  })

  test('names the venues there are when a filter leaves nothing', () => {
    const message = failure(benchmark, { venue: 'CVPR', year: 2024 })
    expect(message).toContain('venue CVPR; year 2024')
    expect(message).toContain('ICLR 2025, ICML 2023')
  })

  test.each([0, -1, 1.5, Number.NaN])('refuses a limit of %d', (limit) => {
    expect(failure(benchmark, { limit })).toContain('whole number from 1')
  })
})

function ownTask(id: string): Task {
  return {
    id,
    title: id,
    source: 'folder',
    path: `/own/${id}.md`,
    text: id,
    sha256: '0'.repeat(64),
    venue: null,
    year: null,
    category: null,
    inSubset: false,
  }
}

function ids(tasks: readonly Task[], selection: TaskSelection): string[] {
  return selectTasks(tasks, selection).map((task) => task.id)
}

function failure(tasks: readonly Task[], selection: TaskSelection): string {
  try {
    selectTasks(tasks, selection)
  } catch (error) {
    if (error instanceof PrerequisiteError) return error.message
    throw error
  }
  throw new Error('tasks were selected')
}
