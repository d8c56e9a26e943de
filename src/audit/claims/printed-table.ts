import type { PrintedLine } from './printed-lines.ts'

/** A piece of a line between wide gaps. */
export interface PrintedCell {
  /** `[start, end)` of the document. */
  readonly start: number
  readonly end: number
  readonly text: string
  /** Characters from the left edge. */
  readonly left: number
  readonly right: number
}

export interface PrintedTable {
  readonly headers: readonly string[]
  readonly rows: readonly { readonly line: PrintedLine; readonly cells: readonly (PrintedCell | null)[] }[]
  readonly line: number
  /** Index of the line behind it. */
  readonly next: number
}

/** Whether a line reads as a row: a label or nothing, and numbers to the end. */
export function rowCells(line: PrintedLine): PrintedCell[] | null {
  if (line.text.length > mostCharacters || !/\d|[-–—]\s*$|\bnan\b/i.test(line.text)) return null
  const wide = cellsOf(line, /(?<=\S)(?:\s{2,}|\t)(?=\S)/g)
  const values = wide.filter(({ text }) => isValue(text)).length
  if (wide.length >= 2 && values >= 1 && values >= (wide.length - 1) / 2 && wide.every(({ text }) => text.length < 60))
    return wide
  // one blank between the columns: words, then values only
  const trailing = trailingValues(line.text)
  if (trailing === null) return null
  return trailing.map(([from, to]) => cellAt(line, from, to))
}

const mostCharacters = 400

/** Header lines and rows that begin here; null for anything else. @param captioned whether a caption of a table stands right above */
export function readPrintedTable(
  lines: readonly PrintedLine[],
  place: { from: number; captioned: boolean },
): PrintedTable | null {
  const { from, captioned } = place
  let first = from
  while (first < from + 4 && first < lines.length) {
    const line = lines[first]
    if (line === undefined || line.text.length > 200) return null
    if (rowCells(line) !== null) break
    if (!captioned && first > from) return null
    if (!captioned && /[.,;:]$/.test(line.text)) return null
    first += 1
  }
  // rows without names above them would be read again from each of them
  if (!captioned && first === from) return null
  const rows: { line: PrintedLine; cells: PrintedCell[] }[] = []
  let next = first
  for (; next < lines.length; next += 1) {
    const line = lines[next]
    const cells = line === undefined ? null : rowCells(line)
    if (line === undefined || cells === null) {
      // a name that groups the rows below it
      const below = lines[next + 1]
      const isGroup =
        line !== undefined && rows.length > 0 && below !== undefined && line.text.length < 40 && !line.isApart
      if (!isGroup || !/^\p{L}[^.:]*$/u.test(line.text) || rowCells(below) === null) break
      rows.push({ line, cells: [cellAt(line, 0, line.text.length)] })
      continue
    }
    rows.push({ line, cells })
  }
  const least = captioned ? 1 : 2
  if (rows.length < least) return null
  const widest = rows.reduce((best, { cells }) => (cells.length > best.length ? cells : best), rows[0]?.cells ?? [])
  if (widest.length < 2 || !rows.some(({ cells }) => cells.some(({ text }) => isValue(text)))) return null
  const hasLabels = rows.some(({ cells }) => !isValue(cells[0]?.text ?? ''))
  if (!hasLabels && !captioned) return null
  const headers = joinHeaders(lines.slice(from, first), widest)
  if (headers === null && !captioned) return null
  return {
    headers: headers ?? [],
    rows: rows.map(({ line, cells }) => ({ line, cells: inColumns(cells, widest) })),
    line: lines[from]?.number ?? 1,
    next,
  }
}

function cellsOf(line: PrintedLine, gap: RegExp): PrintedCell[] {
  const cells: PrintedCell[] = []
  let from = 0
  for (const { 0: whole, index } of line.text.matchAll(gap)) {
    cells.push(cellAt(line, from, index))
    from = index + whole.length
  }
  cells.push(cellAt(line, from, line.text.length))
  return cells
}

function cellAt(line: PrintedLine, from: number, to: number): PrintedCell {
  return {
    start: line.start + from,
    end: line.start + to,
    text: line.text.slice(from, to),
    left: line.indent + from,
    right: line.indent + to,
  }
}

