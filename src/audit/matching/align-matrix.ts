import type { Claim } from '../claims/claim.ts'
import type { ClaimMatrix, Matrix, MatrixCell, MatrixLine } from './matrix.ts'
import type { Scale } from './rounding.ts'
import { compareRounded, isPlausibleScale, scales } from './rounding.ts'

/** A cell of a paper's table, and the cell of the evidence that stands in its place. */
export interface AlignedCell {
  readonly claim: Claim
  readonly cell: MatrixCell
  /** `missing`: the evidence says that there is no value. */
  readonly outcome: 'same' | 'slip' | 'apart' | 'missing'
  /** How sure it is that the two belong together: the fewest of what else speaks for its row, and for its column. */
  readonly anchor: number
  /** Its row and its column bear the same names on both sides. */
  readonly isNamed: boolean
}

export interface Alignment {
  readonly table: ClaimMatrix
  readonly matrix: Matrix
  readonly cells: readonly AlignedCell[]
  /** Informative cells only; where the evidence has no value, it neither agrees nor differs. */
  readonly matches: number
  readonly mismatches: number
}

/** A pair of cells that hold the same value: places in the two matrices' lists of cells. */
interface Pair {
  readonly claim: number
  readonly cell: number
}

/** What a label that is the same weighs beside one value that is the same. */
const labelWeight = 1.5
/** Labels less alike than this are different ones. */
const leastAlike = 0.5
/** From here on, labels are the same but for a mark or a unit. */
const sameLabel = 0.66

/** Lays a paper's table over one of the evidence, rows and columns in any order and either way round. Null where it does not fit. */
export function alignMatrix(
  table: ClaimMatrix,
  matrix: Matrix,
  { pairs, similarity }: { pairs: readonly Pair[]; similarity: Similarity },
): Alignment | null {
  const all = table.cells.filter(({ claim }) => claim.informative).length
  let best: Alignment | null = null
  for (const isTransposed of [false, true]) {
    const grid = isTransposed ? transposed(matrix) : matrix
    const overlay = prepare(table, grid, { pairs, similarity, matrix })
    for (const isColumnsFirst of [true, false]) {
      const found = layOver(overlay, isColumnsFirst)
      if (found !== null && (best === null || weigh(found) > weigh(best))) best = found
      // Nothing lies better than where every cell agrees.
      if (best !== null && best.matches === all) return best
    }
  }
  return best
}

type Similarity = (a: MatrixLine, b: MatrixLine) => number

function weigh(alignment: Alignment): number {
  return alignment.matches - 1.5 * alignment.mismatches
}

function transposed(matrix: Matrix): Matrix {
  return {
    ...matrix,
    rows: matrix.columns,
    columns: matrix.rows,
    cells: matrix.cells.map((cell) => ({ ...cell, row: cell.column, column: cell.row })),
  }
}

/** Which line of the evidence stands for each line of the paper. */
type LineMap = Map<number, number>

interface Overlay {
  readonly table: ClaimMatrix
  readonly grid: Matrix
  /** As it stands in the evidence: neither row nor column is exchanged. */
  readonly matrix: Matrix
  readonly votes: readonly { stated: ClaimMatrix['cells'][number]; found: MatrixCell; weight: number }[]
  readonly rowLabels: Similarities
  readonly columnLabels: Similarities
}

function prepare(
  table: ClaimMatrix,
  grid: Matrix,
  { pairs, similarity, matrix }: { pairs: readonly Pair[]; similarity: Similarity; matrix: Matrix },
): Overlay {
  const votes = pairs.flatMap(({ claim, cell }) => {
    const stated = table.cells[claim]
    const found = grid.cells[cell]
    return stated === undefined || found === undefined
      ? []
      : [{ stated, found, weight: stated.claim.informative ? 1 : 0.3 }]
  })
  const votedRows = votes.map(({ stated, found }) => [stated.row, found.row] as const)
  const votedColumns = votes.map(({ stated, found }) => [stated.column, found.column] as const)
  const rowLabels = similarLines([table.rows, grid.rows], { voted: votedRows, similarity })
  const columnLabels = similarLines([table.columns, grid.columns], { voted: votedColumns, similarity })
  return { table, grid, matrix, votes, rowLabels, columnLabels }
}

