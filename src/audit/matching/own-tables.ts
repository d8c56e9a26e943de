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

/** A label without what stands in brackets: units, remarks, "(ours)". */
export function bareLabel(label: string): string {
  const bare = label
    .slice(0, 400)
    .replace(/\([^()]{0,80}\)|\[[^[\]]{0,80}\]/g, ' ')
    .trim()
  return bare === '' ? label.slice(0, 400) : bare
}

/** Cells that the text is compared with. */
const mostCells = 2_000
/** Cells named by one sentence; more are no single one. */
const mostNamed = 40

export function ownCells(document: DocumentClaims): OwnCell[] {
  const words = new Map<string, string[]>()
  const fold = (label: string): string[] => {
    const known = words.get(label)
    if (known !== undefined) return known
    const folded = foldWords(bareLabel(label))
    words.set(label, folded)
    return folded
  }
  const results = document.claims.filter(({ where, role }) => where.kind === 'cell' && role === 'result')
  return results.slice(0, mostCells).flatMap((claim) => {
    const { where } = claim
    if (where.kind !== 'cell') return []
    return [{ claim, table: where.table, row: fold(where.rowLabel), column: fold(where.columnLabel) }]
  })
}

/** Whether one of two numbers is the other one, rounded or not: text often says less exactly what the table says. */
export function isSameNumber(a: Claim, b: Claim): boolean {
  return scales.some(
    (scale) =>
      isPlausibleScale(a.number, b.number.value, scale) &&
      (compareRounded(a.number, b.number, scale) === 'same' ||
        (scale === 1 && b.number.significant > 1 && compareRounded(b.number, a.number, 1) === 'same')),
  )
}

/** A cell that holds a number of the text, and how much of its labels the sentence names: 0, 1 or 2 of row and column. */
export interface RepeatedCell {
  readonly cell: OwnCell
  readonly named: number
  /** The sentence names another row or column of its table. */
  readonly isElsewhere: boolean
}

/** The cells that hold a number of the text; those that its sentence names come first, and those of other lines than it names last. */
export function repeatedCells(claim: Claim, sentence: ReadonlySet<string>, cells: readonly OwnCell[]): RepeatedCell[] {
  const same = cells.filter((cell) => isSameNumber(claim, cell.claim))
  if (same.length === 0) return []
  const lineKeys = (cell: OwnCell) => [`row ${cell.table}`, `column ${cell.table}`] as const
  /** Sides of tables of which the sentence names some line. */
  const namedSides = new Set<string>()
  for (const cell of cells) {
    const [row, column] = lineKeys(cell)
    if (isNamed(cell.row, sentence)) namedSides.add(row)
    if (isNamed(cell.column, sentence)) namedSides.add(column)
  }
  return same
    .map((cell) => {
      const [row, column] = lineKeys(cell)
      const isRow = isNamed(cell.row, sentence)
      const isColumn = isNamed(cell.column, sentence)
      const isElsewhere = (!isRow && namedSides.has(row)) || (!isColumn && namedSides.has(column))
      return { cell, isElsewhere, named: (isRow ? 1 : 0) + (isColumn ? 1 : 0) }
    })
    .toSorted(
      (a, b) => Number(a.isElsewhere) - Number(b.isElsewhere) || b.named - a.named || a.cell.claim.id - b.cell.claim.id,
    )
}

/**
 * The one cell that words speak of: they name one row and one column of one table in full, and no other. Null where they name none, or
 * several.
 * @param inRow words that may name the row
 * @param inColumn words that may name the column
 */
export function namedCell(
  cells: readonly OwnCell[],
  { inRow, inColumn }: { inRow: ReadonlySet<string>; inColumn: ReadonlySet<string> },
): OwnCell | null {
  const named = cells.filter(
    (cell) =>
      !cell.claim.number.isSpread &&
      isNamed(cell.row, inRow) &&
      isNamed(cell.column, inColumn) &&
      // A word of the row is no name of a column: `Dynamic Alignment` does not speak of `Alignment`.
      !cell.column.some((word) => cell.row.includes(word)),
  )
  if (named.length > mostNamed) return null
  // `Prune` stands in `Prune full` as well: the longer name is meant.
  const isPartOf = (short: readonly string[], long: readonly string[]) =>
    short.length < long.length && short.every((word) => long.includes(word))
  const meant = named.filter(
    (cell) => !named.some((other) => isPartOf(cell.row, other.row) || isPartOf(cell.column, other.column)),
  )
  const [only] = meant
  return meant.length === 1 && only !== undefined ? only : null
}

function isNamed(label: readonly string[], sentence: ReadonlySet<string>): boolean {
  return label.length > 0 && label.every((word) => sentence.has(word))
}
