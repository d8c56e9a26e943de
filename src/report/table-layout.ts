import { drawTable } from './draw-table.ts'

/**
 * Draws rows as a table, the first row as its head, with columns of numbers to the right.
 * @param width characters in a line; cells are broken into several lines to stay within. Null: no limit
 * @returns null when it cannot be made that narrow
 */
export function layTable(rows: readonly (readonly string[])[], width: number | null): string | null {
  const [head = [], ...body] = rows
  const widths = columnWidths(rows, width)
  if (widths === null) return null
  const wrapRow = (row: readonly string[]): string[] => row.map((cell, column) => wrap(cell, widths[column] ?? 0))
  return drawTable(
    [wrapRow(head), ...body.map(wrapRow)],
    head.map((_, column) => body.every((row) => number.test(row[column] ?? ''))),
  )
}

/** Counts, scores, dollars, durations, and what is unknown; no name that begins with a date. */
const number = /^(?:-?(?!\d{4}-\d\d-)[\d$≥]|–$)/

/** A line on either side, and a space on either side of each cell. */
const frameWidth = (columns: number): number => 3 * columns + 1

/** The width of each column's text: as it is, or with the widest ones narrowed until all fit; null when they never do. */
function columnWidths(rows: readonly (readonly string[])[], width: number | null): number[] | null {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? ''))
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)))
  if (width === null) return widths
  const least = columns.map((cells) => Math.max(...cells.flatMap(pieces).map((piece) => piece.trimEnd().length)))
  const room = width - frameWidth(columns.length)
  while (sum(widths) > room) {
    const spare = widths.map((own, column) => (own > (least[column] ?? 0) ? own : 0))
    const widest = Math.max(...spare)
    if (widest === 0) return null
    widths[spare.indexOf(widest)] = widest - 1
  }
  return widths
}

/**
 * Where a cell may be broken: behind a space, but not between a number and its unit, though before its interval; and within
 * names behind a slash or a hyphen.
 */
const pieces = (text: string): string[] => text.split(/(?<=[\s/]|\w-)(?:(?<!\d\s)|(?=[[±]))/)

function wrap(text: string, width: number): string {
  const lines = ['']
  for (const piece of pieces(text)) {
    const line = lines.at(-1) ?? ''
    if (line === '' || line.length + piece.trimEnd().length <= width) lines[lines.length - 1] = line + piece
    else lines.push(piece)
  }
  return lines.map((line) => line.trimEnd()).join('\n')
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** Every row as a list of its cells, each behind the name of its column: fits wherever a cell does. */
export function listRows(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const names = head.slice(1)
  const nameWidth = Math.max(0, ...names.map((name) => name.length))
  return body
    .map(([first = '', ...cells]) =>
      [first, ...cells.map((cell, index) => `  ${(names[index] ?? '').padEnd(nameWidth)}  ${cell}`)].join('\n'),
    )
    .join('\n')
}
