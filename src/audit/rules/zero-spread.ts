import { isStatistic, readMetric } from './paper/metric.ts'
import {
  cellsOfColumn,
  numericColumns,
  type NumericCell,
  placeOfRow,
  type TableView,
  tableViews,
} from './paper/table-view.ts'
import type { Claim } from '../claims/claim.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestSpreads = 4

/** Tables whose every spread is exactly zero. */
export const zeroSpread: Rule = {
  id: 'zero-spread',
  title: 'Spreads that are all zero',
  part: 'none',
  catches:
    'A table of results with four or more spreads (± or a column of standard deviations), all exactly zero, beside values that are not.',
  misses: 'Spreads that are copied, or too small without being zero.',
  falsePositives: 'A deterministic method repeated, or a single run whose spread is printed all the same.',
  find: (facts) => tableViews(facts).flatMap(inTable),
}

function inTable(view: TableView): RuleFinding[] {
  const behind = view.cells.flat().flatMap((cell) => (cell?.spread == null ? [] : [{ cell, spread: cell.spread }]))
  const columns = numericColumns(view).filter((column) => readMetric(view.columnLabel(column)).kind === 'spread')
  const own = columns.flatMap((column) => cellsOfColumn(view, column).map((cell) => ({ cell, spread: cell.value })))
  return [behind, own].flatMap((spreads): RuleFinding[] => {
    const [first] = spreads
    if (first === undefined || spreads.length < fewestSpreads || !spreads.every(({ spread }) => isZero(spread)))
      return []
    if (!spreads.some(({ cell }) => isTelling(view, cell))) return []
    const message = `All ${spreads.length} spreads of the table in line ${view.table.line} are zero.`
    return [
      {
        severity: 'minor',
        claims: spreads.map(({ spread }) => spread.id),
        message,
        evidence: [placeOfRow(view, first.cell.row)],
      },
    ]
  })
}

/** 0 and 0.0 may be rounding; three zeros say that nothing varied. */
function isZero({ number }: Claim): boolean {
  return number.value === 0 && number.decimals >= 2
}

function isTelling(view: TableView, { row, column, value }: NumericCell): boolean {
  if (readMetric(view.columnLabel(column)).kind === 'spread') return !isStatistic(view.rowLabel(row))
  return ![0, 1, 100].includes(value.number.value)
}
