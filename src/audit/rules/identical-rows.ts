import { cellsOfRow, placeOfRow, short, type TableView, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestCells = 3
const fewestDigits = 9

/** Two rows with different names and the same numbers. */
export const identicalRows: Rule = {
  id: 'identical-rows',
  title: 'Rows with the same numbers',
  part: 'none',
  catches:
    'Rows of a table of results whose labels differ and whose numbers all agree, with at least three numbers and nine digits.',
  misses: 'Rows that agree in part.',
  falsePositives:
    'Methods that behave alike on the data: a setting without effect, or the same method under two names.',
  find: (facts) => tableViews(facts).flatMap(inTable),
}

function inTable(view: TableView): RuleFinding[] {
  const rows = view.cells.flatMap((_, row) => {
    const cells = cellsOfRow(view, row)
    const telling = cells.filter(({ value }) => ![0, 1, 100].includes(value.number.value))
    const digits = telling.reduce((sum, { value }) => sum + value.number.significant, 0)
    const distinct = new Set(telling.map(({ value }) => value.number.value)).size
    if (distinct < fewestCells || digits < fewestDigits) return []
    const key = cells
      .map(({ column, value, spread }) => `${column}:${value.number.text}±${spread?.number.text ?? ''}`)
      .join('|')
    return [{ row, key, claims: cells.map(({ value }) => value.id) }]
  })
  return [...Map.groupBy(rows, ({ key }) => key).values()].flatMap((same): RuleFinding[] => {
    const labels = new Set(same.map(({ row }) => view.rowLabel(row)))
    const [first] = same
    if (labels.size < 2 || first === undefined) return []
    const message = `${[...labels].map(short).join(' and ')} have the same ${first.claims.length} numbers.`
    return [
      {
        severity: 'minor',
        claims: same.flatMap(({ claims }) => claims),
        message,
        evidence: same.slice(0, 3).map(({ row }) => placeOfRow(view, row)),
      },
    ]
  })
}
