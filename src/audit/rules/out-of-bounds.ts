import type { Claim } from '../claims/claim.ts'
import type { AuditFacts } from '../facts.ts'
import { isStatistic, type Metric, readMetric } from './paper/metric.ts'
import { placeOfSentence, type Sentence, sentencesOf, textAfter, textBefore } from './paper/prose.ts'
import { halfUnit } from './paper/range.ts'
import { nameOfCell, type NumericCell, placeOfRow, type TableView, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Values that their metric cannot have. */
export const outOfBounds: Rule = {
  id: 'out-of-bounds',
  title: 'A value that its metric cannot have',
  part: 'none',
  catches:
    'Shares (accuracy, precision, recall, F1, AUC, success rates) below 0 or above 1 or 100 %, correlations beyond ±1, p-values outside 0..1, negative spreads, times, errors and perplexities below 1.',
  misses: 'Metrics whose bounds the label does not tell.',
  falsePositives: 'A label that means something else than it says, such as a standardised accuracy.',
  find: (facts) => [...inTables(facts), ...sentencesOf(facts).flatMap(inSentence)],
}

function inTables(facts: AuditFacts): RuleFinding[] {
  return tableViews(facts).flatMap((view) => {
    const title = `${view.table.caption} ${view.table.section.at(-1) ?? ''}`
    if (readMetric(title).isDifference || /correlation|regression|matrix/i.test(title)) return []
    return view.cells.flatMap((row) =>
      row.flatMap((cell): RuleFinding[] => {
        if (cell === null || cell.column === 0) return []
        const bound = boundOf(view, cell)
        const reason = bound === null ? null : brokenBound(cell.value, bound)
        if (reason === null) return negativeSpread(view, cell)
        const message = `${nameOfCell(view, cell)} is ${cell.value.number.text}${cell.value.number.unit ?? ''}: ${reason}.`
        return [{ severity: 'major', claims: [cell.value.id], message, evidence: [placeOfRow(view, cell.row)] }]
      }),
    )
  })
}

interface Bound {
  readonly kind: Metric['kind']
  /** The largest value: 1, or 100 where the column is in per cent. */
  readonly top: number
}

function boundOf(view: TableView, cell: NumericCell): Bound | null {
  const columnLabel = view.columnLabel(cell.column)
  const column = readMetric(columnLabel)
  const row = readMetric(view.rowLabel(cell.row))
  if (column.isDifference || row.isDifference || isStatistic(view.rowLabel(cell.row))) return null
  // Metrics on both sides make a matrix of what they have to do with each other.
  if (column.kind !== 'other' && row.kind !== 'other') return null
  if (column.kind !== 'other')
    return boundAmong(
      cell,
      column.kind,
      view.cells.map((cells) => cells[cell.column] ?? null),
    )
  // A metric as row label binds only what stands under the names of cases, never under statistics such as `t` or `N`.
  if (row.kind === 'other' || isStatistic(columnLabel) || columnLabel.length < 3 || testLabel.test(columnLabel))
    return null
  return boundAmong(cell, row.kind, view.cells[cell.row] ?? [])
}

const testLabel = /stat|score|coef|estimate|value|\bt\b|\bz\b|t-test|beta|β|weight/i

/** Null where most of the others break the bound too: then the label means something else. */
function boundAmong(cell: NumericCell, kind: Metric['kind'], others: readonly (NumericCell | null)[]): Bound | null {
  const bound = { kind, top: topOf(cell, others) }
  const rest = others.flatMap((other) => (other === null || other === cell || other.column === 0 ? [] : [other]))
  const within = rest.filter((other) => brokenBound(other.value, bound) === null).length
  return within * 2 >= rest.length && (rest.length > 0 || cell.value.number.unit === '%') ? bound : null
}

/** 100 where the cell has a % sign, or most of the others exceed 1. */
function topOf(cell: NumericCell, others: readonly (NumericCell | null)[]): number {
  if (cell.value.number.unit === '%') return 100
  const rest = others.filter((other) => other !== null && other !== cell && other.column !== 0)
  const above = rest.filter((other) => other !== null && Math.abs(other.value.number.value) > 1).length
  const fractions = rest.filter(
    (other) => other !== null && other.value.number.decimals > 0 && Math.abs(other.value.number.value) <= 1,
  )
  // Only a column that is clearly a share of 1 makes 1.2 wrong, and 87 in it is another scale.
  return fractions.length >= 2 && above === 0 && Math.abs(cell.value.number.value) < 2 ? 1 : 100
}

function brokenBound({ number }: Claim, { kind, top }: Bound): string | null {
  const low = number.value + halfUnit(number)
  const high = number.value - halfUnit(number)
  switch (kind) {
    case 'share':
      if (low < 0) return 'a share cannot be negative'
      return high > top ? `a share cannot exceed ${top === 1 ? '1' : '100 %'}` : null
    case 'correlation':
      return Math.max(high, -low) > top ? `a correlation lies in -${top}..${top}` : null
    case 'probability':
      return low < 0 || (high > 1 && number.unit !== '%') ? 'a p-value lies in 0..1' : null
    case 'spread':
      return low < 0 ? 'a spread cannot be negative' : null
    case 'size':
      return low < 0 ? 'it cannot be negative' : null
    case 'other':
      return null
  }
}

function negativeSpread(view: TableView, { spread, row, column }: NumericCell): RuleFinding[] {
  if (spread === null || spread.number.value + halfUnit(spread.number) >= 0) return []
  const message = `${nameOfCell(view, { row, column })} has a spread of ${spread.number.text}: a spread cannot be negative.`
  return [{ severity: 'major', claims: [spread.id], message, evidence: [placeOfRow(view, row)] }]
}

function inSentence(sentence: Sentence): RuleFinding[] {
  return sentence.claims.flatMap((claim): RuleFinding[] => {
    const reason = brokenInProse(sentence, claim)
    if (reason === null) return []
    const message = `The text gives ${claim.number.text}${claim.number.unit ?? ''}: ${reason}.`
    return [{ severity: 'major', claims: [claim.id], message, evidence: [placeOfSentence(sentence, 'origin', claim)] }]
  })
}

function brokenInProse(sentence: Sentence, claim: Claim): string | null {
  const { value, unit } = claim.number
  if (value >= 0 && value <= 1) return null
  const before = textBefore(sentence, claim, 40)
  const text = sentence.text.slice(0, 1_500)
  // `p = 2` may be a norm, and `r = 8` a rank.
  const isTested = /signific|p-value|\btests?\b|anova|hypothes|differ/i.test(text)
  const isCorrelated = /correlat|pearson|spearman|agree/i.test(text)
  if (/(?:^|[\s($,;])p\$?\s{0,2}=\s{0,2}\$?$/.test(before))
    return isTested && claim.number.decimals > 0 ? brokenBound(claim, { kind: 'probability', top: 1 }) : null
  if (
    /(?:^|[\s($,;])(?:r|\\rho|ρ|pearson r)\$?\s{0,2}=\s{0,2}\$?$/i.test(before) &&
    isCorrelated &&
    Math.abs(value) < 10 &&
    unit === null
  )
    return brokenBound(claim, { kind: 'correlation', top: 1 })
  const isShare =
    /\b(?:accuracy|precision|recall|F1(?: score|-score)?|AUC|AUROC|success rate|win rate|pass rate)\s{1,2}(?:score )?(?:of|is|was|reached|=)\s{1,2}\**$/i.test(
      before,
    )
  if (
    isShare &&
    unit === '%' &&
    !/^\s*(?:%|\\%)?\s*(?:of|relative|improve|increase|higher)/.test(textAfter(sentence, claim, 30))
  )
    return brokenBound(claim, { kind: 'share', top: 100 })
  return null
}
