import type { ScannedNumber } from '../numbers/scan-numbers.ts'

/**
 * Who is behind a number: `process` a program printed or wrote it; `typed` the agent wrote it itself; `literal` it stands in code;
 * `config` in a configuration or an argument; `plan` in the task, the idea or the proposal.
 */
export type EvidenceKind = 'process' | 'typed' | 'literal' | 'config' | 'plan'

/** A file or a step of the session that numbers were read from. */
export interface EvidenceSource {
  /** Place in the list of sources. */
  readonly index: number
  /** Null for a step of the session. */
  readonly path: string | null
  /** Null for a file of which no step is known. */
  readonly step: number | null
  readonly kind: EvidenceKind
  /** A report that makes claims itself: never evidence for its own. */
  readonly isDocument: boolean
  /** The lines quotes are taken from. */
  readonly lines: readonly string[]
}

export interface EvidenceNumber {
  readonly number: ScannedNumber
  /** Index into the sources. */
  readonly source: number
  /** From 1. */
  readonly line: number
  /** Words of its row, column or key path, folded to lower case: what a claim can share. */
  readonly words: readonly string[]
  /** What a compressed series says of itself; `value` for a number as it stands. */
  readonly statistic: 'value' | 'mean' | 'std' | 'min' | 'max' | 'first' | 'last' | 'median'
}

/** Rows and columns found in a source: a CSV or Markdown table, nested JSON, aligned output. */
export interface EvidenceGrid {
  readonly source: number
  readonly columnLabels: readonly string[]
  readonly rows: readonly {
    readonly label: string
    readonly line: number
    /** Where another than the grid's: a row that the agent typed into a file that a program wrote. */
    readonly source?: number
    /** Text of the cells, `nan` and `N/A` among them; as many as column labels. */
    readonly cells: readonly string[]
  }[]
}

export interface EvidencePool {
  readonly sources: readonly EvidenceSource[]
  readonly numbers: readonly EvidenceNumber[]
  readonly grids: readonly EvidenceGrid[]
  /** Files that count as typed by the agent, by path, with the share of their number-bearing lines that it typed, 0..1. */
  readonly typedFiles: ReadonlyMap<string, number>
  /** What was not read, and why. */
  readonly leftOut: readonly { readonly path: string; readonly bytes: number; readonly reason: string }[]
}
