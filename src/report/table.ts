import { plain } from '../base/text.ts'
import pc from 'picocolors'
import { layTable, listRows } from './table-layout.ts'

/** A table of a report, before it has a format. Numbers are formatted already; null shows as a dash. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly notes: readonly string[]
}

/** What the place a text goes to can show. */
export interface TextStyle {
  /** Characters in a line; null where lines may be as long as they like: files and pipes. */
  readonly width: number | null
  readonly colors: boolean
}

const dash = '–'
const filled = ({ rows }: Table): string[][] => rows.map((row) => row.map((cell) => plain(cell ?? dash)))

/** Tables drawn with lines; on a narrow terminal with cells in several lines, on its side, or as a list, whichever fits. */
export function renderText(tables: readonly Table[], style: TextStyle = { width: null, colors: false }): string {
  const { bold, dim } = pc.createColors(style.colors)
  return tables
    .map((table) => {
      const body = table.rows.length === 0 ? [] : [drawWithin([[...table.columns], ...filled(table)], style.width)]
      return [bold(plain(table.title)), ...body, ...table.notes.map((note) => dim(plain(note)))].join('\n')
    })
    .join('\n\n')
}

function drawWithin(rows: string[][], width: number | null): string {
  const sideways = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? ''))
  return layTable(rows, width) ?? layTable(sideways, width) ?? listRows(rows)
}

export function renderMarkdown(tables: readonly Table[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => inert(cell.replace(/[\\|]/g, '\\$&')).replace(/\s+/g, ' ')).join(' | ')} |`
  return tables
    .map((table) =>
      [
        `## ${inert(plain(table.title))}\n`,
        line(table.columns),
        line(table.columns.map((_, index) => (index === 0 ? '---' : '---:'))),
        ...filled(table).map(line),
        ...table.notes.map((note) => `\n${inert(plain(note))}`),
      ].join('\n'),
    )
    .join('\n\n')
}

/** Keeps what agents wrote from becoming a link, a picture that is fetched, or HTML. */
function inert(text: string): string {
  return text.replace(/<(?=[A-Za-z/!?])|(?<=\])[([]/g, '\\$&')
}

/** RFC 4180; null is an empty field. */
export function renderCsv(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const field = (value: string | number | null): string => {
    const text = value === null ? '' : String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}
