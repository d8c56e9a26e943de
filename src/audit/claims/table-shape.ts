import { areCountedNames } from '../numbers/counted-names.ts'
import type { TableBlock, TableCell } from './block.ts'
import { sectionKind } from './section-kind.ts'
import { countLabel, metricWords, settingWords } from './vocabulary.ts'

/** How a table is to be read. */
export interface TableShape {
  /** Columns from the left that name a row and hold no values. */
  readonly labelColumns: number
  /** By row: the text of its label columns, with what merged cells above it say. */
  readonly rowLabels: readonly string[]
  readonly isSetup: boolean
}

export function tableShape(table: TableBlock, section: readonly string[]): TableShape {
  const labelColumns = countLabelColumns(table)
  return { labelColumns, rowLabels: readRowLabels(table, labelColumns), isSetup: isSetupTable(table, section) }
}

function countLabelColumns(table: TableBlock): number {
  const width = Math.max(table.headers.length, ...table.rows.slice(0, 200).map(({ cells }) => cells.length))
  let columns = 0
  while (columns < width - 1 && columns < 4) {
    const shares = columnShares(table, columns)
    if (columns === 0) {
      const header = table.headers[0] ?? ''
      if (shares.numbers > 0.5 && metricWords.test(header) && !countLabel.test(bareLabel(header))) return 0
    } else if (shares.words <= 0.5) break
    columns += 1
  }
  // text to the end: the last columns describe, and the first names
  return columns >= width - 1 && width > 2 && columnShares(table, width - 1).words > 0.5 ? 1 : columns
}

/** Shares of the filled cells of a column that are values, and that are words. */
function columnShares(table: TableBlock, column: number): { numbers: number; words: number } {
  let filled = 0
  let numbers = 0
  let words = 0
  const rows = table.rows.slice(0, 200)
  for (const { cells } of rows) {
    const text = cells[column]?.text ?? ''
    if (text === '') continue
    filled += 1
    if (isValue(text)) numbers += 1
    else words += 1
  }
  if (filled === 0) return { numbers: 0, words: 0 }
  return numbers > 0 && areCountedNames(rows.map(({ cells }) => cells[column]?.text ?? ''))
    ? { numbers: 0, words: 1 }
    : { numbers: numbers / filled, words: words / filled }
}

/** A number, or what stands where a number is missing. */
function isValue(text: string): boolean {
  return (
    /^[\s~≈<>≤≥+\-−–±$([]{0,6}\.?\d[\d.,]*/.test(text) ||
    /^(?:nan|n\/a|na|inf|-inf|none|null|fail(?:ed)?|error|oom|-+|–|—|tbd)$/i.test(text)
  )
}

function readRowLabels(table: TableBlock, labelColumns: number): string[] {
  let above: string[] = []
  let group = ''
  return table.rows.map(({ cells }) => {
    const own = Array.from({ length: labelColumns }, (_, column) => cells[column]?.text ?? '')
    if (isGroupRow(cells)) {
      group = cells.find(({ text }) => text !== '')?.text ?? ''
      return group
    }
    // an empty cell goes on with the one above it, up to the first that differs
    const filled = own.map((text, column) =>
      text === '' && own.slice(0, column).every((left) => left === '') ? (above[column] ?? '') : text,
    )
    above = filled
    return [group, ...filled].filter((text) => text !== '').join(' ')
  })
}

/** A row with a single filled cell, its first, names those below it. */
function isGroupRow(cells: readonly TableCell[]): boolean {
  return (
    cells.length > 1 &&
    cells[0]?.text !== '' &&
    !isValue(cells[0]?.text ?? '') &&
    cells.slice(1).every(({ text }) => text === '')
  )
}

/** A label without its unit in brackets, arrows and marks. */
export function bareLabel(label: string): string {
  return label
    .replace(/\([^()]{0,60}\)|\[[^[\]]{0,60}\]|[↑↓*]/g, ' ')
    .replace(/[_\s]+/g, ' ')
    .trim()
}

function isSetupTable(table: TableBlock, section: readonly string[]): boolean {
  const headers = table.headers.map(bareLabel)
  const [first = '', ...others] = headers
  const namesMetric = others.some((header) => metricWords.test(header) && !settingWords.test(header))
  const isPlain = others.every((header) => plainHeaders.test(header))
  if (/hyper-?parameter/i.test(first)) return !namesMetric
  if (isPlain && parameterHeaders.test(first)) return true
  const labels = table.rows.slice(0, 100).map(({ cells }) => bareLabel(cells[0]?.text ?? ''))
  const settings = labels.filter((label) => settingWords.test(label) || countLabel.test(label)).length
  const metrics = labels.filter((label) => metricWords.test(label) && !settingWords.test(label)).length
  if (settings > 0 && settings >= labels.length / 2 && metrics < settings && (isPlain || !namesMetric)) return true
  if (namesMetric || metrics > labels.length / 3) return false
  if (setupCaptions.test(table.caption)) return true
  return sectionKind(section) === 'setup'
}

const parameterHeaders =
  /^(?:(?:hyper-?)?parameters?|settings?|configurations?|config|options?|arguments?|components?|items?|aspects?|attribute|property|properties|names?|variables?|)$/i
const plainHeaders =
  /^(?:values?|settings?|defaults?|default values?|descriptions?|details?|notes?|ranges?|choices?|configurations?|specifications?|meanings?|units?|symbols?|types?|)$/i
const setupCaptions =
  /\b(?:hyper-?parameters?|parameters used|simulation parameters|training (?:configuration|settings|parameters|details)|experimental (?:set-?up|settings?|configuration)|experiment set-?up|model (?:configuration|architecture)|implementation details|data ?set (?:statistics|details|summary|overview)|statistics of|data splits?)\b/i
