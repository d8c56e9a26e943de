import { isChange, shownChange } from './paper/change.ts'
import { isStatedChange } from './paper/improvement-prose.ts'
import { columnLabels, foldSentence, mentionsOf, rowLabels } from './paper/mentions.ts'
import { placeOfSentence, type Sentence, sentencesOf } from './paper/prose.ts'
import { nameOfCell, type NumericCell, placeOfRow, short, type TableView, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Percentages of change between two named rows against the table. */
export const improvementAgainstTable: Rule = {
  id: 'improvement-against-table',
  title: 'An improvement that the table denies',
  part: 'none',
  catches:
    "A percentage of change between two rows of a table, both named in the sentence as is the column, that neither this column nor any other of the document's tables gives for these rows.",
  misses: 'Improvements over what the sentence calls by another name, and means over several columns.',
  falsePositives: 'A change measured on other data than those of the table.',
  find: (facts) => {
    const views = Map.groupBy(tableViews(facts), ({ document }) => document.path)
    return sentencesOf(facts).flatMap((sentence) => inSentence(sentence, views.get(sentence.path) ?? []))
  },
}

const averaged = /\b(?:average|averaged|mean|across|overall|respectively|up to|both|all(?! others?\b))\b/i
const baselineWord = /\b(?:over|than|compared (?:to|with)|relative to|against|versus|vs)\b/

interface Compared {
  readonly view: TableView
  readonly from: NumericCell
  readonly to: NumericCell
}

function inSentence(sentence: Sentence, views: readonly TableView[]): RuleFinding[] {
  const changes = sentence.claims.filter((claim) => isStatedChange(sentence, claim))
  const [change] = changes
  if (
    views.length === 0 ||
    change === undefined ||
    changes.length !== 1 ||
    averaged.test(sentence.text.slice(0, 1_500))
  )
    return []
  const folded = foldSentence(sentence)
  const place = folded?.places[sentence.claims.indexOf(change)]
  if (folded === null || place === undefined || !baselineWord.test(folded.text.slice(place))) return []
  const compared = views.flatMap((view) => comparedCells(view, folded.text))
  const [first] = compared
  if (first === undefined || views.some((view) => explains(view, change.number, folded.text))) return []
  const { view, from, to } = first
  const message = `The text gives a change of ${change.number.text} %, and the table in line ${view.table.line} has ${to.value.number.text} for ${nameOfCell(view, to)} and ${from.value.number.text} for ${short(view.rowLabel(from.row))}, which is ${shownChange(from.value.number.value, to.value.number.value)}.`
  return [
    {
      severity: 'major',
      claims: [change.id, from.value.id, to.value.id],
      message,
      evidence: [
        placeOfSentence(sentence, 'origin', change),
        placeOfRow(view, to.row, 'contradicts'),
        placeOfRow(view, from.row, 'contradicts'),
      ],
    },
  ]
}

/** Of the two rows and the one column that the sentence names; the row named last is the baseline. */
function comparedCells(view: TableView, text: string): Compared[] {
  const rows = [...new Set(mentionsOf(text, rowLabels(view)).map(({ index }) => index))]
  const columns = [...new Set(mentionsOf(text, columnLabels(view)).map(({ index }) => index))]
  const [improved, baseline] = rows
  const [column] = columns
  if (
    improved === undefined ||
    baseline === undefined ||
    column === undefined ||
    rows.length !== 2 ||
    columns.length !== 1
  )
    return []
  const to = view.cells[improved]?.[column] ?? null
  const from = view.cells[baseline]?.[column] ?? null
  return to === null || from === null || from.value.number.value === 0 ? [] : [{ view, from, to }]
}

/** Whether any column has that change between two rows of which the sentence names one. */
function explains(view: TableView, stated: Parameters<typeof isChange>[0], text: string): boolean {
  const named = new Set(mentionsOf(text, rowLabels(view)).map(({ index }) => index))
  return [...named].some((row) =>
    (view.cells[row] ?? []).some(
      (cell, column) =>
        cell !== null &&
        [...named].some((other) => {
          const partner = view.cells[other]?.[column] ?? null
          return other !== row && partner !== null && isChange(stated, cell.value.number, partner.value.number)
        }),
    ),
  )
}