/** A number with what belongs to it, or what stands where one is missing. */
function isValue(written: string): boolean {
  return (
    /^[([]?[<>~≈≤≥+\-−–]?\s?\$?\d[\d.,]*(?:e[-+]?\d{1,3})?\s?(?:%|×|x|[a-zA-Z]{1,2})?(?:\s?(?:±|\+\/-)\s?[\d.]{1,12}%?)?(?:\s?\([^()]{1,30}\))?[)\]*†‡↑↓]{0,3}$/.test(
      written,
    ) || /^(?:nan|n\/a|inf|-+|–|—|✓|✗|oom|tbd)$/i.test(written)
  )
}

/** `Ours 0.91 ± 0.02 0.88`: ranges of the label and of at least two values behind it. */
function trailingValues(written: string): [number, number][] | null {
  const tokens = Array.from(written.matchAll(/\S+/g), ({ 0: token, index }) => ({ token, index }))
  if (tokens.length > 40) return null
  const values: [number, number][] = []
  let at = tokens.length - 1
  for (; at >= 0; at -= 1) {
    const { token, index } = tokens[at] ?? { token: '', index: 0 }
    const end = values[0]?.[1] ?? 0
    if (tokens[at - 1]?.token === '±' && /^\d/.test(token)) {
      const base = tokens[at - 2]
      if (base === undefined || !isValue(base.token)) return null
      values.unshift([base.index, index + token.length])
      at -= 2
    } else if (token.startsWith('(') && isValue(token) && isValue(tokens[at - 1]?.token ?? '')) {
      const base = tokens[at - 1]
      values.unshift([base?.index ?? end, index + token.length])
      at -= 1
    } else if (isValue(token)) values.unshift([index, index + token.length])
    else break
  }
  if (values.length < 2 || at < 0 || at > 6 || !/^[\p{L}(+]/u.test(written)) return null
  const label = tokens[at]
  return label === undefined ? null : [[0, label.index + label.token.length], ...values]
}

/** Cells of a row by the columns of the widest: in order where there are as many, else by where they stand. */
function inColumns(cells: readonly PrintedCell[], widest: readonly PrintedCell[]): (PrintedCell | null)[] {
  if (cells.length === widest.length) return [...cells]
  const row = Array.from({ length: widest.length }, (): PrintedCell | null => null)
  let column = 0
  for (const [index, cell] of cells.entries()) {
    const left = cells.length - index
    while (column < widest.length - left && distance(cell, widest[column + 1]) < distance(cell, widest[column]))
      column += 1
    row[column] = cell
    column += 1
  }
  return row
}

function distance(cell: PrintedCell, other: PrintedCell | undefined): number {
  if (other === undefined) return Infinity
  if (cell.left < other.right && other.left < cell.right) return 0
  return Math.abs(cell.left + cell.right - other.left - other.right) / 2
}

/** Names of the columns from the lines above the rows; null where they name none. */
function joinHeaders(lines: readonly PrintedLine[], widest: readonly PrintedCell[]): string[] | null {
  const headers = widest.map((): string[] => [])
  for (const line of lines) {
    let cells = cellsOf(line, /(?<=\S)(?:\s{2,}|\t)(?=\S)/g)
    const words = cellsOf(line, /(?<=\S)\s+(?=\S)/g)
    if (cells.length < widest.length - 1 && words.length >= widest.length - 1 && words.length <= widest.length)
      cells = words
    const offset = cells.length === widest.length - 1 && !isLeft(cells[0], widest[0]) ? 1 : 0
    if (cells.length === widest.length || cells.length === widest.length - 1)
      for (const [index, { text }] of cells.entries()) headers[index + offset]?.push(text)
    // a name over several columns
    else if (cells.length > 1 || lines.length > 1)
      for (const [column, place] of widest.entries()) {
        const nearest = cells.reduce<PrintedCell | null>(
          (best, cell) => (best === null || distance(cell, place) < distance(best, place) ? cell : best),
          null,
        )
        if (nearest !== null && (column > 0 || isLeft(nearest, widest[0]))) headers[column]?.push(nearest.text)
      }
  }
  const joined = headers.map((parts) => parts.join(' '))
  return joined.filter((header) => header !== '').length >= widest.length - 1 ? joined : null
}

function isLeft(cell: PrintedCell | undefined, first: PrintedCell | undefined): boolean {
  return cell !== undefined && first !== undefined && cell.left < first.right && first.left < cell.right
}
