import CliTable from 'cli-table3'
import pc from 'picocolors'

/** A table of a report, before it has a format. Numbers are formatted already; null shows as a dash. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly notes: readonly string[]
}

const dash = '–'

export function renderText(tables: readonly Table[]): string {
  return tables
    .map(({ title, columns, rows, notes }) => {
      const table = new CliTable({
        head: [...columns],
        style: { head: [], border: [], compact: true },
        colAligns: columns.map((_, index) => (index === 0 ? 'left' : 'right')),
      })
      table.push(...rows.map((row) => row.map((cell) => cell ?? dash)))
      return [pc.bold(title), table.toString(), ...notes.map((note) => pc.dim(note))].join('\n')
    })
    .join('\n\n')
}

export function renderMarkdown(tables: readonly Table[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`
  return tables
    .map(({ title, columns, rows, notes }) =>
      [
        `## ${title}\n`,
        line(columns),
        line(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
        ...rows.map((row) => line(row.map((cell) => cell ?? dash))),
        ...notes.map((note) => `\n${note}`),
      ].join('\n'),
    )
    .join('\n\n')
}

/** RFC 4180; null is an empty field. */
export function renderCsv(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const field = (value: string | number | null): string => {
    const text = value === null ? '' : String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}
