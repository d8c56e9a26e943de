import type { Alignment } from './alignment.ts'
import type { Overlay } from './judge-overlay.ts'
import { judgeOverlay } from './judge-overlay.ts'
import type { LineMap, Similarity } from './line-maps.ts'
import { assignLines, similarLines } from './line-maps.ts'
import type { ClaimMatrix, Matrix } from './matrix.ts'

/** A pair of cells that hold the same value: places in the two matrices' lists of cells. */
interface Pair {
  readonly claim: number
  readonly cell: number
}

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
      columns = assignLines(
        fitting.map(({ stated, found, weight }) => ({ from: stated.column, to: found.column, by: stated.row, weight })),
        columnLabels,
      )
    }
    const fixed: LineMap | null = columns
    const fitting =
      fixed === null ? votes : votes.filter(({ stated, found }) => fixed.get(stated.column) === found.column)
    rows = assignLines(
      fitting.map(({ stated, found, weight }) => ({ from: stated.row, to: found.row, by: stated.column, weight })),
      rowLabels,
    )
  }
  return rows === null || columns === null ? null : judgeOverlay(overlay, { rows, columns })
}
