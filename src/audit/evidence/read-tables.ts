import type { RawTable } from './add-table.ts'

export interface FoundTable extends RawTable {
  /** Lines of the text that it takes, from 0: `[start, end)`. */
  readonly start: number
  readonly end: number
}

const mostCellsInLine = 300
/** Lines between rows, in ASCII and in the block of characters that boxes are drawn with. */
const ruler = /^[\s|+:=\-\u2500-\u257F]+$/

/** Fields of a line of CSV, quotes read. Linear. */
function splitDelimited(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter, mostCellsInLine).map((cell) => cell.trim())
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let index = 0; index < line.length && cells.length < mostCellsInLine; index += 1) {
    const character = line.charAt(index)
    if (character === '"') {
      if (quoted && line.charAt(index + 1) === '"') {
        cell += '"'
        index += 1
      } else quoted = !quoted
    } else if (character === delimiter && !quoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += character
  }
  return [...cells, cell.trim()]
}

/** All of a CSV or TSV file, with or without a header; null where it has no two columns or no row. */
export function readDelimited(lines: readonly string[], about: string): RawTable | null {
  const filled = joinQuoted(lines).filter(({ text }) => text.trim() !== '' && !text.startsWith('#'))
  const head = filled[0]
  if (head === undefined) return null
  const delimiter = [',', '\t', ';'].toSorted((a, b) => head.text.split(b).length - head.text.split(a).length)[0] ?? ','
  const rows = withPoints(
    filled.map(({ text, line }) => ({ line, cells: splitDelimited(text, delimiter) })),
    delimiter,
  )
  const first = rows[0]?.cells ?? []
  if (first.length < 2 && rows.length < 2) return null
  const hasHeader = first.filter(isNumeric).length * 2 < first.length
  return hasHeader ? { headers: first, rows: rows.slice(1), about } : { headers: first.map(() => ''), rows, about }
}

const decimalComma = /^[-+−]?\d{1,9},\d{1,17}(?: ?%)?$/

/** Where fields are set apart by something else, `86,05` is 86.05, as long as its column has no point among its numbers. */
function withPoints(
  rows: readonly { readonly line: number; readonly cells: string[] }[],
  delimiter: string,
): { line: number; cells: string[] }[] {
  if (delimiter === ',') return [...rows]
  const withComma = new Set<number>()
  const withPoint = new Set<number>()
  for (const { cells } of rows) {
    for (const [column, cell] of cells.entries()) {
      if (decimalComma.test(cell)) withComma.add(column)
      else if (/\d\.\d/.test(cell) && isNumeric(cell)) withPoint.add(column)
    }
  }
  return rows.map(({ line, cells }) => ({
    line,
    cells: cells.map((cell, column) =>
      withComma.has(column) && !withPoint.has(column) && decimalComma.test(cell) ? cell.replace(',', '.') : cell,
    ),
  }))
}

/** A quoted field may go on over lines; a quote that never ends is taken for a character. */
const mostQuotedLines = 200

function joinQuoted(lines: readonly string[]): { text: string; line: number }[] {
  const records: { text: string; line: number }[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1
    let end = index
    let quotes = countQuotes(lines[index] ?? '')
    while (quotes % 2 === 1 && end + 1 < lines.length && end - index < mostQuotedLines) {
      end += 1
      quotes += countQuotes(lines[end] ?? '')
    }
    const isJoined = quotes % 2 === 0
    records.push({ text: isJoined ? lines.slice(index, end + 1).join('\n') : (lines[index] ?? ''), line })
    if (isJoined) index = end
  }
  return records
}

function countQuotes(text: string): number {
  let quotes = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) quotes += 1
  return quotes
}

function isNumeric(cell: string): boolean {
  return /^[-+]?(?:\d|\.\d)[\d.,]{0,40}(?:e[-+]?\d{1,4})?%?$/i.test(cell)
}

/** The table that begins at a line, of whichever kind; null where none does. */
export function tableAt(lines: readonly string[], start: number, about: string): FoundTable | null {
  const line = lines[start] ?? ''
  // where no table begins must be seen in a few lines: the next line is asked again
  if (line.trim() === '' || ruler.test(line)) return null
  if (hasBar(line)) return readBarred(lines, start, about)
  if (isLatexRow(line.slice(0, 2_000))) return readLatex(lines, start, about)
  if (line.includes(',')) return readCommas(lines, start, about)
  return /\S(?: {2,}|\t)\S/.test(line.slice(0, 2_000)) ? readAligned(lines, start, about) : null
}

