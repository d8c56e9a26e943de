import type { TableBlock, TableCell, TableRow } from './block.ts'
import type { DocumentLine } from './document-lines.ts'
import { plainText } from './plain-text.ts'

/** A pipe table that begins with this line; null for none. With a delimiter row, or two lines at least that pipes begin and end. */
export function readPipeTable(
  text: string,
  place: { lines: readonly DocumentLine[]; from: number },
): { table: TableBlock; next: number } | null {
  const { lines } = place
  let { from } = place
  const first = lines[from]
  if (first === undefined) return null
  if (isRule(text, first) && text.charAt(contentStart(text, first)) === '+') from += 1
  const header = lines[from]
  const second = lines[from + 1]
  if (header === undefined || second === undefined || !hasPipe(text, header) || isRule(text, header)) return null
  const isDelimited = isRule(text, second)
  if (!isDelimited && !(isFramed(text, header) && isFramed(text, second))) return null
  const shape = { kind: 'table', line: header.number, caption: '' } as const
  const headers = splitCells(text, header).map((cell) => cell.text)
  const rows: TableRow[] = []
  let next = from + 1
  for (; next < lines.length; next += 1) {
    const line = lines[next]
    if (line === undefined) break
    if (isRule(text, line)) continue
    if (!hasPipe(text, line)) break
    rows.push({ line: line.number, cells: splitCells(text, line) })
  }
  // a single row has no header: what it says must not be lost
  if (rows.length === 0)
    return { table: { ...shape, headers: [], rows: [{ line: header.number, cells: splitCells(text, header) }] }, next }
  return { table: { ...shape, headers, rows }, next }
}

/** Behind blanks and the marks of a quotation. */
function contentStart(text: string, line: DocumentLine): number {
  let at = line.start
  while (at < line.end && ' \t>'.includes(text.charAt(at))) at += 1
  return at
}

function contentEnd(text: string, line: DocumentLine): number {
  let at = line.end
  while (at > line.start && ' \t'.includes(text.charAt(at - 1))) at -= 1
  return at
}

function hasPipe(text: string, line: DocumentLine): boolean {
  for (let at = line.start; at < line.end; at += 1) if (text.charCodeAt(at) === pipe) return true
  return false
}

const pipe = 124

function isFramed(text: string, line: DocumentLine): boolean {
  const start = contentStart(text, line)
  const end = contentEnd(text, line)
  return end - start > 2 && text[start] === '|' && text[end - 1] === '|'
}

/** A row of dashes. */
function isRule(text: string, line: DocumentLine): boolean {
  let dashes = 0
  let joints = 0
  for (let at = contentStart(text, line); at < line.end; at += 1) {
    const sign = text.charAt(at)
    if (sign === '-' || sign === '=' || sign === '–' || sign === '—') dashes += 1
    else if (sign === '|' || sign === '+') joints += 1
    else if (sign !== ':' && sign !== ' ' && sign !== '\t') return false
  }
  return dashes > 0 && joints > 0
}

function splitCells(text: string, line: DocumentLine): TableCell[] {
  let start = contentStart(text, line)
  const end = contentEnd(text, line)
  if (text[start] === '|') start += 1
  const cells: TableCell[] = []
  for (let at = start; at <= end; at += 1) {
    if (at < end && (text[at] !== '|' || text[at - 1] === '\\')) continue
    if (at === end && start >= end && cells.length > 0) break
    cells.push(trimCell(text, { from: start, to: at }))
    start = at + 1
  }
  return cells
}

/** The cell of a range, without blanks around it. */
export function trimCell(text: string, { from, to }: { from: number; to: number }): TableCell {
  let start = from
  let end = to
  while (start < end && /\s/.test(text.charAt(start))) start += 1
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1
  return { start, end, text: plainText(text.slice(start, end)) }
}
