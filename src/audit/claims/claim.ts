import type { ScannedNumber } from '../numbers/scan-numbers.ts'

/** A number that a document states. */
export interface Claim {
  /** Its place in the list of all claims of the audit, from 0. */
  readonly id: number
  /** Path of the document. */
  readonly path: string
  /** From 1. */
  readonly line: number
  /** Of the document's text, in UTF-16 code units: `[start, end)`, the number alone. */
  readonly start: number
  readonly end: number
  readonly number: ScannedNumber
  readonly where: ClaimPlace
  /** Headings above it, the highest first, without the document's title. */
  readonly section: readonly string[]
  readonly role: 'result' | 'setup' | 'other'
  /** Two significant digits and a decimal, or three, and none of the round values that stand everywhere. */
  readonly informative: boolean
}

export type ClaimPlace =
  | {
      readonly kind: 'cell'
      /** Index into the document's tables. */
      readonly table: number
      /** Data rows and columns from 0, label column included. */
      readonly row: number
      readonly column: number
      readonly rowLabel: string
      readonly columnLabel: string
    }
  | {
      readonly kind: 'prose'
      /** Its sentence, as written. */
      readonly sentence: string
    }

/** A table of a document, ragged rows and all. */
export interface ClaimTable {
  readonly path: string
  /** Index within the document. */
  readonly index: number
  /** Line of the header, from 1. */
  readonly line: number
  readonly caption: string
  readonly section: readonly string[]
  readonly headers: readonly string[]
  /** Cells as written, without markup. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
  /** A table of settings and not of results. */
  readonly isSetup: boolean
}

/** What a document says in numbers. */
export interface DocumentClaims {
  readonly path: string
  readonly claims: readonly Claim[]
  readonly tables: readonly ClaimTable[]
  /** Numbers behind the first 20,000, which were not read; left out where there are none. */
  readonly unread?: number
}
