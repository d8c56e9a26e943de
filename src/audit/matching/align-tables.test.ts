import { describe, expect, test } from 'vitest'
import { openAligner } from './align-tables.ts'
import type { TableFile } from '../../../test/support/evidence-pool.ts'
import { paperOf, poolOf } from '../../../test/support/evidence-pool.ts'

const paper = [
  ['Method', 'Accuracy', 'F1', 'Latency'],
  ['Base', '0.812', '0.794', '12.41'],
  ['Ours', '0.873', '0.861', '15.08'],
  ['Ours w/o memory', '0.845', '0.822', '13.97'],
]
const found = [
  ['name', 'acc', 'f1_score', 'latency_ms'],
  ['base', '0.81234', '0.79401', '12.4133'],
  ['ours', '0.87277', '0.86123', '15.0811'],
  ['ours_no_memory', '0.84459', '0.82209', '13.9666'],
]

function best(rows: readonly (readonly string[])[], files: readonly TableFile[]) {
  const [first] = openAligner(poolOf(files))(paperOf(rows))
  if (first === undefined) return null
  const { matches, mismatches, cells } = first
  const apart = cells.filter(({ outcome }) => outcome === 'apart' || outcome === 'missing')
  return { matches, mismatches, apart: apart.map(({ claim, cell }) => `${claim.number.text}≠${cell.text}`) }
}

function withCell(rows: readonly (readonly string[])[], [row, column]: readonly [number, number], text: string) {
  return rows.map((cells, at) => (at === row ? cells.map((cell, place) => (place === column ? text : cell)) : cells))
}

describe('a table of the paper', () => {
  test('agrees with the file it was made from', () => {
    expect(best(paper, [{ path: 'a.csv', rows: found }])).toEqual({ matches: 9, mismatches: 0, apart: [] })
  })

  test('shows a cell that was changed', () => {
    expect(best(withCell(paper, [2, 1], '0.893'), [{ path: 'a.csv', rows: found }])?.apart).toEqual(['0.893≠0.87277'])
  })

  test('shows two cells of a column that were swapped', () => {
    const swapped = withCell(withCell(paper, [1, 2], '0.861'), [2, 2], '0.794')
    expect(best(swapped, [{ path: 'a.csv', rows: found }])?.apart).toEqual(['0.861≠0.79401', '0.794≠0.86123'])
  })

  test('shows a number where the evidence has none', () => {
    const failed = withCell(found, [3, 3], 'nan')
    expect(best(paper, [{ path: 'a.csv', rows: failed }])?.apart).toEqual(['13.97≠nan'])
  })

  test('is found when rows and columns are reordered, renamed or exchanged', () => {
    const reordered = [found[0], found[3], found[1], found[2]].map((row) => [row?.[0], row?.[3], row?.[1], row?.[2]])
    const rows = reordered.map((row) => row.map((cell) => cell ?? ''))
    const turned = (rows[0] ?? []).map((_, at) => rows.map((row) => row[at] ?? ''))
    const changed = withCell(paper, [1, 1], '0.821')
    expect(best(changed, [{ path: 'a.csv', rows }])?.apart).toEqual(['0.821≠0.81234'])
    expect(best(changed, [{ path: 'a.csv', rows: turned }])?.apart).toEqual(['0.821≠0.81234'])
    const renamed = rows.map((row, at) => [`system ${'xyzw'[at] ?? ''}`, ...row.slice(1)])
    expect(best(changed, [{ path: 'a.csv', rows: renamed }])?.apart).toEqual(['0.821≠0.81234'])
  })

  test('is found in percent when the file has shares', () => {
    const percent = [
      ['Method', 'Accuracy (%)', 'F1 (%)'],
      ['Base', '81.2', '79.4'],
      ['Ours', '87.3', '85.1'],
    ]
    expect(best(percent, [{ path: 'a.csv', rows: found }])?.apart).toEqual(['85.1≠0.86123'])
  })

  test('is found when a mean and its spread are two columns', () => {
    const spread = [
      ['Method', 'Accuracy'],
      ['Base', '0.812 ± 0.013'],
      ['Ours', '0.873 ± 0.027'],
    ]
    const rows = [
      ['name', 'acc_mean', 'acc_std'],
      ['base', '0.81234', '0.01291'],
      ['ours', '0.87277', '0.02291'],
    ]
    expect(best(spread, [{ path: 'a.csv', rows }])?.apart).toEqual(['0.027≠0.02291'])
  })

  test('is found when each method has its own file', () => {
    const files = found
      .slice(1)
      .map((row) => ({ path: `${row[0]}.json`, rows: [found[0] ?? [], ['result', ...row.slice(1)]] }))
    const changed = withCell(paper, [2, 3], '15.88')
    expect(best(changed, files)?.apart).toEqual(['15.88≠15.0811'])
  })

  test('is found as means over one file a seed', () => {
    const seed = (by: number) =>
      found.map((row, at) =>
        at === 0 ? row : row.map((cell, place) => (place === 0 ? cell : String(Number(cell) + by))),
      )
    const files = [
      { path: 'seed1.csv', rows: seed(0.03) },
      { path: 'seed2.csv', rows: seed(-0.03) },
    ]
    const changed = withCell(paper, [3, 2], '0.832')
    const result = best(changed, files)
    expect(result?.matches).toBe(8)
    expect(result?.apart[0]).toMatch(/^0\.832≠mean of 2 values: 0\.82209$/)
  })

  test('says nothing against a table of other results', () => {
    const other = found.map((row, at) =>
      at === 0 ? row : row.map((cell, place) => (place === 0 ? cell : String(Number(cell) * 1.1))),
    )
    expect(best(paper, [{ path: 'a.csv', rows: other }])).toBeNull()
  })

  test('is not evidence for itself', () => {
    expect(best(paper, [{ path: 'paper.md', rows: paper, isDocument: true }])).toBeNull()
  })
})

