import { isAverage, isStatistic } from './paper/metric.ts'
import { cutOrRounded, rangeOf } from './paper/range.ts'
import {
  cellsOfColumn,
  cellsOfRow,
  nameOfCell,
  type NumericCell,
  placeOfRow,
  type TableView,
  tableViews,
} from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestValues = 2

/** Averages outside what they average. */
export const averageArithmetic: Rule = {
  id: 'average-arithmetic',
  title: 'An average outside its values',
  part: 'none',
  catches:
    'A row or column called average or mean whose value lies outside all the values it averages (major: no weights allow it), or is not their plain mean (note).',
  misses: 'Averages of values that are not shown.',
  falsePositives: 'An average over more cases than the table shows.',
  find: (facts) => tableViews(facts).flatMap(inTable),
}

function inTable(view: TableView): RuleFinding[] {
  const averageRows = view.cells.flatMap((_, row) => (isAverage(view.rowLabel(row)) ? [row] : []))
  const averageColumns = view.table.headers.flatMap((header, column) =>
    column > 0 && isAverage(header) ? [column] : [],
  )
  // More than one is an average within groups, and what belongs to a group is not told.
  const byRow =
    averageRows.length === 1
      ? averageRows.flatMap((row) =>
          cellsOfRow(view, row).flatMap((cell) =>
            check(
              view,
              cell,
              cellsOfColumn(view, cell.column).filter((other) => other.row < row),
            ),
          ),
        )
      : []
  const byColumn =
    averageColumns.length === 1 && isHomogeneous(view)
      ? averageColumns.flatMap((column) =>
          cellsOfColumn(view, column).flatMap((cell) =>
            check(
              view,
              cell,
              cellsOfRow(view, cell.row).filter((other) => other.column < column),
            ),
          ),
        )
      : []
  return [...byRow, ...byColumn]
}

/** Columns beside an average are of one kind only where none is a statistic of its own. */
function isHomogeneous(view: TableView): boolean {
  return !view.table.headers.some(
    (header) => !isAverage(header) && (isStatistic(header) || /time|latency|memory|param|size|cost/i.test(header)),
  )
}

function check(view: TableView, average: NumericCell, others: readonly NumericCell[]): RuleFinding[] {
  const values = others.filter(({ row }) => row === average.row || !isStatistic(view.rowLabel(row)))
  const ranges = values.map(({ value }) => rangeOf(value.number))
  if (values.length < fewestValues || values.some(({ value }) => value.number.unit !== average.value.number.unit))
    return []
  const own = cutOrRounded(average.value.number)
  const low = Math.min(...ranges.map((range) => range.low))
  const high = Math.max(...ranges.map((range) => range.high))
  const count = values.length
  const mean = {
    low: ranges.reduce((sum, range) => sum + range.low, 0) / count,
    high: ranges.reduce((sum, range) => sum + range.high, 0) / count,
  }
  const outside = own.high < low || own.low > high
  if (!outside && own.high >= mean.low && own.low <= mean.high) return []
  const said = `${nameOfCell(view, average)} is ${average.value.number.text}`
  const message = outside
    ? `${said}, outside the ${count} values it averages.`
    : `${said}, and the plain mean of the ${count} values is ${((mean.low + mean.high) / 2).toPrecision(5)}.`
  return [
    {
      severity: outside ? 'major' : 'note',
      claims: [average.value.id],
      message,
      evidence: [placeOfRow(view, average.row, 'contradicts')],
    },
  ]
}
