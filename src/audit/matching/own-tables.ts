import type { Claim, DocumentClaims } from '../claims/claim.ts'
import { foldWords } from '../numbers/fold-words.ts'
import { compareRounded, isPlausibleScale, scales } from './rounding.ts'

/** A cell of a document's own tables, as its text may repeat it. */
export interface OwnCell {
  readonly claim: Claim
  readonly table: number
  readonly row: readonly string[]
  readonly column: readonly string[]
}

export function ownCells(document: DocumentClaims): OwnCell[] {
  const words = new Map<string, string[]>()
  const fold = (label: string): string[] => {
    const known = words.get(label)
    if (known !== undefined) return known
    const folded = foldWords(label.slice(0, 400))
    words.set(label, folded)
    return folded
  }
  return document.claims.flatMap((claim) => {
    const { where } = claim
    if (where.kind !== 'cell' || claim.role !== 'result') return []
    return [{ claim, table: where.table, row: fold(where.rowLabel), column: fold(where.columnLabel) }]
  })
}

/** Whether one of two numbers is the other one, rounded or not: text often says less exactly what the table says. */
export function isSameNumber(a: Claim, b: Claim): boolean {
  return scales.some(
    (scale) =>
      isPlausibleScale(a.number, b.number.value, scale) &&
      (compareRounded(a.number, b.number, scale) === 'same' ||
        (scale === 1 && compareRounded(b.number, a.number, 1) === 'same')),
  )
}

/** The cells that hold a number of the text; those that its sentence names come first. */
export function repeatedCells(claim: Claim, sentence: ReadonlySet<string>, cells: readonly OwnCell[]): { cell: OwnCell; named: number }[] {
  return cells
    .filter((cell) => isSameNumber(claim, cell.claim))
    .map((cell) => ({ cell, named: (isNamed(cell.row, sentence) ? 1 : 0) + (isNamed(cell.column, sentence) ? 1 : 0) }))
    .toSorted((a, b) => b.named - a.named || a.cell.claim.id - b.cell.claim.id)
}

/**
 * The one cell that a sentence speaks of: it names all words of one row and one column of one table, and of no other. Null where it
 * names none, or several.
 */
export function namedCell(sentence: ReadonlySet<string>, cells: readonly OwnCell[]): OwnCell | null {
  const named = cells.filter(
    (cell) => !cell.claim.number.isSpread && isNamed(cell.row, sentence) && isNamed(cell.column, sentence),
  )
  // `CEVA` stands in `CEVA full` as well: the longer name is meant.
  const isPartOf = (short: readonly string[], long: readonly string[]) =>
    short.length < long.length && short.every((word) => long.includes(word))
  const meant = named.filter(
    (cell) => !named.some((other) => isPartOf(cell.row, other.row) || isPartOf(cell.column, other.column)),
  )
  const [only] = meant
  return meant.length === 1 && only !== undefined ? only : null
}

export function isNamed(label: readonly string[], sentence: ReadonlySet<string>): boolean {
  return label.length > 0 && label.every((word) => sentence.has(word))
}
