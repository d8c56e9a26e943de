import type { Claim, ClaimTable, DocumentClaims } from '../claims/claim.ts'
import { sectionKind } from '../claims/section-kind.ts'
import type { AuditFacts } from '../facts.ts'

/** A table of results with its claims in their places. */
export interface ResultTable {
  readonly document: DocumentClaims
  readonly table: ClaimTable
  /** Results of a row, or of a column. */
  readonly ofRow: (row: number) => readonly Claim[]
  readonly ofColumn: (column: number) => readonly Claim[]
}

const mostRows = 200

/** Tables of the work's own results. */
export function resultTables({ documents }: AuditFacts): ResultTable[] {
  return documents.flatMap((document) =>
    document.tables.flatMap((table): ResultTable[] => {
      const kind = sectionKind(table.section)
      if (table.isSetup || kind === 'related' || kind === 'references' || table.rows.length > mostRows) return []
      const cells = document.claims.filter(
        ({ where, role }) => where.kind === 'cell' && where.table === table.index && role === 'result',
      )
      return [
        {
          document,
          table,
          ofRow: (row) => cells.filter(({ where }) => where.kind === 'cell' && where.row === row),
          ofColumn: (column) => cells.filter(({ where }) => where.kind === 'cell' && where.column === column),
        },
      ]
    }),
  )
}
