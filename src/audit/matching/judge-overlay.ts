import type { Claim } from '../claims/claim.ts'
import type { AlignedCell, Alignment } from './alignment.ts'
import type { LineMap, Similarities } from './line-maps.ts'
import { leastAlike, sameLabel } from './line-maps.ts'
import type { ClaimMatrix, Matrix, MatrixCell } from './matrix.ts'
import type { Scale } from './rounding.ts'
import { compareRounded, isPlausibleScale, scales } from './rounding.ts'

/** Columns longer than this are not searched for cells that were exchanged. */
const mostExchanged = 200

/** A table of the paper over one of the evidence, before it is known which line belongs to which. */
export interface Overlay {
  readonly table: ClaimMatrix
  readonly grid: Matrix
  /** As it stands in the evidence: neither row nor column is exchanged. */
  readonly matrix: Matrix
  readonly votes: readonly { stated: ClaimMatrix['cells'][number]; found: MatrixCell; weight: number }[]
  readonly rowLabels: Similarities
  readonly columnLabels: Similarities
}

/** Compares cell by cell, leaves out lines that do not hold, and says whether the rest is enough. */
export function judgeOverlay(
  { table, grid, matrix, rowLabels, columnLabels }: Overlay,
  { rows, columns }: { rows: LineMap; columns: LineMap },
): Alignment | null {
  const cellAt = new Map<number, MatrixCell>()
  const width = grid.columns.length
  for (const cell of grid.cells) cellAt.set(cell.row * width + cell.column, cell)
  const paired = table.cells.flatMap((stated) => {
    const row = rows.get(stated.row)
    const column = columns.get(stated.column)
    const cell = row === undefined || column === undefined ? undefined : cellAt.get(row * width + column)
    return cell === undefined ? [] : [{ stated, cell }]
  })
  const scaleOf = columnScales(paired)
  const scaleAt = (column: number) => scaleOf.get(column) ?? scales
  const isOf = (claim: Claim, line: readonly MatrixCell[], column: number) =>
    line.some((cell) => cell.number !== null && compare(claim, cell, scaleAt(column)) === 'same')
  const cellsOfColumn = Map.groupBy(paired, ({ stated }) => stated.column)
  let compared = paired.map(({ stated, cell }) => {
    const outcome = compare(stated.claim, cell, scaleAt(stated.column))
    const others = (cellsOfColumn.get(stated.column) ?? []).map((other) => other.cell)
    // A value of another row still says that the columns belong together: two cells may have been exchanged.
    return {
      stated,
      cell,
      outcome,
      isMoved: outcome === 'apart' && others.length <= mostExchanged && isOf(stated.claim, others, stated.column),
    }
  })
  const alikeRow = (row: number) => rowLabels.get(row)?.get(rows.get(row) ?? -1) ?? 0
  const alikeColumn = (column: number) => columnLabels.get(column)?.get(columns.get(column) ?? -1) ?? 0
  for (let round = 0; round < 3; round += 1) {
    const byRow = tally(compared, ({ stated }) => stated.row)
    const byColumn = tally(compared, ({ stated }) => stated.column)
    const kept = compared.filter(
      ({ stated }) =>
        holds(byRow.get(stated.row), alikeRow(stated.row)) &&
        holds(byColumn.get(stated.column), alikeColumn(stated.column)),
    )
    if (kept.length === compared.length) break
    compared = kept
  }
  const byRow = tally(compared, ({ stated }) => stated.row)
  const byColumn = tally(compared, ({ stated }) => stated.column)
  const cells = compared.map(({ stated, cell, outcome }) => {
    const own = outcome === 'same' && stated.claim.informative ? 1 : 0
    const row = (byRow.get(stated.row)?.same ?? 0) - own + (alikeRow(stated.row) >= leastAlike ? 1 : 0)
    const column = (byColumn.get(stated.column)?.same ?? 0) - own + (alikeColumn(stated.column) >= leastAlike ? 1 : 0)
    const isNamed = alikeRow(stated.row) >= sameLabel && alikeColumn(stated.column) >= sameLabel
    return { claim: stated.claim, cell, outcome, anchor: Math.min(row, column), isNamed }
  })
  const counted = cells.filter(({ claim, anchor }) => claim.informative && anchor > 0)
  const matches = counted.filter(({ outcome }) => outcome === 'same').length
  const mismatches = counted.filter(({ outcome }) => outcome === 'apart').length
  if (!isEnough({ matches, mismatches, compared, alikeRow, alikeColumn })) return null
  return { table, matrix, cells: cells.filter(({ anchor }) => anchor > 0), matches, mismatches }
}

