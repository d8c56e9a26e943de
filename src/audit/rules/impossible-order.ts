import { rangeOf } from './paper/range.ts'
import { nameOfCell, type NumericCell, placeOfRow, short, type TableView, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Values in an order that their definitions forbid. */
export const impossibleOrder: Rule = {
  id: 'impossible-order',
  title: 'Values in an order their definitions forbid',
  part: 'none',
  catches:
    'Recall, hits, pass or top-k accuracy that falls with a larger k in the same row; a minimum above the mean, median or maximum beside it; a lower bound above its estimate or upper bound.',
  misses: 'Orders that are unlikely and not impossible.',
  falsePositives: 'Columns measured on different data or in different runs, which the labels do not say.',
  find: (facts) => tableViews(facts).flatMap(inTable),
}

interface Ranked {
  readonly column: number
  /** Values of one family and one rest of the label must not fall as the rank rises. */
  readonly family: string
  readonly rank: number
}

function inTable(view: TableView): RuleFinding[] {
  const ranked = view.table.headers.flatMap((header, column) => rankOf(header, column))
  const families = [...Map.groupBy(ranked, ({ family }) => family).values()].filter((members) => members.length > 1)
  return families.flatMap((members) => {
    const ordered = members.toSorted((a, b) => a.rank - b.rank)
    return view.cells.flatMap((row) => {
      const cells = ordered.map(({ column, rank }) => ({ cell: row[column] ?? null, rank }))
      return cells.flatMap(({ cell, rank }, index) => {
        const next = cells.slice(index + 1).find((later) => later.cell !== null && later.rank > rank)?.cell
        return cell === null || next === undefined || next === null ? [] : check(view, cell, next)
      })
    })
  })
}

function rankOf(header: string, column: number): Ranked[] {
  const text = header
    .slice(0, 80)
    .toLowerCase()
    .replace(/[_\s]+/g, ' ')
    .trim()
  const nested =
    /\b(recall|r|hits?|h|pass|success|hit rate)\s?@\s?(\d{1,5})\b/.exec(text) ??
    /\b(top)[ -]?(\d{1,3})\b(?=.{0,12}(?:acc|$))/.exec(text)
  if (nested !== null && !/error/.test(text))
    return [{ column, family: `${nested[1]}@${text.replace(nested[0], '')}`, rank: Number(nested[2]) }]
  const order =
    /^(min(?:imum)?|lower(?: bound)?|ci low(?:er)?|max(?:imum)?|upper(?: bound)?|ci (?:high|upper)|mean|average|median|estimate)$/.exec(
      text,
    )?.[1]
  if (order === undefined) return []
  const isBound = /lower|upper|ci/.test(order)
  const rank = /^(min|lower|ci low)/.test(order) ? 0 : /^(max|upper|ci (high|upper))/.test(order) ? 2 : 1
  return [{ column, family: isBound ? 'bounds' : 'extremes', rank }]
}

function check(view: TableView, small: NumericCell, large: NumericCell): RuleFinding[] {
  const [first, second] = [small.value.number, large.value.number]
  if (first.unit !== second.unit || rangeOf(first).low <= rangeOf(second).high) return []
  const message = `${nameOfCell(view, small)} is ${first.text}, more than ${short(view.columnLabel(large.column))} ${second.text} of the same row.`
  return [
    {
      severity: 'major',
      claims: [small.value.id, large.value.id],
      message,
      evidence: [placeOfRow(view, small.row, 'contradicts')],
    },
  ]
}
