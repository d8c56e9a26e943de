import type { EvidencePlace } from '../../../schema/audit.ts'
import type { Claim, ClaimTable, DocumentClaims } from '../../claims/claim.ts'
import type { AuditFacts } from '../../facts.ts'
import { readMetric } from './metric.ts'

/** A cell that holds one value, perhaps with its spread. */
export interface NumericCell {
  readonly row: number
  readonly column: number
  readonly value: Claim
  readonly spread: Claim | null
}

/** A table of results with its numbers in their places. */
export interface TableView {
  readonly document: DocumentClaims
  readonly table: ClaimTable
  /** By row and column; null where a cell holds no number, several, or a number within words. */
  readonly cells: readonly (readonly (NumericCell | null)[])[]
  /** All claims of a cell, by row and column. */
  claimsAt(row: number, column: number): readonly Claim[]
  rowLabel(row: number): string
  columnLabel(column: number): string
}

/** Larger ones are data and no table of a paper, and pairs of their rows would take too long. */
const mostRows = 200
const mostColumns = 40
const mostTables = 200
const mostLetters = 12
const longestLabel = 200
const longestCaption = 1_000

const viewed = new WeakMap<readonly DocumentClaims[], readonly TableView[]>()

/** The tables of all documents but those of settings and those too large. Made once for all rules. */
export function tableViews(facts: AuditFacts): readonly TableView[] {
  const known = viewed.get(facts.documents)
  if (known !== undefined) return known
  const views = facts.documents.flatMap(viewsOf)
  viewed.set(facts.documents, views)
  return views
}

function viewsOf(document: DocumentClaims): TableView[] {
  const byCell = Map.groupBy(document.claims, ({ where }) =>
    where.kind === 'cell' ? `${where.table}:${where.row}:${where.column}` : '',
  )
  return document.tables
    .slice(0, mostTables)
    .filter(({ isSetup, rows, headers }) => !isSetup && rows.length <= mostRows && headers.length <= mostColumns)
    .map(shortened)
    .map((table) => {
      const claimsAt = (row: number, column: number): readonly Claim[] =>
        byCell.get(`${table.index}:${row}:${column}`) ?? []
      const cells = table.rows.map(({ cells: texts }, row) =>
        texts.slice(0, mostColumns).map((text, column) => numericCell(text, claimsAt(row, column), { row, column })),
      )
      const rowLabels = table.rows.map(({ cells: texts }, row) =>
        labelOf(claimsOfRow(table, row, claimsAt), texts[0] ?? '').slice(0, longestLabel),
      )
      return {
        document,
        table,
        cells,
        claimsAt,
        rowLabel: (row) => rowLabels[row] ?? '',
        columnLabel: (column) => table.headers[column] ?? '',
      }
    })
}

/** Labels meet many patterns: no honest one is longer. */
function shortened(table: ClaimTable): ClaimTable {
  return {
    ...table,
    caption: table.caption.slice(0, longestCaption),
    section: table.section.map((heading) => heading.slice(0, longestLabel)),
    headers: table.headers.map((header) => header.slice(0, longestLabel)),
  }
}

function claimsOfRow(table: ClaimTable, row: number, claimsAt: TableView['claimsAt']): readonly Claim[] {
  return (table.rows[row]?.cells ?? []).slice(0, mostColumns).flatMap((_, column) => claimsAt(row, column).slice(0, 1))
}

function labelOf(claims: readonly Claim[], fallback: string): string {
  const where = claims[0]?.where
  return where?.kind === 'cell' && where.rowLabel !== '' ? where.rowLabel : fallback
}

function numericCell(
  text: string,
  claims: readonly Claim[],
  at: { readonly row: number; readonly column: number },
): NumericCell | null {
  const values = claims.filter(({ number }) => !number.isSpread)
  const [value] = values
  // numbers that name a row are no values
  if (value === undefined || values.length !== 1 || value.role === 'other' || text.length > 80) return null
  const rest = claims.reduce((left, { number }) => left.replace(number.text, ''), text)
  if ((rest.match(/\p{L}/gu) ?? []).length > mostLetters || /[<>≤≥]|\d\s*[/–-]\s*\d/.test(text)) return null
  return { ...at, value, spread: claims.find(({ number }) => number.isSpread) ?? null }
}

/** Columns that hold numbers in at least two rows, the one of the labels left out. */
export function numericColumns(view: TableView): number[] {
  return view.table.headers.flatMap((_, column) => {
    if (column === 0) return []
    return view.cells.filter((row) => (row[column] ?? null) !== null).length >= 2 ? [column] : []
  })
}

export function cellsOfColumn(view: TableView, column: number): NumericCell[] {
  return view.cells.flatMap((row) => row[column] ?? [])
}

/** The other way round, for tables with metrics as rows. */
export function cellsOfRow(view: TableView, row: number): NumericCell[] {
  return (view.cells[row] ?? []).flatMap((cell) => (cell === null || cell.column === 0 ? [] : [cell]))
}

export function placeOfRow(view: TableView, row: number, role: EvidencePlace['role'] = 'origin'): EvidencePlace {
  const found = view.table.rows[row]
  return {
    path: view.table.path,
    step: null,
    line: found?.line ?? view.table.line,
    quote: (found?.cells ?? []).join(' | ').replace(/\s+/g, ' ').slice(0, 200),
    role,
  }
}

/** `Accuracy of ours`, for messages, whichever of the two is the column. */
export function nameOfCell(
  view: TableView,
  { row, column }: { readonly row: number; readonly column: number },
): string {
  const [rowLabel, columnLabel] = [view.rowLabel(row), view.columnLabel(column)]
  const above = readMetric(columnLabel)
  const isTransposed = above.kind === 'other' && !above.isDifference && readMetric(rowLabel).kind !== 'other'
  return isTransposed ? `${short(rowLabel)} of ${short(columnLabel)}` : `${short(columnLabel)} of ${short(rowLabel)}`
}

export function short(label: string): string {
  const text = label.replace(/\s+/g, ' ').trim()
  return text.length > 40 ? `${text.slice(0, 39)}…` : text === '' ? '(unnamed)' : text
}
