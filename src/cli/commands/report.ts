import { Option } from 'commander'
import { PrerequisiteError } from '../../base/errors.ts'
import { assembleReport, type Report } from '../../report/report.ts'
import { readRunReport, type RunReport } from '../../report/run-report.ts'
import type { TextStyle } from '../../report/table.ts'
import { readRun } from '../../runs/run-store.ts'
import type { PriceOutput } from '../../studies/costs.ts'
import { type Reducer, reducers } from '../../studies/marks.ts'
import type { CommandResult } from '../context.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'

const formats = ['text', 'md', 'csv', 'json', 'latex'] as const

interface Flags {
  readonly logDir: string
  readonly format: (typeof formats)[number]
  readonly reduce: Reducer
  readonly paperTables?: boolean
  readonly json?: boolean
}

export const registerReport: Register = (program, run) => {
  program
    .command('report')
    .description('tables of scores with what they are worth, durations, tokens and cost')
    .argument('<runs...>', 'ids or folders of the runs')
    .addOption(new Option('-f, --format <format>', 'form of the report').choices(formats).default('text'))
    .addOption(
      new Option('--reduce <reducer>', "how one judge's repeats become one mark").choices(reducers).default('mean'),
    )
    .option('--paper-tables', "the paper's tables in its own rounding, next to exact values")
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((runs: string[], flags: Flags) =>
      run(({ style }) => reportOn(runs, flags, style), { json: flags.json === true || flags.format === 'json' }),
    )
}

async function reportOn(ids: readonly string[], flags: Flags, style: TextStyle): Promise<CommandResult> {
  const runs: RunReport[] = []
  for (const id of ids) {
    const run = await readRun(flags.logDir, id)
    // named twice, or once by its id and once by its folder
    if (!runs.some(({ folder }) => folder === run.folder)) runs.push(await readRunReport(run))
  }
  const isJson = flags.json === true || flags.format === 'json'
  const priceOutput = isJson ? await loadPrices(runs) : undefined
  const report = assembleReport(runs, {
    reduce: flags.reduce,
    inFull: isJson || flags.format === 'csv',
    ...(priceOutput === undefined ? {} : { priceOutput }),
  })
  return {
    text: isJson ? '' : await render(report, flags, style),
    json: report,
    exitCode: 0,
  }
}

/** Price tables are loaded where some coder's calls are to be priced, and nowhere else. */
async function loadPrices(runs: readonly RunReport[]): Promise<PriceOutput | undefined> {
  const calls = runs.some(({ trials }) =>
    trials.some(({ state }) => (state.spendingByStage.experiment?.usage.outputTokens ?? 0) > 0),
  )
  return calls ? (await import('../../models/list-price.ts')).priceOutput : undefined
}

async function render(report: Report, { format, paperTables }: Flags, style: TextStyle): Promise<string> {
  if (paperTables === true && report.tables.length === 0)
    throw new PrerequisiteError('there are no marks to make tables of: have the work judged with mlrbench judge')
  const { reportTables, scoresCsv } = await import('../../report/report-tables.ts')
  if (format === 'csv') return scoresCsv(report)
  const tables =
    paperTables === true ? (await import('../../report/paper-tables.ts')).paperTables(report) : reportTables(report)
  switch (format) {
    case 'json':
      return ''
    case 'latex':
      return `${(await import('../../report/latex.ts')).renderLatex(tables)}\n`
    case 'md':
      return `${(await import('../../report/table.ts')).renderMarkdown(tables)}\n`
    case 'text':
      return `${(await import('../../report/table.ts')).renderText(tables, style)}\n`
  }
}
