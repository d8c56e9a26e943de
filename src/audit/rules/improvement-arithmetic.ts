import type { AuditFacts } from '../facts.ts'
import { isChange, shownChange } from './paper/change.ts'
import { isAverage, isImprovement } from './paper/metric.ts'
import { improvementsInProse } from './paper/improvement-prose.ts'
import {
  cellsOfColumn,
  cellsOfRow,
  nameOfCell,
  type NumericCell,
  placeOfRow,
  short,
  type TableView,
  tableViews,
} from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Improvements against the values they compare. */
export const improvementArithmetic: Rule = {
  id: 'improvement-arithmetic',
  title: 'an improvement that its own values deny',
  part: 'none',
  catches:
    'A column of improvements, or a percentage in a sentence that names both values, that is neither their difference nor their relative change nor their ratio, with the rounding of all three allowed for.',
  misses: 'Improvements whose values stand elsewhere, and those hedged with "up to" or "over".',
  falsePositives:
    'Means of improvements over cases that are not shown, and sentences that compare something else than they seem to.',
  find: (facts: AuditFacts) => [...tableViews(facts).flatMap(inTable), ...improvementsInProse(facts)],
}

/** The label must say nothing but that: an "adaptation gain" is a metric of its own. */
const purelyImprovement =
  /^\W*(?:(?:abs(?:olute)?|rel(?:ative)?|pct|percent(?:age)?|avg|average|overall|net|total)\.?\s+)?(?:improvement|improv\.?|change|diff(?:erence)?|delta|[Δ∆]|\\Delta|reduction|increase|decrease|gain|speed-?up)s?\b\s*(?:[(%[$].{0,30}|(?:over|vs\.?|from|to|rel\.?|in|against)\b.{0,30})?$/i

function inTable(view: TableView): RuleFinding[] {
  const columns = view.table.headers.flatMap((header, column) =>
    column > 0 && purelyImprovement.test(header) ? [column] : [],
  )
  return columns.flatMap((column) => {
    const cells = cellsOfColumn(view, column)
    return cells.flatMap((cell) => (isAverage(view.rowLabel(cell.row)) ? [] : check(view, cell)))
  })
}

function check(view: TableView, cell: NumericCell): RuleFinding[] {
  const own = cellsOfRow(view, cell.row).filter(({ column }) => !isImprovement(view.columnLabel(column)))
  const inRow = own.flatMap((one, index) => own.slice(index + 1).map((other) => [one, other] as const))
  const inColumns = own.flatMap((one) =>
    cellsOfColumn(view, one.column).flatMap((other) => (other.row === cell.row ? [] : [[one, other] as const])),
  )
  // Two values and their change, or one value and those of other rows: anything else leaves open what is compared.
  const pairs = own.length === 2 ? [...inRow, ...inColumns] : own.length === 1 ? inColumns : []
  const stated = cell.value.number
  if (pairs.length === 0 || stated.value === 0) return []
  if (pairs.some(([one, other]) => isChange(stated, one.value.number, other.value.number))) return []
  const [first, second] = own.length === 2 ? own : [own[0], undefined]
  if (first === undefined) return []
  const compared =
    second === undefined
      ? `no other row makes it so`
      : `${short(view.columnLabel(first.column))} ${first.value.number.text} and ${short(view.columnLabel(second.column))} ${second.value.number.text} make it ${shownChange(first.value.number.value, second.value.number.value)}`
  const message = `${nameOfCell(view, cell)} is given as ${stated.text}${stated.unit ?? ''}: ${compared}.`
  const claims = [cell, ...own].map(({ value }) => value.id)
  return [{ severity: 'major', claims, message, evidence: [placeOfRow(view, cell.row, 'contradicts')] }]
}
