import { readMetric } from './paper/metric.ts'
import { difference, type Range, rangeOf } from './paper/range.ts'
import { cellsOfColumn, cellsOfRow, type NumericCell, numericColumns, placeOfRow, short, type TableView, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestPairs = 4
/** How much further values must vary than the distance may, for a constant distance not to be an accident. */
const variation = 10

/** Two metrics that keep the same distance in every row. */
export const parallelColumns: Rule = {
  id: 'parallel-columns',
  title: 'metrics that differ by the same amount everywhere',
  part: 'none',
  catches:
    'Two different metrics whose difference is the same to the last digit in four rows or more, though the values vary: what comes of writing one from the other.',
  misses: 'Metrics derived from each other with noise added.',
  falsePositives: 'A metric that is defined as another less a constant and does not say so in its name.',
  find: (facts) => tableViews(facts).flatMap(inTable),
}

function inTable(view: TableView): RuleFinding[] {
  const columns = numericColumns(view).map((column) => ({ label: view.columnLabel(column), cells: cellsOfColumn(view, column), key: rowOf }))
  const rows = view.cells.map((_, row) => ({ label: view.rowLabel(row), cells: cellsOfRow(view, row), key: columnOf }))
  const found = parallels(view, columns)
  // Parallel columns make their rows parallel too: once is enough.
  return found.length > 0 || columns.length < fewestPairs ? found : parallels(view, rows)
}

interface Series {
  readonly label: string
  readonly cells: readonly NumericCell[]
  readonly key: (cell: NumericCell) => number
}

function rowOf({ row }: NumericCell): number {
  return row
}

function columnOf({ column }: NumericCell): number {
  return column
}

function parallels(view: TableView, series: readonly Series[]): RuleFinding[] {
  const metrics = series.filter(({ label, cells }) => {
    const { kind, isDifference } = readMetric(label)
    return cells.length >= fewestPairs && !isDifference && (kind === 'share' || kind === 'other') && label.trim() !== ''
  })
  // Each is compared with those before it, and named once: a table of four parallel columns is one finding of three pairs.
  const found = metrics.flatMap((one, index) => {
    const other = metrics.slice(0, index).find((earlier) => constantDistance(earlier, one) !== null)
    return other === undefined ? [] : [{ one, other, distance: constantDistance(other, one) ?? 0 }]
  })
  const [first] = found
  if (first === undefined) return []
  const claims = [...new Set(found.flatMap(({ one, other }) => [...one.cells, ...other.cells].map(({ value }) => value.id)))]
  const named = found.map(({ one, other, distance }) => `${short(one.label)} is ${short(other.label)} ${signed(distance)}`).join('; ')
  const message = `In all ${first.one.cells.length} rows, ${named}, to the last digit.`
  const [cell] = first.one.cells
  return [{ severity: 'major', claims, message, evidence: [placeOfRow(view, cell?.row ?? 0), placeOfRow(view, (cell?.row ?? 0) + 1)] }]
}

/** The distance that all pairs share within their rounding; null where they do not, or where that could be an accident. */
function constantDistance(one: Series, other: Series): number | null {
  const pairs = other.cells.flatMap((cell) => {
    const partner = one.cells.find((candidate) => one.key(candidate) === other.key(cell))
    return partner === undefined ? [] : [{ from: partner.value.number, to: cell.value.number }]
  })
  if (pairs.length < fewestPairs || pairs.length < one.cells.length - 1) return null
  if (pairs.some(({ from, to }) => from.decimals < 2 || to.decimals < 2 || from.unit !== to.unit)) return null
  const shared = pairs.map(({ from, to }) => difference(rangeOf(from), rangeOf(to))).reduce<Range>(common, { low: -Infinity, high: Infinity })
  const values = new Set(pairs.map(({ from }) => from.value))
  const step = 10 ** -Math.min(...pairs.map(({ from, to }) => Math.min(from.decimals, to.decimals)))
  const reach = Math.max(...values) - Math.min(...values)
  const distance = (shared.low + shared.high) / 2
  if (shared.low > shared.high + 1e-12 || values.size < fewestPairs || reach < variation * step) return null
  return Math.abs(distance) < 2 * step ? null : distance
}

function common(one: Range, other: Range): Range {
  return { low: Math.max(one.low, other.low), high: Math.min(one.high, other.high) }
}

function signed(distance: number): string {
  const size = Number(Math.abs(distance).toPrecision(6))
  return distance < 0 ? `less ${size}` : `plus ${size}`
}
