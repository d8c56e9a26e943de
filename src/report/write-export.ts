import { join } from 'node:path'
import { writeWhole } from '../base/files.ts'
import {
  type Column,
  type ColumnType,
  type ExportedRows,
  type ExportRow,
  type ExportTable,
  exportTables,
} from './export-tables.ts'

export const exportFormats = ['jsonl', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface WrittenTable {
  readonly table: ExportTable
  readonly path: string
  readonly rows: number
}

/**
 * Writes one file a table, each whole. Every row has every column, null where nothing is known; a table without rows is
 * written too, so that a query over it does not fail.
 */
export async function writeExport(
  folder: string,
  tables: readonly ExportedRows[],
  format: ExportFormat,
): Promise<WrittenTable[]> {
  const written: WrittenTable[] = []
  for (const table of Object.keys(exportTables) as ExportTable[]) {
    const columns: Readonly<Record<string, Column>> = exportTables[table].columns
    const rows = tables.flatMap((run) => run[table])
    const path = join(folder, `${table}.${format}`)
    await writeWhole(path, format === 'jsonl' ? toJsonLines(rows, columns) : await toParquet(rows, columns))
    written.push({ table, path, rows: rows.length })
  }
  return written
}

function toJsonLines(rows: readonly ExportRow[], columns: Readonly<Record<string, Column>>): string {
  const names = Object.keys(columns)
  return rows
    .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name] ?? null])))}\n`)
    .join('')
}

async function toParquet(rows: readonly ExportRow[], columns: Readonly<Record<string, Column>>): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer')
  const columnData = Object.entries(columns).map(([name, { type }]) => ({
    name,
    type,
    nullable: true,
    data: rows.map((row) => toParquetValue(row[name] ?? null, type)),
  }))
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

function toParquetValue(value: ExportRow[string] | undefined, type: ColumnType): unknown {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'INT64':
      return BigInt(Math.round(Number(value)))
    case 'TIMESTAMP':
      return new Date(String(value))
    case 'DOUBLE':
    case 'BOOLEAN':
    case 'STRING':
      return value
  }
}
