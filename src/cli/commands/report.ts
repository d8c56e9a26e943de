import { Option } from 'commander'
import { reportTables, scoresCsv } from '../../report/report-tables.ts'
import { readRunReport } from '../../report/run-report.ts'
import { renderMarkdown, renderText, type TextStyle } from '../../report/table.ts'
import { readRun } from '../../runs/run-store.ts'
import type { CommandResult } from '../context.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'

type Format = 'text' | 'md' | 'csv' | 'json'

export const registerReport: Register = (program, run) => {
  program
    .command('report')
    .description('tables of scores, durations, tokens and cost')
    .argument('<run>', 'id or folder of the run')
    .addOption(
      new Option('-f, --format <format>', 'form of the report').choices(['text', 'md', 'csv', 'json']).default('text'),
    )
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((id: string, flags: { logDir: string; format: Format; json?: boolean }) =>
      run(({ style }) => reportOn(id, flags, style), { json: flags.json === true || flags.format === 'json' }),
    )
}

async function reportOn(
  id: string,
  { logDir, format }: { logDir: string; format: Format },
  style: TextStyle,
): Promise<CommandResult> {
  const report = await readRunReport(await readRun(logDir, id))
  const render = {
    text: () => `${renderText(reportTables(report), style)}\n`,
    md: () => `${renderMarkdown(reportTables(report))}\n`,
    csv: () => scoresCsv(report),
    json: () => '',
  }
  return { text: render[format](), json: report, exitCode: 0 }
}
