import { readMetric } from './paper/metric.ts'
import { rangeOf } from './paper/range.ts'
import { isStatistic } from './paper/metric.ts'
import {
  cellsOfColumn,
  cellsOfRow,
  nameOfCell,
  type NumericCell,
  numericColumns,
  placeOfRow,
  type TableView,
  tableViews,
} from './paper/table-view.ts'
import type { AuditFacts } from '../facts.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestRows = 3
const boldMark = /(?:\*\*|__|\\(?:textbf|mathbf|bf|boldsymbol|bm|bfseries)[\s{]{0,2}|<b>|<strong>)\s?\$?[+−-]?$/

/** Values in bold that are not the best of their column. */
export const bolding: Rule = {
  id: 'bolding',
  title: 'A value in bold that is not the best',
  part: 'none',
  catches:
    'The only value of a column in bold, where the label tells which way is better and another row is better, in a table that marks single values and not whole rows.',
  misses: 'Columns whose direction the label does not tell, and tables that set their own method in bold throughout.',
  falsePositives: 'Bold that marks something else than the best.',
  find: (facts) => tableViews(facts).flatMap((view) => inTable(facts, view)),
}

function inTable(facts: AuditFacts, view: TableView): RuleFinding[] {
  const text = facts.subject.documents.find(({ path }) => path === view.table.path)?.text ?? ''
  const isBold = ({ value }: NumericCell): boolean =>
    boldMark.test(text.slice(Math.max(0, value.start - 16), value.start))
  return numericColumns(view).flatMap((column): RuleFinding[] => {
    const { direction } = readMetric(view.columnLabel(column))
    const cells = cellsOfColumn(view, column).filter(({ row }) => !isStatistic(view.rowLabel(row)))
    const marked = cells.filter(isBold)
    const [bold] = marked
    if (direction === null || bold === undefined || marked.length !== 1 || cells.length < fewestRows) return []
    const row = cellsOfRow(view, bold.row)
    if (row.length > 1 && row.every(isBold)) return []
    const better = cells.find((cell) => isBetter(cell, bold, direction))
    if (better === undefined) return []
    const message = `${nameOfCell(view, bold)} is in bold with ${bold.value.number.text}, though ${nameOfCell(view, better)} is ${better.value.number.text}.`
    const evidence = [placeOfRow(view, bold.row), placeOfRow(view, better.row, 'contradicts')]
    return [{ severity: 'minor', claims: [bold.value.id, better.value.id], message, evidence }]
  })
}

function isBetter(one: NumericCell, other: NumericCell, direction: 'higher' | 'lower'): boolean {
  const [first, second] = [rangeOf(one.value.number), rangeOf(other.value.number)]
  return direction === 'higher' ? first.low > second.high : first.high < second.low
}