/** A column mark, with a line's end behind it or nothing. */
function isLatexRow(line: string): boolean {
  const mark = line.indexOf('&')
  return mark >= 0 && (line.includes('\\\\', mark) || line.trimEnd().endsWith('&'))
}

/** Markdown, `tabulate`, psql and box-drawing tables. */
function readBarred(lines: readonly string[], start: number, about: string): FoundTable | null {
  const headers = splitBars(lines[start] ?? '')
  const isFramed = /^\s*[|│┃║]/.test(lines[start] ?? '') || ruler.test(lines[start + 1] ?? ' x')
  // a log may set its fields apart by bars
  if (headers.length < 2 || (!isFramed && headers.some((cell) => /\d/.test(cell)))) return null
  const rows: { line: number; cells: string[] }[] = []
  let end = start + 1
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? ''
    if (ruler.test(line)) continue
    if (!hasBar(line)) break
    const cells = splitBars(line)
    if (Math.abs(cells.length - headers.length) > 1) break
    rows.push({ line: end + 1, cells })
  }
  return rows.length === 0 ? null : { headers, rows, about, start, end }
}

function hasBar(line: string): boolean {
  return /[|│┃║]/.test(line)
}

function splitBars(line: string): string[] {
  const text = line
    .trim()
    .replace(/^[|│┃║]/, '')
    .replace(/[|│┃║]$/, '')
  return text.split(/(?<!\\)[|│┃║]/, mostCellsInLine).map(unmarked)
}

function readLatex(lines: readonly string[], start: number, about: string): FoundTable | null {
  const rows: { line: number; cells: string[] }[] = []
  let end = start
  for (; end < lines.length; end += 1) {
    const line = (lines[end] ?? '').trim()
    if (line === '' || /^\\(?:hline|toprule|midrule|bottomrule|cmidrule|cline|addlinespace)/.test(line)) continue
    if (!line.includes('&')) break
    const text = line.replace(/\\\\.*$/, '')
    rows.push({ line: end + 1, cells: text.split(/(?<!\\)&/, mostCellsInLine).map(unmarked) })
  }
  const [head, ...data] = rows
  return head === undefined || data.length === 0 ? null : { headers: head.cells, rows: data, about, start, end }
}

/** Text of a cell without the marks of Markdown and LaTeX around it. */
function unmarked(cell: string): string {
  return cell
    .replaceAll(/\\(?:textbf|textit|underline|mathbf|emph|texttt|text|num)\{/g, '')
    .replaceAll(/\*\*|__|[`${}]|\\(?=[%_&#])/g, '')
    .replaceAll(/\\pm/g, '±')
    .trim()
    .replace(/^\*(.{0,200})\*$/, '$1')
}

/** CSV within other text: a header of names, and lines of as many fields with numbers among them. */
function readCommas(lines: readonly string[], start: number, about: string): FoundTable | null {
  const headers = splitDelimited(lines[start] ?? '', ',')
  if (headers.length < 3 || headers.some((name) => name.length > 60) || headers.some(isNumeric)) return null
  const rows: { line: number; cells: string[] }[] = []
  let end = start + 1
  for (; end < lines.length; end += 1) {
    const cells = splitDelimited(lines[end] ?? '', ',')
    if (cells.length !== headers.length || !cells.some(isNumeric)) break
    rows.push({ line: end + 1, cells })
  }
  return rows.length === 0 ? null : { headers, rows, about, start, end }
}

/** Columns set apart by blanks, as pandas and hand-made prints align them. */
function readAligned(lines: readonly string[], start: number, about: string): FoundTable | null {
  const headers = splitBlanks(lines[start] ?? '')
  if (headers.length < 2 || headers.some((name) => name.length > 60 || isNumeric(name))) return null
  const rows: { line: number; cells: string[] }[] = []
  let shift: number | null = null
  let end = start + 1
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? ''
    if (line.trim() !== '' && ruler.test(line)) continue
    const cells = splitBlanks(line)
    const fits = cells.length - headers.length
    if (fits !== 0 && fits !== 1) break
    if (!cells.slice(1).some((cell) => isNumeric(cell) || /^\d[\d.]{0,20} ?(?:±|\+\/-)/.test(cell))) break
    if (shift !== null && shift !== fits) break
    shift = fits
    rows.push({ line: end + 1, cells })
  }
  if (rows.length === 0) return null
  return { headers: shift === 1 ? ['', ...headers] : headers, rows, about, start, end }
}

function splitBlanks(line: string): string[] {
  const text = line.trim()
  if (text === '' || text.length > 2_000) return []
  return text.split(/\s{2,}|\t/, mostCellsInLine)
}
