import type { AuditFacts } from '../facts.ts'
import { isStatistic, readMetric } from './paper/metric.ts'
import { rangeOf } from './paper/range.ts'
import { cellsOfColumn, nameOfCell, placeOfRow, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Spreads larger than a share of its mean can have. */
export const debit: Rule = {
  id: 'debit',
  title: 'A spread that no share with this mean has',
  part: 'none',
  catches:
    'The bound behind the DEBIT test: shares lie in 0..1, so that a sample of two or more with mean m has a standard deviation of at most √(2m(1−m)). A larger ± beside an accuracy or rate is impossible.',
  misses:
    'Spreads within the bound; for binary data the deviation would follow from mean and size, which tables seldom both state.',
  falsePositives: 'A ± that is an interval of confidence from very few runs and does not say so.',
  find: inTables,
}

const isInterval = /confidence|\bCI\b|interval|standard error|\bSEM?\b|1\.96|95\s?\\?%/i

function inTables(facts: AuditFacts): RuleFinding[] {
  return tableViews(facts).flatMap((view) => {
    if (isInterval.test(`${view.table.caption} ${view.table.headers.join(' ')}`)) return []
    return view.table.headers.flatMap((header, column) => {
      const { kind, isDifference } = readMetric(header)
      if (kind !== 'share' || isDifference || column === 0) return []
      const cells = cellsOfColumn(view, column)
      const top = cells.some(({ value }) => value.number.unit === '%' || value.number.value > 1.5) ? 100 : 1
      return cells.flatMap((cell): RuleFinding[] => {
        if (cell.spread === null || isStatistic(view.rowLabel(cell.row))) return []
        const mean = rangeOf(cell.value.number)
        const spread = rangeOf(cell.spread.number).low / top
        const largest = largestSpread(mean.low / top, mean.high / top)
        if (largest === null || spread <= largest + 1e-9) return []
        const message = `${nameOfCell(view, cell)} is ${cell.value.number.text} ± ${cell.spread.number.text}: no sample of shares with this mean has a deviation above ${(largest * top).toPrecision(3)}.`
        return [
          {
            severity: 'major',
            claims: [cell.value.id, cell.spread.id],
            message,
            evidence: [placeOfRow(view, cell.row)],
          },
        ]
      })
    })
  })
}

/** For the mean in `[low, high]` that allows most; null outside 0..1. @see Bhatia & Davis 2000; Heathers & Brown 2019 */
function largestSpread(low: number, high: number): number | null {
  if (low > 1 || high < 0) return null
  const mean = Math.min(Math.max(0.5, low), high)
  return Math.sqrt(2 * Math.max(0, mean) * Math.max(0, 1 - mean))
}
