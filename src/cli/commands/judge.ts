import { join } from 'node:path'
import { Option } from 'commander'
import { PrerequisiteError } from '../../base/errors.ts'
import { checkModels, openModels } from '../../pipeline/execute-run.ts'
import { judgeTrials } from '../../pipeline/judge-trials.ts'
import { reportTables } from '../../report/report-tables.ts'
import { readRunReport } from '../../report/run-report.ts'
import { renderText } from '../../report/table.ts'
import { loadRubric, rubricIds } from '../../rubrics/rubric.ts'
import { openEventLog, readEvents } from '../../runs/event-log.ts'
import { listTrials, readRun } from '../../runs/run-store.ts'
import type { ReviewView } from '../../schema/review.ts'
import type { CliContext, CommandResult } from '../context.ts'
import {
  collectList,
  jsonOption,
  logDirOption,
  parsePositiveInteger,
  parsePositiveNumber,
  type Register,
} from '../options.ts'
import { defaultRubrics, judgeSpec, withAddresses } from '../resolve-config.ts'

interface Flags {
  readonly judge?: string[]
  readonly stage?: string[]
  readonly view: ReviewView
  readonly repeats?: number
  readonly concurrency?: number
  readonly budgetUsd?: number
  readonly providerUrl?: string[]
  readonly logDir: string
  readonly json?: boolean
}

export const registerJudge: Register = (program, run) => {
  program
    .command('judge')
    .description('have judges review a run; reviews that are there are kept')
    .argument('<run>', 'id or folder of the run')
    .addOption(
      new Option(
        '-j, --judge <judges>',
        "provider/model, or scripted/form-check (default: the run's own judges)",
      ).argParser(collectList),
    )
    .addOption(
      new Option(
        '-s, --stage <rubrics>',
        `what to judge, of: ${rubricIds.join(', ')} (default: all but hallucination)`,
      ).argParser(collectList),
    )
    .addOption(new Option('--view <view>', 'whether judges see the code').choices(['full', 'no-code']).default('full'))
    .addOption(new Option('--repeats <n>', 'reviews by each judge').argParser(parsePositiveInteger))
    .addOption(new Option('--concurrency <n>', 'reviews at once (default: 8)').argParser(parsePositiveInteger))
    .addOption(
      new Option('--budget-usd <n>', 'dollars the whole run may cost, what it cost before included').argParser(
        parsePositiveNumber,
      ),
    )
    .addOption(new Option('--provider-url <name=url>', "another address for a provider's API").argParser(collectList))
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((id: string, flags: Flags) => run((context) => judgeRun(id, flags, context), flags))
}

async function judgeRun(id: string, flags: Flags, context: CliContext): Promise<CommandResult> {
  const run = await readRun(flags.logDir, id)
  const { config } = run.record
  const judges = flags.judge?.map(judgeSpec) ?? config.judges
  if (judges.length === 0)
    throw new PrerequisiteError('say who judges: --judge provider/model, twice for a panel of two')
  const unknown = flags.stage?.find((rubric) => !(rubricIds as readonly string[]).includes(rubric))
  if (unknown !== undefined) throw new PrerequisiteError(`no rubric "${unknown}"; there are: ${rubricIds.join(', ')}`)
  const rubrics = await Promise.all((flags.stage ?? defaultRubrics).map(loadRubric))

  const providers = withAddresses(config.providers, flags.providerUrl ?? [])
  const account = { ...run.record, config: { ...config, providers, budgetUsd: flags.budgetUsd ?? config.budgetUsd } }
  const models = await openModels({ folder: run.folder, record: account, secrets: context.secrets })
  checkModels({ agents: [], stages: [], judges }, models)
  const eventFolder = join(run.folder, 'events')
  const earlier = (await readEvents(eventFolder)).events
  using log = openEventLog(eventFolder, () => {})
  const totals = await judgeTrials(
    await listTrials(run.folder),
    { judges, rubrics, view: flags.view, repeats: flags.repeats ?? 1 },
    {
      runFolder: run.folder,
      models,
      log,
      earlier,
      concurrency: flags.concurrency ?? 8,
      signal: context.signal,
      onOutcome(trialId, judge, outcome) {
        if (outcome.status === 'reviewed') context.note(`${trialId}  ${outcome.review.rubric.id} reviewed by ${judge}`)
        if (outcome.status === 'failed')
          context.note(`${trialId}  review by ${judge} failed: ${outcome.code}: ${outcome.message}`)
      },
    },
  )
  const report = await readRunReport(run)
  const counts = `${totals.made} reviews made, ${totals.present} there before, ${totals.failed.length} failed\n`
  return {
    text: `${renderText(reportTables(report))}\n\n${counts}`,
    json: { run: run.record.id, folder: run.folder, ...totals, scores: report.scores },
    exitCode: totals.failed.length > 0 ? 1 : 0,
  }
}
