import { foldText } from '../../references/read-entry.ts'
import type { Sentence } from './prose.ts'
import type { TableView } from './table-view.ts'

/** Where a sentence names a row or a column of a table. */
export interface Mention {
  /** Row or column. */
  readonly index: number
  /** Of the folded sentence: `[start, end)`. */
  readonly start: number
  readonly end: number
}

/** A sentence folded to words, with the folded place of each of its numbers. */
export interface FoldedSentence {
  readonly text: string
  /** By position in the sentence's claims. */
  readonly places: readonly number[]
}

const longest = 1_500
const shortestLabel = 2

const folded = new WeakMap<Sentence, FoldedSentence | null>()

/** Numbers become marks that no label holds, so that places survive folding. Null for sentences over 1,500 characters. */
export function foldSentence(sentence: Sentence): FoldedSentence | null {
  const known = folded.get(sentence)
  if (known !== undefined) return known
  const made = fold(sentence)
  folded.set(sentence, made)
  return made
}

function fold(sentence: Sentence): FoldedSentence | null {
  const first = sentence.claims[0]
  const last = sentence.claims.at(-1)
  if (first === undefined || last === undefined || last.end - first.start > longest) return null
  const lead = leadOf(sentence, first.start)
  const places: number[] = []
  let text = ` ${spelledOut(foldText(lead))} `
  let at = first.start
  for (const claim of sentence.claims) {
    const words = spelledOut(foldText(sentence.document.slice(at, claim.start)))
    text += words === '' ? '' : `${words} `
    places.push(text.length)
    text += '• '
    at = claim.end
  }
  return { text: `${text}${foldText(sentence.document.slice(at, at + 120).split(/[.;\n]/, 1)[0] ?? '')} `, places }
}

/** What stands before the first number of the sentence. */
function leadOf(sentence: Sentence, end: number): string {
  const before = sentence.document.slice(Math.max(0, end - 500), end)
  const opening = sentence.text.trim().slice(0, 24)
  const start = opening.length < 8 ? -1 : before.lastIndexOf(opening)
  if (start !== -1) return before.slice(start)
  return before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('. ')) + 1)
}

/**
 * Rows or columns that a folded text names. Longest names win: `standard adapter` is no mention of `standard`.
 * @param labels of `rowLabels` or `columnLabels`
 */
export function mentionsOf(text: string, labels: readonly FoldedLabel[]): Mention[] {
  const found: Mention[] = []
  for (const { index, label } of labels) {
    for (let at = text.indexOf(label); at !== -1; at = text.indexOf(label, at + 1))
      found.push({ index, start: at + 1, end: at + label.length - 1 })
  }
  const isInside = (mention: Mention): boolean =>
    found.some(
      (other) =>
        other !== mention &&
        other.start <= mention.start &&
        other.end >= mention.end &&
        other.end - other.start > mention.end - mention.start,
    )
  return found.filter((mention) => !isInside(mention)).toSorted((a, b) => a.start - b.start)
}

/** A label between blanks, as it stands in folded text. */
export interface FoldedLabel {
  readonly index: number
  readonly label: string
}

const labelled = new WeakMap<
  TableView,
  { readonly rows: readonly FoldedLabel[]; readonly columns: readonly FoldedLabel[] }
>()

/** Labels that two rows share name neither and are left out. */
export function rowLabels(view: TableView): readonly FoldedLabel[] {
  return labelsOf(view).rows
}

/** The label column names no metric. */
export function columnLabels(view: TableView): readonly FoldedLabel[] {
  return labelsOf(view).columns
}

function labelsOf(view: TableView): {
  readonly rows: readonly FoldedLabel[]
  readonly columns: readonly FoldedLabel[]
} {
  const known = labelled.get(view)
  if (known !== undefined) return known
  const rows = foldLabels(view.table.rows.map((_, row) => view.rowLabel(row)))
  const columns = foldLabels(view.table.headers.map((header, column) => (column === 0 ? '' : header)))
  labelled.set(view, { rows, columns })
  return { rows, columns }
}

function foldLabels(labels: readonly string[]): FoldedLabel[] {
  const folded = labels.map((label) =>
    spelledOut(foldText(label.slice(0, 200).replace(/\([^)]{0,40}\)|\[[^\]]{0,20}\]|[↑↓]/g, ' '))),
  )
  const counts = Map.groupBy(folded, (label) => label)
  return folded.flatMap((label, index) =>
    label.length < shortestLabel || !/[a-z]/.test(label) || (counts.get(label)?.length ?? 0) > 1
      ? []
      : [{ index, label: ` ${label} ` }],
  )
}

/** `Avg. Reward` is called average reward in the text. */
function spelledOut(text: string): string {
  return text
    .replace(/\bavg\b/g, 'average')
    .replace(/\bacc\b/g, 'accuracy')
    .replace(/\bmem\b/g, 'memory')
}
