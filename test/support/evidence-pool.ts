import type { DocumentClaims, Claim } from '../../src/audit/claims/claim.ts'
import type {
  EvidenceGrid,
  EvidenceKind,
  EvidenceNumber,
  EvidencePool,
  EvidenceSource,
} from '../../src/audit/evidence/evidence.ts'
import { foldWords } from '../../src/audit/numbers/fold-words.ts'
import { scanNumbers } from '../../src/audit/numbers/scan-numbers.ts'

/** For tests: a file of the evidence given as a table; the first line names the columns, the first cell of each other line its row. */
export interface TableFile {
  readonly path: string
  readonly rows: readonly (readonly string[])[]
  readonly kind?: EvidenceKind
  readonly isDocument?: boolean
}

export function poolOf(files: readonly TableFile[]): EvidencePool {
  const sources: EvidenceSource[] = []
  const numbers: EvidenceNumber[] = []
  const grids: EvidenceGrid[] = []
  for (const [index, { path, rows, kind = 'process', isDocument = false }] of files.entries()) {
    const lines = rows.map((row) => row.join(','))
    sources.push({ index, path, step: null, kind, isDocument, lines })
    const [header = [], ...data] = rows
    const columnLabels = header.slice(1)
    grids.push({
      source: index,
      columnLabels,
      rows: data.map(([label = '', ...cells], at) => ({ label, line: at + 2, cells })),
    })
    for (const [at, [label = '', ...cells]] of data.entries()) {
      for (const [column, cell] of cells.entries()) {
        const words = foldWords(`${label} ${columnLabels[column] ?? ''}`)
        for (const number of scanNumbers(cell)) {
          numbers.push({ number, source: index, line: at + 2, words, statistic: 'value' })
        }
      }
    }
  }
  return { sources, numbers, grids, typedFiles: new Map(), leftOut: [] }
}

/** For tests: a paper of one table of results and some sentences. */
export function paperOf(rows: readonly (readonly string[])[], sentences: readonly string[] = []): DocumentClaims {
  const path = 'paper.md'
  const [headers = [], ...data] = rows
  const claims: Claim[] = []
  const add = (text: string, where: Claim['where'], line: number) => {
    for (const number of scanNumbers(text)) {
      const informative = number.significant >= 3 || (number.significant === 2 && number.decimals >= 1)
      claims.push({
        id: claims.length,
        path,
        line,
        start: 0,
        end: 0,
        number,
        where,
        section: ['Results'],
        role: 'result',
        informative,
      })
    }
  }
  for (const [row, cells] of data.entries()) {
    for (const [column, cell] of cells.entries()) {
      if (column === 0) continue
      const where = {
        kind: 'cell',
        table: 0,
        row,
        column,
        rowLabel: cells[0] ?? '',
        columnLabel: headers[column] ?? '',
      } as const
      add(cell, where, row + 3)
    }
  }
  for (const [at, sentence] of sentences.entries()) add(sentence, { kind: 'prose', sentence }, 100 + at)
  const table = {
    path,
    index: 0,
    line: 1,
    caption: '',
    section: ['Results'],
    headers,
    rows: data.map((cells, row) => ({ line: row + 3, cells })),
    isSetup: false,
  }
  return { path, claims, tables: [table] }
}