function layOver(overlay: Overlay, isColumnsFirst: boolean): Alignment | null {
  const { votes, rowLabels, columnLabels } = overlay
  let rows: LineMap | null = null
  let columns: LineMap | null = null
  // Each map makes the other one better; after two rounds nothing moves.
  for (let round = 0; round < 3; round += 1) {
    if (round > 0 || isColumnsFirst) {
      const fixed: LineMap | null = rows
      const fitting = fixed === null ? votes : votes.filter(({ stated, found }) => fixed.get(stated.row) === found.row)
      columns = assign(
        fitting.map(({ stated, found, weight }) => ({ from: stated.column, to: found.column, by: stated.row, weight })),
        columnLabels,
      )
    }
    const fixed: LineMap | null = columns
    const fitting =
      fixed === null ? votes : votes.filter(({ stated, found }) => fixed.get(stated.column) === found.column)
    rows = assign(
      fitting.map(({ stated, found, weight }) => ({ from: stated.row, to: found.row, by: stated.column, weight })),
      rowLabels,
    )
  }
  return rows === null || columns === null ? null : judge(overlay, { rows, columns })
}

/** By `<line of the paper> <line of the evidence>`: how alike the labels are, where they are at all. */
type Similarities = Map<number, Map<number, number>>

function similarLines(
  [ours, theirs]: readonly [readonly MatrixLine[], readonly MatrixLine[]],
  { voted, similarity }: { voted: readonly (readonly [number, number])[]; similarity: Similarity },
): Similarities {
  const found: Similarities = new Map()
  const look = (from: number, to: number) => {
    const a = ours[from]
    const b = theirs[to]
    const row = found.get(from) ?? new Map<number, number>()
    if (a === undefined || b === undefined || row.has(to)) return
    row.set(to, similarity(a, b))
    found.set(from, row)
  }
  // A table against a table is small; against a long one only lines that share a value are looked at.
  if (ours.length * theirs.length <= 4_000) {
    for (const from of ours.keys()) for (const to of theirs.keys()) look(from, to)
  } else {
    for (const [from, to] of voted) look(from, to)
  }
  return found
}

/** One to one, the best fitting first: values that are the same, and labels that are alike. */
function assign(
  votes: readonly { from: number; to: number; by: number; weight: number }[],
  labels: Similarities,
): LineMap {
  const scores = new Map<number, Map<number, number>>()
  const add = (from: number, to: number, weight: number) => {
    const row = scores.get(from) ?? new Map<number, number>()
    row.set(to, (row.get(to) ?? 0) + weight)
    scores.set(from, row)
  }
  // A cell votes once for a pair of lines, however often the value stands there.
  const counted = new Set<string>()
  for (const { from, to, by, weight } of votes) {
    const key = `${from} ${to} ${by}`
    if (counted.has(key)) continue
    counted.add(key)
    add(from, to, weight)
  }
  for (const [from, row] of labels) {
    for (const [to, alike] of row) if (alike >= leastAlike) add(from, to, labelWeight * alike)
  }
  const ranked = [...scores].flatMap(([from, row]) => [...row].map(([to, score]) => ({ from, to, score })))
  ranked.sort((a, b) => b.score - a.score || a.from - b.from || a.to - b.to)
  const map: LineMap = new Map()
  const taken = new Set<number>()
  for (const { from, to, score } of ranked) {
    if (score <= 0 || map.has(from) || taken.has(to)) continue
    map.set(from, to)
    taken.add(to)
  }
  return map
}

/** Compares cell by cell, leaves out lines that do not hold, and says whether the rest is enough. */
function judge(
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
    return { stated, cell, outcome, isMoved: outcome === 'apart' && isOf(stated.claim, others, stated.column) }
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
  return (matches > 0 && matches >= mismatches) || (moved > 1 && moved === mismatches)
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