interface Compared {
  readonly stated: { readonly row: number; readonly column: number; readonly claim: Claim }
  readonly cell: MatrixCell
  readonly outcome: AlignedCell['outcome']
  readonly isMoved: boolean
}

/** Three cells that agree, and twice as many as differ. Where rows and columns bear the same names, less is enough. */
function isEnough({
  matches,
  mismatches,
  compared,
  alikeRow,
  alikeColumn,
}: {
  matches: number
  mismatches: number
  compared: readonly Compared[]
  alikeRow: (row: number) => number
  alikeColumn: (column: number) => number
}): boolean {
  if (matches >= 3 && matches >= 2 * mismatches) return true
  const isNamed = compared.every(({ stated }) => {
    const [least, most] = [alikeRow(stated.row), alikeColumn(stated.column)].toSorted((a, b) => a - b)
    return (least ?? 0) >= leastAlike && (most ?? 0) >= sameLabel
  })
  if (!isNamed) return matches === 2 && mismatches === 0
  const moved = compared.filter(({ isMoved, stated }) => isMoved && stated.claim.informative).length
  if ((matches > 0 && matches >= mismatches) || (moved > 1 && moved === mismatches)) return true
  // Counts and round values say little by themselves, but many of them, all the same, say which table this is.
  const isSame = ({ outcome }: Compared) => outcome === 'same'
  return compared.filter(isSame).length >= fewestPlain && compared.every((cell) => isSame(cell) || isMissing(cell))
}

/** Cells of a table without telling values that agree, where it counts as the same table. */
const fewestPlain = 3

function isMissing({ outcome }: Compared): boolean {
  return outcome === 'missing'
}

interface Tally {
  readonly same: number
  readonly apart: number
  /** Of those apart, the ones that hold the value of another row. */
  readonly moved: number
}

function tally<Cell extends { stated: { claim: Claim }; outcome: AlignedCell['outcome']; isMoved: boolean }>(
  cells: readonly Cell[],
  lineOf: (cell: Cell) => number,
): Map<number, Tally> {
  const tallies = new Map<number, Tally>()
  for (const cell of cells) {
    if (!cell.stated.claim.informative) continue
    const before = tallies.get(lineOf(cell)) ?? { same: 0, apart: 0, moved: 0 }
    // Where the evidence has no value it does not disagree either.
    const isApart = cell.outcome === 'apart'
    tallies.set(lineOf(cell), {
      same: before.same + (cell.outcome === 'same' ? 1 : 0),
      apart: before.apart + (isApart ? 1 : 0),
      moved: before.moved + (cell.isMoved ? 1 : 0),
    })
  }
  return tallies
}

/** A line stays while it agrees more often than not, or is named alike and about half of it agrees. */
function holds(line: Tally | undefined, alike: number): boolean {
  if (line === undefined) return true
  const same = line.same + line.moved
  const apart = line.apart - line.moved
  if (same > apart) return true
  return alike >= leastAlike && same >= apart - 1 && (same > 0 || alike >= sameLabel)
}

/** Within one column all values are on one scale: the one that most of its cells agree on. */
function columnScales(
  paired: readonly { stated: { column: number; claim: Claim }; cell: MatrixCell }[],
): Map<number, readonly Scale[]> {
  const agreed = new Map<number, Map<Scale, number>>()
  for (const { stated, cell } of paired) {
    if (cell.number === null) continue
    for (const scale of scales) {
      if (compareRounded(stated.claim.number, cell.number, scale) !== 'same') continue
      const counts = agreed.get(stated.column) ?? new Map<Scale, number>()
      counts.set(scale, (counts.get(scale) ?? 0) + 1)
      agreed.set(stated.column, counts)
    }
  }
  const chosen = new Map<number, readonly Scale[]>()
  for (const [column, counts] of agreed) {
    const [best] = [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
    if (best !== undefined) chosen.set(column, [best[0]])
  }
  return chosen
}

function compare(claim: Claim, cell: MatrixCell, allowed: readonly Scale[]): AlignedCell['outcome'] {
  if (cell.number === null) return 'missing'
  let isSlip = false
  for (const scale of allowed) {
    if (!isPlausibleScale(claim.number, cell.number.value, scale)) continue
    const outcome = compareRounded(claim.number, cell.number, scale)
    if (outcome === 'same') return 'same'
    if (outcome === 'slip') isSlip = true
  }
  return isSlip ? 'slip' : 'apart'
}
