import type { Claim } from '../claims/claim.ts'
import { foldText } from '../references/read-entry.ts'
import {
  columnLabels,
  type FoldedSentence,
  foldSentence,
  type Mention,
  mentionsOf,
  rowLabels,
} from './paper/mentions.ts'
import { placeOfSentence, type Sentence, sentencesOf, textAfter, textBefore } from './paper/prose.ts'
import { overlaps, rangeOf, scaled } from './paper/range.ts'
import { nameOfCell, type NumericCell, placeOfRow, type TableView, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Values in the text against the table's cell of that name. */
export const textAgainstTable: Rule = {
  id: 'text-against-table',
  title: 'The text and the table give different values',
  part: 'none',
  catches:
    "A result in a sentence that names one row and one column of a table of the same document, where that cell holds another value of the same order and no cell of the document's tables holds the stated one.",
  misses: 'Values whose row or column the sentence paraphrases, and values that stand in another cell.',
  falsePositives: 'A sentence about another setting of the same method and metric, which no table shows.',
  find: (facts) => {
    const views = Map.groupBy(tableViews(facts), ({ document }) => document.path)
    return sentencesOf(facts).flatMap((sentence) =>
      inSentence(sentence, (views.get(sentence.path) ?? []).slice(0, mostViews)),
    )
  },
}

const mostViews = 40
const otherSetting =
  /\b(?:ablations?|validation set|training|epochs?|steps?|without|initial(?:ly)?|previous(?:ly)?|prior work|report(?:ed|s) (?:by|in)|peaks?|up to|ranges?|ranging|between|average|averaged|mean|median|seeds?|worst|best case|subset|per|tasks? •|estimated|expected|target|hypothes[a-z]+|after •|when)\b/

function inSentence(sentence: Sentence, views: readonly TableView[]): RuleFinding[] {
  if (views.length === 0) return []
  const folded = foldSentence(sentence)
  if (folded === null) return []
  const cells = views.flatMap((view) => view.cells.flat().flatMap((cell) => cell ?? []))
  return sentence.claims.flatMap((claim, index) => {
    if (!isStatedValue(sentence, claim)) return []
    if (cells.some((cell) => isSame(cell, claim))) return []
    const named = views.flatMap((view) => namedCell(view, folded, index) ?? [])
    // Named in two tables, a value may belong to either.
    const [only] = named
    if (only === undefined || named.length !== 1 || !isSameOrder(only.cell, claim)) return []
    if (isElsewhere(sentence, only.view)) return []
    // A sentence that states both values speaks of the difference itself.
    if (sentence.claims.some((other) => other !== claim && isSame(only.cell, other))) return []
    return [contradiction(sentence, claim, only)]
  })
}

/** Words such as data sets that the table does not know: "on Cora" is about Cora. */
function isElsewhere({ text }: Sentence, { table }: TableView): boolean {
  const known = foldText(
    [table.caption, ...table.section, ...table.headers, ...table.rows.flatMap(({ cells }) => cells[0] ?? '')].join(' '),
  )
  return [
    ...text
      .slice(0, 1_500)
      .matchAll(/\b(?:[Oo]n|[Ff]or|[Ii]n|[Uu]nder)\s(?:the\s)?[*`]{0,2}(\p{Lu}[\p{L}\d-]{1,40})/gu),
  ].some(
    ([, word = '']) =>
      !/^(?:table|tab|figure|fig|section|terms|appendix|our)$/i.test(word) &&
      !` ${known} `.includes(` ${foldText(word)} `),
  )
}

function contradiction(
  sentence: Sentence,
  claim: Claim,
  { view, cell }: { view: TableView; cell: NumericCell },
): RuleFinding {
  const { number } = claim
  const message = `The text gives ${number.text}${number.unit ?? ''} for ${nameOfCell(view, cell)}, and the table in line ${view.table.line} gives ${cell.value.number.text}${cell.value.number.unit ?? ''}.`
  return {
    severity: 'major',
    claims: [claim.id, cell.value.id],
    message,
    evidence: [placeOfSentence(sentence, 'origin', claim), placeOfRow(view, cell.row, 'contradicts')],
  }
}

/** No change, no bound, no statistic: a value with digits of its own. */
function isStatedValue(sentence: Sentence, claim: Claim): boolean {
  const { number, role, informative } = claim
  if (
    role !== 'result' ||
    !informative ||
    number.isSpread ||
    number.isApproximate ||
    number.decimals < 1 ||
    number.unit === '×'
  )
    return false
  const before = textBefore(sentence, claim, 40)
  const after = textAfter(sentence, claim, 50)
  if (
    /\b(?:by|from|over|than|difference(?: of)?|margin of|under|above|below|p|d|[±<>≤≥])\s?=?\s?[~$(]{0,3}$|[±<>≤≥]\s?$/i.test(
      before,
    )
  )
    return false
  return !/^\s?(?:\\?%)?[*)$]{0,3}[\s-](?:(?:absolute|relative|percentage|points?) )*(?:improve|increase|reduc|decrease|gain|drop|higher|lower|better|worse|faster|slower|more|less|fewer|points?\b|×)/i.test(
    after,
  )
}

/** The row named last before the number, with no number between, in the column the sentence names before it. */
function namedCell(
  view: TableView,
  folded: FoldedSentence,
  index: number,
): { view: TableView; cell: NumericCell } | null {
  const place = folded.places[index] ?? 0
  const start = index === 0 ? 0 : (folded.places[index - 1] ?? 0)
  const rows = mentionsOf(folded.text, rowLabels(view))
  const columns = mentionsOf(folded.text, columnLabels(view))
  const row = onlyOne(rows, start, place)
  // Words of the labels themselves restrict nothing: "average accuracy" may be the column.
  if (otherSetting.test(withoutMentions(folded.text, [...rows, ...columns]))) return null
  const column =
    onlyOne(columns, start, place) ??
    (new Set(columns.map((mention) => mention.index)).size === 1 ? columns[0] : undefined)
  if (row === undefined || column === undefined || column.start > place) return null
  const cell = view.cells[row.index]?.[column.index] ?? null
  return cell === null ? null : { view, cell }
}

function withoutMentions(text: string, mentions: readonly Mention[]): string {
  let rest = text
  for (const { start, end } of mentions) rest = rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end)
  return rest
}

/** Two names before one number leave open whose it is. */
function onlyOne(mentions: readonly Mention[], start: number, end: number): Mention | undefined {
  const between = mentions.filter((mention) => mention.start >= start && mention.end <= end)
  return new Set(between.map(({ index }) => index)).size === 1 ? between[0] : undefined
}

function isSame({ value, spread }: NumericCell, claim: Claim): boolean {
  const claimed = rangeOf(claim.number)
  return [value, ...(spread === null ? [] : [spread])].some(({ number }) => {
    const range = rangeOf(number)
    return [1, 100, 0.01, -1].some((factor) => overlaps(scaled(range, factor), claimed))
  })
}

function isSameOrder({ value }: NumericCell, { number }: Claim): boolean {
  if (value.number.value === 0) return false
  const scale = number.unit === '%' && value.number.unit !== '%' && Math.abs(value.number.value) <= 1 ? 100 : 1
  const quotient = number.value / (value.number.value * scale)
  return quotient > 0.4 && quotient < 2.5
}
