import type { TableBlock, TableCell, TableRow } from './block.ts'
import type { DocumentLine } from './document-lines.ts'
import { trimCell } from './pipe-table.ts'

/**
 * A table as programs print it: columns apart by two blanks or a tab, a header of words, and at least two rows that begin with a word and go on
 * with a number in every column. A single blank parts columns too where the header cannot say otherwise. Null for none.
 */
export function readAlignedTable(
  text: string,
  place: { lines: readonly DocumentLine[]; from: number },
): { table: TableBlock; next: number } | null {
  const { lines, from } = place
  const header = lines[from]
  const first = lines[from + 1]
  if (header === undefined || first === undefined || header.end - header.start > mostCharacters) return null
  const width = readRow(text, first)?.length ?? 0
  if (width < 3) return null
  const rows: TableRow[] = []
  let next = from + 1
  for (; next < lines.length; next += 1) {
    const line = lines[next]
    const cells = line === undefined ? null : readRow(text, line)
    if (line === undefined || cells?.length !== width) break
    rows.push({ line: line.number, cells })
  }
  const headers = readHeader(text.slice(header.start, header.end), width)
  if (rows.length < 2 || headers === null) return null
  return { table: { kind: 'table', line: header.number, caption: '', headers, rows }, next }
}

const mostCharacters = 400

/** A label and its numbers; null for any other line. */
function readRow(text: string, line: DocumentLine): TableCell[] | null {
  if (line.end - line.start > mostCharacters) return null
  const written = text.slice(line.start, line.end)
  const cells: TableCell[] = []
  for (const { 0: word, index } of written.matchAll(/\S+/g)) {
    const cell = trimCell(text, { from: line.start + index, to: line.start + index + word.length })
    if (/^[-+−]?\d*\.?\d+(?:[eE][-+]?\d+)?%?$|^(?:nan|NaN|n\/a|N\/A|inf)$/.test(word)) cells.push(cell)
    else if (cells.length === 0) cells.push(cell)
    else if (cells.length === 1 && /^\s*\p{L}/u.test(written))
      cells[0] = trimCell(text, { from: cells[0]?.start ?? 0, to: cell.end })
    else return null
  }
  return /^\s*\p{L}/u.test(written) ? cells : null
}

/** As many names as the rows have columns: apart by two blanks, or by one. */
function readHeader(written: string, width: number): string[] | null {
  if (!/^[^|]*\p{L}/u.test(written)) return null
  const wide = written.trim().split(/\s{2,}|\t/)
  if (wide.length === width) return wide
  if (wide.length === width - 1) return ['', ...wide]
  const words = written.trim().split(/\s+/)
  if (words.length === width) return words
  if (words.length === width - 1) return ['', ...words]
  // "Execution Rate" at the end: what is left over belongs to the last name
  return words.length === width + 1 ? [...words.slice(0, width - 1), words.slice(width - 1).join(' ')] : null
}
