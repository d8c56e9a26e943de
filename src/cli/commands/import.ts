import { Option } from 'commander'
import { importAll, type ImportResult } from '../../importers/import-all.ts'
import { countReasons } from '../../importers/import-report.ts'
import { formatNumberOf } from '../../report/format.ts'
import { renderText, type Table } from '../../report/table.ts'
import { type ImportFormat, importFormatSchema } from '../../schema/run.ts'
import { type CliContext, type CommandResult, version } from '../context.ts'
import { jsonOption, logDirOption, parseName, type Register } from '../options.ts'

interface Flags {
  readonly format?: ImportFormat
  readonly prefix: string
  readonly agent?: string
  readonly logDir: string
  readonly json?: boolean
}

export const registerImport: Register = (program, run) => {
  program
    .command('import')
    .description('bring work done elsewhere into the log dir, to be judged, audited and compared')
    .argument('<source>', 'archive (.tar.gz) or folder: the release of MLR-Bench, AI Scientist v2, or papers with code')
    .addOption(
      new Option('-f, --format <format>', 'its layout (default: found out)').choices(importFormatSchema.options),
    )
    .addOption(new Option('--prefix <text>', 'begins the name of every run').argParser(parseName).default(''))
    .addOption(
      new Option('--agent <name>', 'what to call who did the work, where the source does not say').argParser(parseName),
    )
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((source: string, flags: Flags) => run((context) => importFrom(source, flags, context), flags))
}

async function importFrom(from: string, flags: Flags, context: CliContext): Promise<CommandResult> {
  const result = await importAll({
    from,
    logDir: flags.logDir,
    format: flags.format ?? null,
    options: { prefix: flags.prefix, agent: flags.agent ?? null },
    versions: { mlrbench: version, node: process.version },
    signal: context.signal,
    note: context.note,
  })
  const tables = [runTable(result, flags.logDir), readTable(result), skippedTable(result)].filter(
    ({ rows }) => rows.length > 0,
  )
  const { format, files, skipped } = result
  const runs = result.runs.map(({ status, folder, report }) => ({ status, folder, ...report }))
  return {
    text: `${renderText(tables, context.style)}\n\n${nextCommands(result, flags.logDir)}\n`,
    json: { schema: 'mlrbench/import-result@1', format, files, runs, skipped, reasons: countReasons(skipped) },
    exitCode: 0,
  }
}

function runTable({ runs, format }: ImportResult, logDir: string): Table {
  return {
    title: `${formatNumberOf(runs.length, 'run')} from ${format} in ${logDir}`,
    columns: ['run', 'agents', 'tasks', 'trials', 'reviews', 'by people', ''],
    rows: runs.map(({ status, report: { run, counts } }) => [
      run,
      String(counts.agents),
      String(counts.tasks),
      String(counts.trials),
      String(counts.reviews),
      String(counts.humanReviews),
      status,
    ]),
    notes: [],
  }
}

/** Files by kind; one that several runs hold is counted in each. */
function readTable({ runs, files }: ImportResult): Table {
  const kinds = new Map<string, number>()
  for (const { report } of runs)
    for (const [kind, count] of Object.entries(report.read)) kinds.set(kind, (kinds.get(kind) ?? 0) + count)
  return {
    title: `Read, of ${formatNumberOf(files, 'file')}`,
    columns: ['what', 'files'],
    rows: [...kinds].toSorted(([, a], [, b]) => b - a).map(([kind, count]) => [kind, String(count)]),
    notes: [
      'A file that several runs hold is counted in each.',
      ...runs.flatMap(({ report }) => describeNotes(report)),
    ],
  }
}

function describeNotes({ run, notes }: ImportResult['runs'][number]['report']): string[] {
  return notes.map(({ text, count }) => `${run}: ${text} (${count})`)
}

function skippedTable({ skipped }: ImportResult): Table {
  return {
    title: 'Left out',
    columns: ['why', 'number', 'such as'],
    rows: countReasons(skipped).map(({ reason, count, examples }) => [reason, String(count), examples[0] ?? '']),
    notes: [],
  }
}

/** As a shell takes it for one word. */
function quote(text: string): string {
  return /^[\w./~@%+:=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function nextCommands({ runs }: ImportResult, logDir: string): string {
  const first = runs.find(({ report }) => report.counts.reviews > 0) ?? runs[0]
  const id = first?.report.run ?? ''
  const flag = logDir === './logs' ? '' : ` --log-dir ${quote(logDir)}`
  return [
    'What was read and left out is in the import.json of each run. Go on with:',
    `  mlrbench status ${id}${flag}`,
    `  mlrbench report ${id}${flag}`,
    `  mlrbench judge ${id} --judge provider/model${flag}`,
  ].join('\n')
}
