import type { AuditFacts } from '../facts.ts'
import { overlaps, type Range, rangeOf } from './paper/range.ts'
import { type NumericCell, placeOfRow, short, type TableView, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** F1 against precision and recall beside it. */
export const f1Arithmetic: Rule = {
  id: 'f1-arithmetic',
  title: 'An F1 that precision and recall deny',
  part: 'none',
  catches:
    'An F1 above the mean of precision and recall, which no averaging over classes, samples or seeds can give (major), and one that is not 2PR/(P+R) where nothing speaks of averages (minor).',
  misses: 'Averaged scores that are too low, which class imbalance can explain.',
  falsePositives: 'Precision, recall and F1 taken at different thresholds or on different data.',
  find: (facts: AuditFacts) => tableViews(facts).flatMap(inTable),
}

function inTable(view: TableView): RuleFinding[] {
  const byColumn = triples(view.table.headers)
  const found = byColumn.flatMap(([precision, recall, f1]) =>
    view.cells.flatMap((row) =>
      check(view, [row[precision], row[recall], row[f1]], (at) => short(view.rowLabel(at.row))),
    ),
  )
  if (byColumn.length > 0) return found
  const byRow = triples(view.table.rows.map((_, row) => view.rowLabel(row)))
  const columns = view.table.headers.map((_, column) => column).slice(1)
  return byRow.flatMap(([precision, recall, f1]) =>
    columns.flatMap((column) =>
      check(view, [view.cells[precision]?.[column], view.cells[recall]?.[column], view.cells[f1]?.[column]], (at) =>
        short(view.columnLabel(at.column)),
      ),
    ),
  )
}

/** Indices of precision, recall and F1 whose labels differ in nothing else. */
function triples(labels: readonly string[]): [number, number, number][] {
  const keyed = labels.map((label) => {
    const text = label
      .toLowerCase()
      .replace(/[_\s-]+/g, ' ')
      .trim()
    const kind = /\bf1\b|\bf 1\b|\bf1 ?score\b/.test(text)
      ? 'f1'
      : /\bprecision\b|^p$|\bprec\b/.test(text)
        ? 'precision'
        : /\brecall\b|^r$|\brec\b/.test(text)
          ? 'recall'
          : null
    const rest = text
      .replace(/\bf1\b|\bf 1\b|\bscore\b|\bprecision\b|\bprec\b|\brecall\b|\brec\b|^[pr]$|[%↑()]/g, '')
      .trim()
    return { kind, rest }
  })
  return keyed.flatMap(({ kind, rest }, f1): [number, number, number][] => {
    if (kind !== 'f1' || /@|bert|rouge/.test(rest)) return []
    const precision = keyed.findIndex((other) => other.kind === 'precision' && other.rest === rest)
    const recall = keyed.findIndex((other) => other.kind === 'recall' && other.rest === rest)
    return precision === -1 || recall === -1 ? [] : [[precision, recall, f1]]
  })
}

type Cells = readonly (NumericCell | null | undefined)[]

function check(view: TableView, cells: Cells, nameOf: (cell: NumericCell) => string): RuleFinding[] {
  const [precision, recall, f1] = cells
  if (!precision || !recall || !f1) return []
  const [p, r, f] = [precision, recall, f1].map(({ value }) => rangeOf(value.number))
  if (p === undefined || r === undefined || f === undefined || p.low < 0 || r.low < 0 || p.high + r.high === 0)
    return []
  const expected = { low: harmonic(p.low, r.low), high: harmonic(p.high, r.high) }
  const above = f.low > (p.high + r.high) / 2 + 1e-9
  if (!above && (overlaps(expected, f) || isAveraged(view, cells))) return []
  const values = `precision ${precision.value.number.text}, recall ${recall.value.number.text}`
  const message = above
    ? `${nameOf(f1)}: F1 ${f1.value.number.text} exceeds the mean of ${values}, which no kind of average allows.`
    : `${nameOf(f1)}: F1 ${f1.value.number.text} is not that of ${values}, which is ${shown(expected)}.`
  const claims = [f1, precision, recall].map(({ value }) => value.id)
  return [{ severity: above ? 'major' : 'minor', claims, message, evidence: [placeOfRow(view, f1.row, 'contradicts')] }]
}

function harmonic(p: number, r: number): number {
  return p + r <= 0 ? 0 : (2 * p * r) / (p + r)
}

function isAveraged(view: TableView, cells: Cells): boolean {
  const text = `${view.table.caption} ${view.table.headers.join(' ')}`
  return /macro|weighted|average|avg|mean|seeds|folds|runs|±/i.test(text) || cells.some((cell) => cell?.spread != null)
}

function shown({ low, high }: Range): string {
  return `${low.toFixed(4)} to ${high.toFixed(4)}`
}
