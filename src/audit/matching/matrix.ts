import type { Claim, ClaimTable } from '../claims/claim.ts'
import type { EvidenceGrid, EvidencePool } from '../evidence/evidence.ts'
import { foldWords } from '../numbers/fold-words.ts'
import type { Written } from './rounding.ts'
import { bareLabel } from './own-tables.ts'
import { readCell } from './read-cell.ts'

/** Numbers in rows and columns; a cell of several numbers (`0.91 ± 0.02`) fills several columns of one label. */
export interface Matrix {
  /** Index of its grid; of the first one where several were laid together. */
  readonly grid: number
  readonly rows: readonly MatrixLine[]
  readonly columns: readonly MatrixLine[]
  readonly cells: readonly MatrixCell[]
  /** Computed from what stands in the evidence: means over rows or files. */
  readonly isComputed: boolean
}

export interface MatrixLine {
  readonly words: readonly string[]
  /** Those outside of brackets. */
  readonly bare: readonly string[]
  /** All of its words as one, for labels that differ in their spaces only. */
  readonly joined: string
  /** The label itself: what is the same has the same words. */
  readonly key: string
}

export interface MatrixCell {
  readonly row: number
  readonly column: number
  /** Null where the cell says that there is no value. */
  readonly number: Written | null
  readonly text: string
  readonly source: number
  readonly line: number
}

/** A claim's table in the same terms: which claim stands where. */
export interface ClaimMatrix {
  readonly table: ClaimTable
  readonly rows: readonly MatrixLine[]
  readonly columns: readonly MatrixLine[]
  readonly cells: readonly { readonly row: number; readonly column: number; readonly claim: Claim }[]
}

/** Numbers of one cell that are told apart; more stand in lists, which are no cells of a table. */
const mostPerCell = 3

export function lineOf(label: string): MatrixLine {
  const text = label.slice(0, mostOfLabel)
  const words = foldWords(text)
  const bare = /[([]/.test(text) ? foldWords(bareLabel(text)) : words
  return { key: text, words, bare, joined: text.toLowerCase().replace(/[^\p{L}\d]+/gu, '') }
}

/** Longer labels are sentences. */
const mostOfLabel = 400

/** Numbers of one table of a paper that are laid over the evidence; the ones behind are looked up one by one. */
const mostOfTable = 1_000

/** @returns null where the table holds no number that is a claim */
export function claimMatrix(table: ClaimTable, claims: readonly Claim[]): ClaimMatrix | null {
  const cells: { row: number; column: number; claim: Claim }[] = []
  const rows: MatrixLine[] = []
  const columns: MatrixLine[] = []
  const rowAt = new Map<number, number>()
  const columnAt = new Map<string, number>()
  const seen = new Map<string, number>()
  for (const claim of claims) {
    const { where } = claim
    if (where.kind !== 'cell' || where.table !== table.index) continue
    const cellKey = `${where.row} ${where.column}`
    const ordinal = seen.get(cellKey) ?? 0
    seen.set(cellKey, ordinal + 1)
    if (ordinal >= mostPerCell || cells.length >= mostOfTable) continue
    let row = rowAt.get(where.row)
    if (row === undefined) {
      row = rows.push(lineOf(where.rowLabel)) - 1
      rowAt.set(where.row, row)
    }
    const columnKey = `${where.column} ${ordinal}`
    let column = columnAt.get(columnKey)
    if (column === undefined) {
      column = columns.push(lineOf(where.columnLabel)) - 1
      columnAt.set(columnKey, column)
    }
    cells.push({ row, column, claim })
  }
  return cells.length === 0 ? null : { table, rows, columns, cells }
}

/** @param index the grid's place in the pool */
export function gridMatrix(grid: EvidenceGrid, index: number): Matrix {
  const cells: MatrixCell[] = []
  const columns: MatrixLine[] = []
  const columnAt = new Map<string, number>()
  const rows = grid.rows.map((row) => lineOf(row.label))
  for (const [row, { cells: texts, line, source = grid.source }] of grid.rows.entries()) {
    for (const [at, label] of grid.columnLabels.entries()) {
      const text = texts[at] ?? ''
      const read = readCell(text)
      if (read === null) continue
      const numbers: readonly (Written | null)[] = read === 'missing' ? [null] : read.slice(0, mostPerCell)
      for (const [ordinal, number] of numbers.entries()) {
        const key = `${at} ${ordinal}`
        let column = columnAt.get(key)
        if (column === undefined) {
          column = columns.push(lineOf(label)) - 1
          columnAt.set(key, column)
        }
        cells.push({ row, column, number, text, source, line })
      }
    }
  }
  return { grid: index, rows, columns, cells, isComputed: false }
}

/** The grids that a paper's tables may be set beside: of results, whoever wrote them. */
export function comparableGrids(pool: EvidencePool): { grid: EvidenceGrid; index: number }[] {
  return pool.grids.flatMap((grid, index) => {
    const kind = pool.sources[grid.source]?.kind
    return kind === 'process' || kind === 'typed' ? [{ grid, index }] : []
  })
}
