import { isStatistic } from './paper/metric.ts'
import { halfUnit } from './paper/range.ts'
import {
  cellsOfColumn,
  cellsOfRow,
  type NumericCell,
  placeOfRow,
  short,
  type TableView,
  tableViews,
} from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

const fewestParts = 3
/** Further off than this, the parts were not meant to make a whole. */
const nearest = 10

/** Distributions that do not add up to the whole. */
export const percentagesSum: Rule = {
  id: 'percentages-sum',
  title: 'Parts that do not make a whole',
  part: 'none',
  catches:
    'Percentages that the caption or header calls a distribution, share or breakdown and whose sum is near 100 but not 100 within rounding.',
  misses: 'Distributions that are not called so, and sums far from 100.',
  falsePositives: 'Cases that belong to several parts, or to none that is shown.',
  find: (facts) => tableViews(facts).flatMap(inTable),
}

const distribution =
  /\bdistribution\b|\bbreakdown\b|\bshares? of\b|\bproportions?\b|\bcomposition\b|\bpercentage of\b|% of (?:total|all|cases|samples|errors)/i

function inTable(view: TableView): RuleFinding[] {
  const isCaptioned = distribution.test(view.table.caption)
  const columns = view.table.headers.flatMap((header, column) => {
    if (column === 0 || !(isCaptioned || distribution.test(header))) return []
    const cells = cellsOfColumn(view, column).filter(({ row }) => !isStatistic(view.rowLabel(row)))
    return check(view, cells, { name: short(header), isPercent: /%|percent/i.test(header) })
  })
  if (columns.length > 0 || !isCaptioned) return columns
  return view.cells.flatMap((_, row) => {
    const cells = cellsOfRow(view, row).filter(({ column }) => !isStatistic(view.columnLabel(column)))
    return check(view, cells, { name: short(view.rowLabel(row)), isPercent: /%|percent/i.test(view.table.caption) })
  })
}

function check(
  view: TableView,
  cells: readonly NumericCell[],
  { name, isPercent }: { name: string; isPercent: boolean },
): RuleFinding[] {
  const [first] = cells
  if (first === undefined || cells.length < fewestParts) return []
  if (!cells.every(({ value }) => value.number.value >= 0 && (isPercent || value.number.unit === '%'))) return []
  const sum = cells.reduce((total, { value }) => total + value.number.value, 0)
  const slack = cells.reduce((total, { value }) => total + halfUnit(value.number), 0)
  if (Math.abs(sum - 100) <= slack + 1e-9 || Math.abs(sum - 100) > nearest) return []
  const message = `The ${cells.length} parts of ${name} make ${Number(sum.toFixed(6))} %, and rounding explains ${Number(slack.toPrecision(3))}.`
  return [
    { severity: 'minor', claims: cells.map(({ value }) => value.id), message, evidence: [placeOfRow(view, first.row)] },
  ]
}
