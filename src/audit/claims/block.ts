/** A part of a document, in reading order. Places are `[start, end)` in UTF-16 code units of the document. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly title: string; readonly line: number }
  | {
      readonly kind: 'prose'
      readonly start: number
      readonly end: number
      /** Of a figure or table that printing may have put under any heading. */
      readonly isCaption?: true
    }
  | TableBlock

export interface TableBlock {
  readonly kind: 'table'
  /** Line of the header, from 1. */
  readonly line: number
  readonly caption: string
  /** Cells of the header without markup; several header rows are joined by column. */
  readonly headers: readonly string[]
  readonly rows: readonly TableRow[]
}

export interface TableRow {
  readonly line: number
  readonly cells: readonly TableCell[]
}

export interface TableCell {
  readonly start: number
  readonly end: number
  /** Without markup. */
  readonly text: string
}

/** What a reader of a format found. */
export interface DocumentBlocks {
  readonly blocks: readonly Block[]
  /** What holds no claims: code, display mathematics, comments. `[start, end)`, in any order. */
  readonly hidden: readonly (readonly [number, number])[]
}
