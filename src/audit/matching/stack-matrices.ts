import { listAt } from '../../base/list-at.ts'
import type { EvidenceGrid, EvidencePool } from '../evidence/evidence.ts'
import { foldWords } from '../numbers/fold-words.ts'
import type { Matrix, MatrixCell, MatrixLine } from './matrix.ts'
import { lineOf } from './matrix.ts'
import { readCell } from './read-cell.ts'

/** Rows that are laid together; longer tables are series, and papers do not repeat them. */
const mostRows = 5_000
/** Columns of names that rows are grouped by, the first ones. */
const mostGroupings = 3
/** More matrices of one shape than this are steps of a series. */
const mostStacked = 200

/** A matrix with what is needed to lay it beside others. */
export interface GridMatrix {
  readonly grid: EvidenceGrid
  readonly matrix: Matrix
}

/** What papers make of several tables or rows: one table of all methods' files, and means with their spread over seeds, rows or files. */
export function stackMatrices(grids: readonly GridMatrix[], pool: EvidencePool): Matrix[] {
  const made: Matrix[] = []
  for (const group of groupBy(grids, ({ matrix }) =>
    matrix.columns.map((column) => column.joined).join('|'),
  ).values()) {
    const [first] = group
    if (first === undefined || group.length < 2 || group.length > mostStacked) continue
    if (group.reduce((sum, { matrix }) => sum + matrix.rows.length, 0) > mostRows) continue
    made.push(stack(group, pool))
    const shapes = groupBy(group, ({ matrix }) => matrix.rows.map((row) => row.joined).join('|'))
    for (const same of shapes.values()) if (same.length > 1) made.push(...averageCells(same))
  }
  for (const { grid, matrix } of grids) if (grid.rows.length <= mostRows) made.push(...averageRows(grid, matrix.grid))
  return made
}

function stack(group: readonly GridMatrix[], pool: EvidencePool): Matrix {
  const rows: MatrixLine[] = []
  const cells: MatrixCell[] = []
  for (const { grid, matrix } of group) {
    const name = foldWords(pool.sources[grid.source]?.path ?? '')
    const offset = rows.length
    for (const row of matrix.rows) {
      const words = [...row.words, ...name.filter((word) => !row.words.includes(word))]
      rows.push({ ...row, words, key: `${row.key} ${name.join(' ')}` })
    }
    for (const cell of matrix.cells) cells.push({ ...cell, row: cell.row + offset })
  }
  return { grid: group[0]?.matrix.grid ?? 0, rows, columns: group[0]?.matrix.columns ?? [], cells, isComputed: false }
}

/** Of several tables of the same rows and columns (one a seed): the mean of each cell, and its spread. */
function averageCells(group: readonly GridMatrix[]): Matrix[] {
  const [first] = group
  if (first === undefined) return []
  const width = first.matrix.columns.length
  const values = new Map<number, { cell: MatrixCell; numbers: number[] }>()
  for (const { matrix } of group) {
    for (const cell of matrix.cells) {
      if (cell.number === null) continue
      const key = cell.row * width + cell.column
      const entry = values.get(key) ?? { cell, numbers: [] }
      entry.numbers.push(cell.number.value)
      values.set(key, entry)
    }
  }
  const groups = [...values.values()].map(({ cell, numbers }) => ({
    cell,
    row: cell.row,
    column: cell.column,
    numbers,
  }))
  return [summarise(groups, { rows: first.matrix.rows, columns: first.matrix.columns, grid: first.matrix.grid })]
}

/** Means over all rows, and over the rows of each name in the columns of names. */
function averageRows(grid: EvidenceGrid, index: number): Matrix[] {
  if (grid.rows.length < 3) return []
  const columns = grid.columnLabels.map((label) => lineOf(label))
  const read = grid.rows.map((row) => row.cells.map((cell) => readCell(cell)))
  const numeric = columns.flatMap((_, at) => (read.some((row) => isNumeric(row[at])) ? [at] : []))
  const names = columns.flatMap((_, at) => (numeric.includes(at) ? [] : [at])).slice(0, mostGroupings)
  const groupings: ((row: number) => string)[] = [
    () => 'mean average overall',
    (row) => grid.rows[row]?.label ?? '',
    ...names.map((at) => (row: number) => grid.rows[row]?.cells[at] ?? ''),
    ...names.map((at) => (row: number) => `${grid.rows[row]?.label ?? ''} ${grid.rows[row]?.cells[at] ?? ''}`),
  ]
  return groupings.flatMap((nameOf) => {
    const groups = groupBy([...grid.rows.keys()], nameOf)
    // Groups of one row are the table itself.
    if (groups.size > grid.rows.length / 2) return []
    const rows: MatrixLine[] = []
    const found: Summarised[] = []
    for (const [name, members] of groups) {
      const row = rows.push(lineOf(name.slice(0, 200))) - 1
      for (const column of numeric) {
        const numbers = members.flatMap((member) => {
          const cell = read[member]?.[column]
          return isNumeric(cell) ? [cell[0]?.value ?? 0] : []
        })
        const line = grid.rows[members[0] ?? 0]?.line ?? 1
        const cell = { row, column, number: null, text: '', source: grid.source, line }
        if (numbers.length > 1) found.push({ cell, row, column, numbers })
      }
    }
    return found.length === 0 ? [] : [summarise(found, { rows, columns, grid: index })]
  })
}

function isNumeric(
  cell: ReturnType<typeof readCell> | undefined,
): cell is Exclude<ReturnType<typeof readCell>, 'missing' | null> {
  return cell !== null && cell !== undefined && cell !== 'missing' && cell.length > 0
}

interface Summarised {
  readonly cell: MatrixCell
  readonly row: number
  readonly column: number
  readonly numbers: readonly number[]
}

/** Digits that a computed value is exact to. */
const computedDecimals = 12

/** Of each group its mean, and its spread with one count less and with all. */
function summarise(
  groups: readonly Summarised[],
  { rows, columns, grid }: { rows: readonly MatrixLine[]; columns: readonly MatrixLine[]; grid: number },
): Matrix {
  const wide: MatrixLine[] = columns.flatMap((column) => {
    const spread = {
      key: `${column.key} std`,
      words: [...column.words, 'std'],
      bare: [...column.bare, 'std'],
      joined: `${column.joined}std`,
    }
    return [column, spread, spread]
  })
  const cells: MatrixCell[] = []
  for (const { cell, row, column, numbers } of groups) {
    const count = numbers.length
    const mean = numbers.reduce((sum, value) => sum + value, 0) / count
    const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    for (const [at, value] of [mean, Math.sqrt(squares / (count - 1)), Math.sqrt(squares / count)].entries()) {
      if (!Number.isFinite(value)) continue
      const text = `${at === 0 ? 'mean' : 'standard deviation'} of ${count} values: ${Number(value.toPrecision(6))}`
      cells.push({ ...cell, row, column: 3 * column + at, number: { value, decimals: computedDecimals }, text })
    }
  }
  return { grid, rows, columns: wide, cells, isComputed: true }
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    listAt(groups, key).push(item)
  }
  return groups
}
