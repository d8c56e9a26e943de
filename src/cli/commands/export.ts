import { Option } from 'commander'
import { formatCount, formatNumberOf } from '../../report/format.ts'
import { readExportRows } from '../../report/export-tables.ts'
import { renderText } from '../../report/table.ts'
import { type ExportFormat, exportFormats, writeExport } from '../../report/write-export.ts'
import { readRun } from '../../runs/run-store.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'

interface Flags {
  readonly out: string
  readonly format: ExportFormat
  readonly logDir: string
  readonly json?: boolean
}

export const registerExport: Register = (program, run) => {
  program
    .command('export')
    .description('tables of all records, for DuckDB, pandas or a spreadsheet')
    .argument('<runs...>', 'ids or folders of runs')
    .requiredOption('-o, --out <folder>', 'where the files go, one a table')
    .addOption(new Option('-f, --format <format>', 'of the files').choices([...exportFormats]).default('parquet'))
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((runs: string[], flags: Flags) => run((context) => exportRuns(runs, flags, context), flags))
}

async function exportRuns(
  ids: readonly string[],
  { out, format, logDir }: Flags,
  { style, note }: CliContext,
): Promise<CommandResult> {
  const runs = await Promise.all([...new Set(ids)].map((id) => readRun(logDir, id)))
  const tables = []
  for (const run of runs) {
    note(`reading ${run.record.id}`)
    tables.push(await readExportRows(run))
  }
  const written = await writeExport(out, tables, format)
  const table = {
    title: `${formatNumberOf(runs.length, 'run')} exported to ${out}`,
    columns: ['table', 'rows', 'file'],
    rows: written.map((own) => [own.table, formatCount(own.rows), own.path]),
    notes: ['What the columns mean: docs/export.md.'],
  }
  const [first] = written
  const query =
    first === undefined
      ? ''
      : `\nFor example, in DuckDB: SELECT agent, judge, dimension, avg(score) FROM '${out}/scores.${format}' GROUP BY ALL;\n`
  return {
    text: `${renderText([table], style)}\n${query}`,
    json: { schema: 'mlrbench/export@1', out, format, tables: written },
    exitCode: 0,
  }
}
