import type { EvidencePlace, ClaimStatus } from '../../schema/audit.ts'

/** How a claim stands to the evidence. */
export interface ClaimMatch {
  /** Id of the claim. */
  readonly claim: number
  readonly status: ClaimStatus
  /** `strong`: shared words or a place in an aligned table, and no accident. `weak`: may be an accident. `blind`: the value alone. `none`: nothing found. */
  readonly strength: 'strong' | 'weak' | 'blind' | 'none'
  /** Best first, at most 3. */
  readonly evidence: readonly EvidencePlace[]
  /** 0..1; null where nothing was searched. */
  readonly collision: number | null
  /** The value before it was rounded, as the evidence has it, its sign left out; left out where no single place says so. */
  readonly exact?: number
}

/** A paper's table set beside rows and columns of the evidence. */
export interface TableAlignment {
  readonly path: string
  readonly table: number
  /** Index into the pool's grids. */
  readonly grid: number
  readonly matches: number
  /** Cells that the evidence contradicts: claim id, and what stands in their place. */
  readonly mismatches: readonly CellMismatch[]
  /** Cells that are cut off where they should have been rounded; they count as found. */
  readonly slips: readonly CellMismatch[]
}

export interface CellMismatch {
  /** Id of the claim. */
  readonly claim: number
  /** Text of the cell that stands in its place. */
  readonly found: string
  /** The evidence says there that no value could be had (`nan`, `N/A`, `failed`). */
  readonly isMissing: boolean
  readonly evidence: EvidencePlace
}