test('a table of one column is found by the names of its rows, two cells exchanged or not', () => {
  const rows = [
    ['Method', 'Mean reward (20 episodes)'],
    ['Static', '9.65'],
    ['Hybrid', '31.25'],
  ]
  const files = [
    {
      path: 'r.json',
      rows: [
        ['method', 'mean_reward'],
        ['static', '9.65'],
        ['hybrid', '31.25'],
      ],
    },
  ]
  expect(best(rows, files)?.apart).toEqual([])
  const swapped = withCell(withCell(rows, [1, 1], '31.25'), [2, 1], '9.65')
  expect(best(swapped, files)?.apart).toEqual(['31.25≠9.65', '9.65≠31.25'])
})

test('a number where the evidence has none is shown when counts and round values are all that agree', () => {
  const rows = [
    ['Method', 'Attempted', 'Passed', 'Rate (%)'],
    ['Direct', '36', '12', '33.3'],
    ['Repair', '36', '36', '100'],
  ]
  const failed = withCell(rows, [1, 3], 'nan')
  expect(best(rows, [{ path: 'a.csv', rows: failed }])?.apart).toEqual(['33.3≠nan'])
  const other = withCell(failed, [2, 2], '24')
  expect(best(rows, [{ path: 'a.csv', rows: other }])).toBeNull()
})

test('rows called by a name and a whole text behind it are those of the name', () => {
  const text = 'given the following list of numbers return the largest one and say why'
  const rows = [
    ['Task', 'Seconds'],
    [`sort-list: ${text}`, '0.8161'],
    [`max-of: ${text} briefly`, '0.0405'],
  ]
  const times = [
    ['task', 'seconds'],
    ['sort_list', '0.81609'],
    ['max_of', '0.04054'],
  ]
  expect(best(rows, [{ path: 'a.csv', rows: times }])?.apart).toEqual([])
  const swapped = withCell(withCell(rows, [1, 1], '0.0405'), [2, 1], '0.8161')
  expect(best(swapped, [{ path: 'a.csv', rows: times }])?.apart).toEqual(['0.0405≠0.81609', '0.8161≠0.04054'])
})

test('a table of thousands of equal cells takes no longer than its size', () => {
  const wide = [
    ['', ...Array.from({ length: 1_500 }, (_, at) => `c${at}`)],
    ['a', ...Array.from({ length: 1_500 }, () => '0.812')],
  ]
  expect(best(wide, [{ path: 'a.csv', rows: wide }])?.apart ?? []).toEqual([])
})
