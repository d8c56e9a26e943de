import { plain } from '../base/text.ts'
import type { Table } from './table.ts'

/** Tables for a LaTeX document that loads `booktabs`: the title as the caption, the notes below. What is unknown is a dash. */
export function renderLatex(tables: readonly Table[]): string {
  return tables
    .map(({ title, columns, rows, notes }) => {
      const line = (cells: readonly (string | null)[]): string =>
        `    ${cells.map((cell) => escapeLatex(cell ?? '–')).join(' & ')} \\\\`
      const body =
        rows.length === 0
          ? []
          : [
              `  \\begin{tabular}{l${'r'.repeat(Math.max(0, columns.length - 1))}}`,
              '    \\toprule',
              line(columns),
              '    \\midrule',
              ...rows.map(line),
              '    \\bottomrule',
              '  \\end{tabular}',
            ]
      return [
        '\\begin{table}',
        '  \\centering',
        `  \\caption{${escapeLatex(title)}}`,
        ...body,
        ...notes.map((note) => `  \\par\\footnotesize ${escapeLatex(note)}`),
        '\\end{table}',
      ].join('\n')
    })
    .join('\n\n')
}

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
  // two in a row would become a dash
  '-': '-{}',
  // behind the end of a line these would be its options
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  '±': '\\(\\pm\\)',
  '≥': '\\(\\geq\\)',
  α: '\\(\\alpha\\)',
  κ: '\\(\\kappa\\)',
  '–': '--',
  '’': "'",
}

/** A text as LaTeX sets it, letter for letter: nothing in it is a command. */
export function escapeLatex(text: string): string {
  return plain(text).replace(
    /-(?=-)|[\\{}&%$#_~^<>|"[\]*±≥ακ–’]/gu,
    (character) => commands[character] ?? `\\${character}`,
  )
}
