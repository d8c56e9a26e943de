import type { DocumentClaims } from '../claims/claim.ts'
import type { EvidencePool } from '../evidence/evidence.ts'
import type { Alignment } from './alignment.ts'
import { alignMatrix } from './align-matrix.ts'
import { rememberSimilarity } from './label-similarity.ts'
import type { ClaimMatrix, Matrix } from './matrix.ts'
import { claimMatrix, comparableGrids, gridMatrix } from './matrix.ts'
import { compareRounded, isPlausibleScale, reachOf, scales } from './rounding.ts'
import { stackMatrices } from './stack-matrices.ts'
import type { ValueIndex } from './value-index.ts'
import { indexValues } from './value-index.ts'

/** Cells of the evidence that are compared in all; what lies beyond is left to the lookup of single values. */
const mostCells = 300_000
/** A value that stands in more cells than this says little about where it belongs. */
const mostCoincidences = 400
/** Matrices that one table is set beside, those with the most coinciding cells first. */
const mostCandidates = 30

/** Pairs of coinciding cells of a table and a matrix; more say nothing new. */
const mostPairs = 6_000

interface CellIndex {
  readonly matrices: readonly Matrix[]
  readonly index: ValueIndex
  /** By place in the index: matrix and cell. */
  readonly matrixOf: readonly number[]
  readonly cellOf: readonly number[]
  readonly similarity: ReturnType<typeof rememberSimilarity>
}

/** @returns all alignments of a document's tables with the evidence: by table, and then the best first */
export function openAligner(pool: EvidencePool): (document: DocumentClaims) => Alignment[] {
  const grids = comparableGrids(pool).map(({ grid, index }) => ({ grid, matrix: gridMatrix(grid, index) }))
  const ofPrograms = grids.filter(({ grid }) => pool.sources[grid.source]?.isDocument === false)
  const cells = indexCells([...grids.map(({ matrix }) => matrix), ...stackMatrices(ofPrograms, pool)])
  return (document) =>
    document.tables.flatMap((table) => {
      const matrix = claimMatrix(table, document.claims)
      // A document is never evidence for itself.
      const isOwn = (other: Matrix) => pool.sources[pool.grids[other.grid]?.source ?? -1]?.path === document.path
      return matrix === null ? [] : alignTable(matrix, cells, isOwn)
    })
}

function indexCells(candidates: readonly Matrix[]): CellIndex {
  const matrices: Matrix[] = []
  const matrixOf: number[] = []
  const cellOf: number[] = []
  const values: number[] = []
  for (const matrix of candidates) {
    if (values.length + matrix.cells.length > mostCells) continue
    const place = matrices.push(matrix) - 1
    for (const [cell, { number }] of matrix.cells.entries()) {
      matrixOf.push(place)
      cellOf.push(cell)
      values.push(number?.value ?? Number.NaN)
    }
  }
  return { matrices, index: indexValues(values), matrixOf, cellOf, similarity: rememberSimilarity() }
}

function alignTable(table: ClaimMatrix, cells: CellIndex, isOwn: (matrix: Matrix) => boolean): Alignment[] {
  const { matrices, index, matrixOf, cellOf } = cells
  /** By matrix: pairs of cells that hold the same value. */
  const coinciding = new Map<number, { claim: number; cell: number }[]>()
  const claimsOf = new Map<number, Set<number>>()
  for (const [
    claim,
    {
      claim: { number, informative },
    },
  ] of table.cells.entries()) {
    if (!informative && number.significant < 2) continue
    const stated = Math.abs(number.value)
    const reach = reachOf(number) * (1 + 1e-6) + stated * 1e-9
    if (!Number.isFinite(stated) || Number.isNaN(reach)) continue
    for (const scale of scales) {
      const range = [(stated - reach) / scale, (stated + reach) / scale] as const
      for (const place of index.within(range, mostCoincidences)) {
        const at = matrixOf[place] ?? 0
        const cell = cellOf[place] ?? 0
        const found = matrices[at]?.cells[cell]?.number
        if (found === null || found === undefined || !isPlausibleScale(number, found.value, scale)) continue
        if (compareRounded(number, found, scale) !== 'same') continue
        const pairs = coinciding.get(at)
        if (pairs === undefined) coinciding.set(at, [{ claim, cell }])
        else if (pairs.length < mostPairs) pairs.push({ claim, cell })
        const claims = claimsOf.get(at)
        if (claims === undefined) claimsOf.set(at, new Set([claim]))
        else claims.add(claim)
      }
    }
  }
  const informative = table.cells.filter(({ claim }) => claim.informative).length
  return [...coinciding]
    .filter(([at]) => {
      const matrix = matrices[at]
      const isTooFew = informative > 2 && (claimsOf.get(at)?.size ?? 0) < 2
      return matrix !== undefined && !isTooFew && !isOwn(matrix)
    })
    .toSorted(([a], [b]) => (claimsOf.get(b)?.size ?? 0) - (claimsOf.get(a)?.size ?? 0) || a - b)
    .slice(0, mostCandidates)
    .flatMap(([at, pairs]) => {
      const matrix = matrices[at]
      return matrix === undefined ? [] : (alignMatrix(table, matrix, { pairs, similarity: cells.similarity }) ?? [])
    })
    .toSorted((a, b) => b.matches - a.matches || a.mismatches - b.mismatches || a.matrix.grid - b.matrix.grid)
}
