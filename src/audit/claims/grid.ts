import type { TableCell, TableRow } from './block.ts'

/** A cell with how far it reaches, as HTML and LaTeX have them. */
export interface SpanningCell extends TableCell {
  readonly columns: number
  readonly rows: number
}

/** Rows of spanning cells as rows of single cells: what a cell covers stays empty, so that places in the text stay its own. */
export function spreadCells(rows: readonly { line: number; cells: readonly SpanningCell[] }[]): TableRow[] {
  const covered = new Map<number, number>()
  return rows.map((row) => {
    const cells: TableCell[] = []
    const skipCovered = (): void => {
      for (let left = covered.get(cells.length) ?? 0; left > 0; left = covered.get(cells.length) ?? 0) {
        covered.set(cells.length, left - 1)
        cells.push(emptyCell)
      }
    }
    for (const { columns, rows: height, start, end, text } of row.cells) {
      skipCovered()
      if (height > 1) covered.set(cells.length, Math.min(height, mostSpan) - 1)
      cells.push({ start, end, text })
      for (let extra = 1; extra < Math.min(columns, mostSpan); extra += 1) cells.push(emptyCell)
    }
    if (covered.size > 0) skipCovered()
    return { line: row.line, cells }
  })
}

const mostSpan = 50
const emptyCell: TableCell = { start: 0, end: 0, text: '' }

/** Header and body of a table. Where nothing would be left for the body, there is no header: what stands there must not be lost. */
export function splitHeader(
  rows: readonly TableRow[],
  count: number,
): { headers: string[]; rows: readonly TableRow[] } {
  return count >= rows.length
    ? { headers: [], rows }
    : { headers: joinHeaders(rows.slice(0, count)), rows: rows.slice(count) }
}

/** Several header rows as one: by column, each row's cell reaching over the empty ones behind it, but for the last. */
function joinHeaders(rows: readonly TableRow[]): string[] {
  const last = rows.at(-1)
  if (last === undefined) return []
  const upper = rows.slice(0, -1).map((row) => {
    let reach = ''
    return row.cells.map((cell, column) => {
      if (cell.text !== '' || column === 0) reach = cell.text
      return reach
    })
  })
  const width = rows.reduce((widest, { cells }) => Math.max(widest, cells.length), 0)
  return Array.from({ length: width }, (_, column) =>
    [...upper.map((row) => row[column] ?? ''), last.cells[column]?.text ?? ''].filter((part) => part !== '').join(' '),
  )
}
