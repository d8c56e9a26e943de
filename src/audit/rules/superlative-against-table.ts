import { foldText } from '../references/read-entry.ts'
import { columnLabels, mentionsOf, rowLabels } from './paper/mentions.ts'
import { isStatistic, readMetric } from './paper/metric.ts'
import { placeOfSentence, type Sentence, sentencesOf } from './paper/prose.ts'
import { rangeOf } from './paper/range.ts'
import {
  cellsOfColumn,
  nameOfCell,
  type NumericCell,
  placeOfRow,
  type TableView,
  tableViews,
} from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** "The highest accuracy" against the column it speaks of. */
export const superlativeAgainstTable: Rule = {
  id: 'superlative-against-table',
  title: 'A best value that the table gives to another',
  part: 'none',
  catches:
    'A sentence that gives one row of a table the highest, lowest or best value of one column, where another row of that column is clearly better.',
  misses: 'Sentences without a number, with several rows or columns before the superlative, or with a restriction.',
  falsePositives: 'A superlative among some rows only, when the sentence does not say so.',
  find: (facts) => {
    const views = Map.groupBy(tableViews(facts), ({ document }) => document.path)
    return sentencesOf(facts).flatMap((sentence) => inSentence(sentence, views.get(sentence.path) ?? []))
  },
}

const pattern =
  /^(.{3,120}) (?:achieves?|achieved|has|had|shows?|showed|attains?|attained|obtains?|obtained|reaches|reached|yields?|yielded|delivers?|delivered|exhibits?|exhibited) (?:both )?(?:the )?(highest|best|lowest|largest|greatest|smallest)(?: overall)? (.{2,60})$/
const restricted =
  /\b(?:among|except|excluding|apart from|besides|second|third|one of|next|non|after|within|compared|similar|not|never|did|would|could|both|all|each|across|average|adaptive|baselines?)\b/

function inSentence(sentence: Sentence, views: readonly TableView[]): RuleFinding[] {
  if (views.length === 0 || sentence.text.length > 600) return []
  const clause = foldText(sentence.text.split(/[,;:(]|\bwith\b|\bat\b|\bof \d/, 1)[0] ?? '')
  const match = pattern.exec(clause)
  if (match === null || restricted.test(clause)) return []
  const [, subject = '', superlative = '', object = ''] = match
  const found = views.flatMap((view) => inTable(view, { subject: ` ${subject} `, superlative, object: ` ${object} ` }))
  const [first] = found
  // What holds in one table that names both holds.
  if (first === undefined || found.some(({ better }) => better === null) || first.better === null) return []
  const { view, cell, better } = first
  const message = `The text gives ${nameOfCell(view, cell)} as ${superlative}, and the table has ${cell.value.number.text} there and ${better.value.number.text} for ${nameOfCell(view, better)}.`
  return [
    {
      severity: 'major',
      claims: [cell.value.id],
      message,
      evidence: [placeOfSentence(sentence), placeOfRow(view, better.row, 'contradicts')],
    },
  ]
}

interface Found {
  readonly view: TableView
  readonly cell: NumericCell
  /** Null where the sentence is right. */
  readonly better: NumericCell | null
}

function inTable(view: TableView, said: { subject: string; superlative: string; object: string }): Found[] {
  const rows = new Set(mentionsOf(said.subject, rowLabels(view)).map(({ index }) => index))
  const columns = new Set(mentionsOf(said.object, columnLabels(view)).map(({ index }) => index))
  const [row, column] = [[...rows][0], [...columns][0]]
  if (row === undefined || column === undefined || rows.size !== 1 || columns.size !== 1) return []
  const cell = view.cells[row]?.[column] ?? null
  const direction = directionOf(said.superlative, view.columnLabel(column))
  if (cell === null || direction === null) return []
  const others = cellsOfColumn(view, column).filter(
    (other) => other.row !== row && !isStatistic(view.rowLabel(other.row)),
  )
  const own = rangeOf(cell.value.number)
  const better = others.find(({ value }) => {
    const range = rangeOf(value.number)
    return direction === 'higher' ? range.low > own.high : range.high < own.low
  })
  return [{ view, cell, better: better ?? null }]
}

function directionOf(superlative: string, label: string): 'higher' | 'lower' | null {
  if (superlative === 'best') return readMetric(label).direction
  return superlative === 'lowest' || superlative === 'smallest' ? 'lower' : 'higher'
}
