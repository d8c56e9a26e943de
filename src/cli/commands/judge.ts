import { join } from 'node:path'
import { Option } from 'commander'
import { PrerequisiteError } from '../../base/errors.ts'
import { checkModels } from '../../pipeline/check-models.ts'
import { openModels } from '../../pipeline/execute-run.ts'
import { type JudgingTotals, judgeTrials } from '../../pipeline/judge-trials.ts'
import { formatNumberOf } from '../../report/format.ts'
import { assembleReport } from '../../report/report.ts'
import { reportTables } from '../../report/report-tables.ts'
import { readRunReport } from '../../report/run-report.ts'
import { renderText } from '../../report/table.ts'
import { loadRubric, rubricIds } from '../../rubrics/rubric.ts'
import { openEventLog, readEvents } from '../../runs/event-log.ts'
import { listTrials, readRun } from '../../runs/run-store.ts'
import { type ReviewView, reviewViewSchema } from '../../schema/review.ts'
import type { CliContext, CommandResult } from '../context.ts'
import {
  budgetOption,
  collectList,
  concurrencyOption,
  jsonOption,
  logDirOption,
  parsePositiveInteger,
  providerUrlOption,
  type Register,
} from '../options.ts'
import { checkPanel, defaultRubrics, judgeSpec } from '../panel.ts'
import { noteReview } from '../progress.ts'
import { withAddresses } from '../resolve-config.ts'
import { judgePairwise } from './judge-pairwise.ts'

interface Flags {
  readonly judge?: string[]
  readonly pairwise?: boolean
  readonly agents?: string[]
  readonly stage?: string[]
  readonly view: ReviewView
  readonly repeats?: number
  readonly again?: boolean
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
    .argument('<run...>', 'id or folder of the run; with --pairwise of several')
    .addOption(
      new Option(
        '-j, --judge <judges>',
        "provider/model, scripted/form-check or offline/distilled (default: the run's own judges)",
      ).argParser(collectList),
    )
    .addOption(
      new Option(
        '-s, --stage <rubrics>',
        `what to judge, of: ${rubricIds.join(', ')} (default: the run's own, else all but hallucination)`,
      ).argParser(collectList),
    )
    .addOption(
      new Option(
        '--view <view>',
        'no-code: without the code, under the rubrics that show it; blind: without names of models, systems and people',
      )
        .choices(reviewViewSchema.options)
        .default('full'),
    )
    .addOption(new Option('--repeats <n>', 'reviews by each judge (default: 1)').argParser(parsePositiveInteger))
    .option('--again', 'a later round: review once more what the judges reviewed before, to see whether they drift')
    .option('--pairwise', "compare agents' works two by two, blind and in both orders, instead of giving marks")
    .addOption(
      new Option('--agents <names>', 'with --pairwise: the agents to compare (default: all)').argParser(collectList),
    )
    .addOption(concurrencyOption('reviews at once (default: 8)'))
    .addOption(budgetOption())
    .addOption(providerUrlOption())
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((ids: string[], flags: Flags) =>
      run((context) => (flags.pairwise ? judgePairwise(ids, flags, context) : judgeRun(ids, flags, context)), flags),
    )
}

async function judgeRun(runs: readonly string[], flags: Flags, context: CliContext): Promise<CommandResult> {
  const [id = '', ...more] = runs
  if (more.length > 0 || flags.agents !== undefined)
    throw new PrerequisiteError('several runs, and --agents, are for --pairwise; else judge one run after the other')
  const run = await readRun(flags.logDir, id)
  const { config } = run.record
  const judges = flags.judge?.map(judgeSpec) ?? config.judges
  const ids = flags.stage ?? (config.rubrics.length > 0 ? config.rubrics : defaultRubrics)
  checkPanel({ judges, rubrics: ids })
  const rubrics = await Promise.all(ids.map(loadRubric))

  const providers = withAddresses(config.providers, flags.providerUrl ?? [])
  // a later opinion must not be an earlier reply of another run
  const cache = flags.again === true && config.cache === 'shared' ? 'trial' : config.cache
  const account = {
    ...run.record,
    config: { ...config, providers, budgetUsd: flags.budgetUsd ?? config.budgetUsd, cache },
  }
  const models = await openModels({ folder: run.folder, record: account, secrets: context.secrets })
  checkModels({ agents: [], stages: [], judges }, models)
  const eventFolder = join(run.folder, 'events')
  const earlier = (await readEvents(eventFolder)).events
  using log = openEventLog(eventFolder, () => {})
  const totals = await judgeTrials(
    await listTrials(run.folder),
    { judges, rubrics, view: flags.view, repeats: flags.repeats ?? 1, again: flags.again === true },
    {
      runFolder: run.folder,
      models,
      log,
      earlier,
      concurrency: flags.concurrency ?? 8,
      signal: context.signal,
      onOutcome: (...seen) => noteReview(context.note, ...seen),
    },
  )
  const report = await readRunReport(run)
  return {
    text: `${renderText(reportTables(assembleReport([report])), context.style)}\n\n${describeTotals(totals, flags)}\n`,
    json: { run: run.record.id, folder: run.folder, ...totals, scores: report.scores },
    exitCode: totals.failed.length > 0 ? 1 : 0,
  }
}

function describeTotals({ made, present, failed }: JudgingTotals, { again, view }: Flags): string {
  if (made + present + failed.length === 0)
    return again === true
      ? 'Nothing to judge again: these judges have reviewed nothing of the run in this view. Leave out --again the first time.'
      : `Nothing to judge: no trial of the run has an artefact that these judges look at under these rubrics${view === 'no-code' ? ', of which "no-code" leaves only those that show code' : ''}.`
  const counts = `${formatNumberOf(made, 'review')} made, ${present} there before, ${failed.length} failed`
  if (failed.length === 0) return counts
  return again === true
    ? `${counts}; judge --repeats with the number of all rounds asks again for those that failed`
    : `${counts}; the same command asks again for those that failed`
}
