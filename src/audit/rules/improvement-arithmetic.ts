import type { AuditFacts } from '../facts.ts'
import { isChange, shownChange } from './paper/change.ts'
import { isAverage, isImprovement, readMetric } from './paper/metric.ts'
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
  title: 'An improvement that its own values deny',
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
    const cells = cellsOfColumn(view, column).filter(({ row }) => !isAverage(view.rowLabel(row)))
    const compared = cells.flatMap((cell) => compare(view, cell) ?? [])
    const wrong = compared.filter(({ isRight }) => !isRight)
    // What is compared is certain where two values stand beside it, or where the rest of the column comes out.
    return wrong.map((found) =>
      finding(view, found, found.isBeside || wrong.length < compared.length ? 'major' : 'minor'),
    )
  })
}

interface Compared {
  readonly cell: NumericCell
  readonly own: readonly NumericCell[]
  readonly isRight: boolean
  /** Two values of one kind stand in its row, and nothing else. */
  readonly isBeside: boolean
}

/** Null where nothing tells what is compared: no change at all, or more than two values in the row. */
function compare(view: TableView, cell: NumericCell): Compared | null {
  const own = cellsOfRow(view, cell.row).filter(({ column }) => !isImprovement(view.columnLabel(column)))
  const inColumns = own.flatMap((one) =>
    cellsOfColumn(view, one.column).flatMap((other) => (other.row === cell.row ? [] : [[one, other] as const])),
  )
  const [first, second] = own
  const inRow = first !== undefined && second !== undefined ? [[first, second] as const] : []
  const stated = cell.value.number
  const pairs = [...inRow, ...inColumns]
  if (own.length > 2 || pairs.length === 0 || stated.value === 0) return null
  const isBeside = own.length === 2 && own.some(({ column }) => readMetric(view.columnLabel(column)).kind === 'other')
  const isRight = pairs.some(([one, other]) => isChange(stated, one.value.number, other.value.number))
  return { cell, own, isRight, isBeside }
}

function finding(view: TableView, { cell, own, isBeside }: Compared, severity: 'major' | 'minor'): RuleFinding {
  const stated = cell.value.number
  const [first, second] = own
  const compared =
    first === undefined || second === undefined || !isBeside
      ? 'no other row makes it so'
      : `${short(view.columnLabel(first.column))} ${first.value.number.text} and ${short(view.columnLabel(second.column))} ${second.value.number.text} make it ${shownChange(first.value.number.value, second.value.number.value)}`
  const message = `${nameOfCell(view, cell)} is given as ${stated.text}${stated.unit ?? ''}: ${compared}.`
  const claims = [cell, ...own].map(({ value }) => value.id)
  return { severity, claims, message, evidence: [placeOfRow(view, cell.row, 'contradicts')] }
}
