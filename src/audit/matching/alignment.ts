import type { Claim } from '../claims/claim.ts'
import type { ClaimMatrix, Matrix, MatrixCell } from './matrix.ts'

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
