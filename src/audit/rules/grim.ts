import type { ScannedNumber } from '../numbers/scan-numbers.ts'
import type { AuditFacts } from '../facts.ts'
import { placeOfSentence, type Sentence, sentencesOf, textBefore } from './paper/prose.ts'
import { halfUnit } from './paper/range.ts'
import { cellsOfRow, nameOfCell, placeOfRow, type TableView, tableViews } from './paper/table-view.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Means and accuracies that no whole number of items gives. */
export const grim: Rule = {
  id: 'grim',
  title: 'A mean that no whole count gives',
  part: 'none',
  catches:
    'The GRIM test: an accuracy or rate beside the number of cases of its own row, or the mean of ratings with its N in the same sentence, that is k/N for no whole k. Up to ten repetitions are allowed for where the document speaks of seeds, runs or folds.',
  misses: 'Cases that are many for the digits shown, and sizes that stand elsewhere.',
  falsePositives: 'Partial credit, weights, or scales of several items whose number is not said.',
  find: (facts) => {
    const repeated = new Set(
      facts.subject.documents.filter(({ text }) => repetition.test(text)).map(({ path }) => path),
    )
    const repeatsOf = (path: string): number => (repeated.has(path) ? mostRepeats : 1)
    return [
      ...inTables(facts, repeatsOf),
      ...sentencesOf(facts).flatMap((sentence) => inSentence(sentence, repeatsOf(sentence.path))),
    ]
  },
}

const mostRepeats = 10
const repetition =
  /\bseeds?\b|\bruns\b|\bfolds?\b|\btrials\b|\brepetitions\b|\brepeated\b|averaged over|annotators|raters/i
const sizeLabel =
  /^\W*(?:n|#|num(?:ber)?\.?(?: of)?|count|total|support|(?:# ?|no\. (?:of )?|test )?(?:samples|examples|questions|problems|items|cases|instances|participants|size))(?: (?:samples|examples|questions|problems|items|cases|participants))?\W*$/i
const countedLabel =
  /^\W*(?:test |overall |mean )?(?:accuracy|acc\.?|exact match|em|(?:success|win|pass|error|completion|acceptance) rate)\W*(?:\(?%\)?)?\W*$/i

/** Whether some whole number of `items` has this mean, as a fraction or in per cent. */
function isPossibleMean(mean: ScannedNumber, items: number, top: number): boolean {
  const share = mean.value / top
  const half = halfUnit(mean) / top + 1e-9
  const nearest = Math.round(share * items) / items
  return Math.abs(nearest - share) <= half
}

function inTables(facts: AuditFacts, repeatsOf: (path: string) => number): RuleFinding[] {
  return tableViews(facts).flatMap((view) => {
    const sizeColumn = view.table.headers.findIndex((header, column) => column > 0 && sizeLabel.test(header))
    if (sizeColumn === -1) return []
    return view.cells.flatMap((_, row) => inRow(view, { row, sizeColumn, repeats: repeatsOf(view.table.path) }))
  })
}

function inRow(view: TableView, at: { row: number; sizeColumn: number; repeats: number }): RuleFinding[] {
  const size = view.cells[at.row]?.[at.sizeColumn]?.value.number
  if (size === undefined || !Number.isInteger(size.value) || size.value < 2 || size.decimals > 0) return []
  return cellsOfRow(view, at.row).flatMap((cell): RuleFinding[] => {
    const { number } = cell.value
    const label = view.columnLabel(cell.column)
    if (!countedLabel.test(label) || cell.spread !== null) return []
    const top = number.unit === '%' || label.includes('%') || number.value > 1 ? 100 : 1
    if (isPossible(number, { size: size.value, top, repeats: at.repeats })) return []
    const message = `${nameOfCell(view, cell)} is ${number.text}, which no whole number of ${size.value} cases gives.`
    return [
      { severity: 'minor', claims: [cell.value.id], message, evidence: [placeOfRow(view, at.row, 'contradicts')] },
    ]
  })
}

function isPossible(
  number: ScannedNumber,
  { size, top, repeats }: { size: number; top: number; repeats: number },
): boolean {
  for (let repeat = 1; repeat <= repeats; repeat += 1) if (isPossibleMean(number, size * repeat, top)) return true
  return false
}

const itemWords = /\blikert\b|\brat(?:ed|ings?)\b|\bscale\b|\bpoints?\b|\bitems?\b/i

/** `a mean rating of 3.47 (N = 12)`: one rating each, unless more items are named. */
function inSentence(sentence: Sentence, repeats: number): RuleFinding[] {
  if (!itemWords.test(sentence.text) || /\bitems\b|composite|averag|\bsum\b/i.test(sentence.text)) return []
  const sizes = sentence.claims.filter((claim) => /\b[Nn]\$?\s?=\s?\$?$/.test(textBefore(sentence, claim, 8)))
  const means = sentence.claims.filter(
    (claim) =>
      claim.number.decimals >= 2 &&
      /(?:\bM|\bmean(?: (?:rating|score))?(?: of| was| is)?)\$?\s?=?\s?\$?$/i.test(textBefore(sentence, claim, 24)),
  )
  const [size] = sizes
  if (size === undefined || sizes.length !== 1 || !Number.isInteger(size.number.value) || size.number.value < 2)
    return []
  return means.flatMap((mean): RuleFinding[] => {
    if (isPossible(mean.number, { size: size.number.value, top: 1, repeats })) return []
    const message = `A mean of ${mean.number.text} comes from no ${size.number.value} whole ratings.`
    return [
      { severity: 'minor', claims: [mean.id], message, evidence: [placeOfSentence(sentence, 'contradicts', mean)] },
    ]
  })
}
