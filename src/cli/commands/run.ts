import { Option } from 'commander'
import { checkModels, executeRun, openModels, type RunSummary } from '../../pipeline/execute-run.ts'
import { planTrials } from '../../pipeline/plan-trials.ts'
import { reportTables } from '../../report/report-tables.ts'
import { readRunReport, type RunReport } from '../../report/run-report.ts'
import { renderText } from '../../report/table.ts'
import { stages } from '../../schema/stage.ts'
import type { RunRecord } from '../../schema/run.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { describePlan } from '../describe-plan.ts'
import {
  collectList,
  jsonOption,
  logDirOption,
  parseNatural,
  parsePositiveInteger,
  parsePositiveNumber,
  type Register,
} from '../options.ts'
import { showProgress } from '../progress.ts'
import { resolveConfig, type RunFlags } from '../resolve-config.ts'
import { addTaskOptions, chooseTasks, requireSelection, type TaskFlags } from '../select-tasks.ts'
import { describeRun, startRun } from '../start-run.ts'

interface Flags extends RunFlags, TaskFlags {
  readonly name?: string
  readonly logDir: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

export const registerRun: Register = (program, run) => {
  const command = program
    .command('run')
    .description('run research agents on tasks, and have judges review what they produce')
  addTaskOptions(command)
    .addOption(
      new Option('-m, --model <models>', 'backbone as provider/model; each makes an agent').argParser(collectList),
    )
    .option('--preset <name>', 'agents and judges from a preset: paper, current')
    .option('--config <file>', 'configuration in YAML; flags override its keys')
    .addOption(new Option('--agent <names>', 'only these agents of the preset or configuration').argParser(collectList))
    .option('--search-model <model>', 'model of the literature stage (default: the backbone)')
    .option('--coder-model <model>', 'model of the coder (default: the backbone)')
    .addOption(new Option('-s, --stages <stages>', `stages to run, of: ${stages.join(', ')}`).argParser(collectList))
    .option(
      '--inputs <run[:agent]>',
      'take the earlier artefacts from another run; without an agent, one is drawn for each task',
    )
    .addOption(new Option('--repeats <n>', 'trials of each task and agent').argParser(parsePositiveInteger))
    .addOption(
      new Option('-j, --judge <judges>', 'judges: provider/model, or scripted/form-check').argParser(collectList),
    )
    .addOption(
      new Option('--rubric <ids>', 'rubrics to judge with (default: all but hallucination)').argParser(collectList),
    )
    .addOption(new Option('--sandbox <kind>', 'where experiments run').choices(['bubblewrap', 'host']))
    .addOption(new Option('--network <access>', 'network of experiments').choices(['none', 'full']))
    .addOption(new Option('--memory-gb <n>', 'memory of an experiment').argParser(parsePositiveNumber))
    .addOption(new Option('--cpus <n>', 'processors of an experiment').argParser(parsePositiveNumber))
    .addOption(
      new Option('--experiment-minutes <n>', 'time limit of an experiment (default: 240)').argParser(
        parsePositiveNumber,
      ),
    )
    .addOption(new Option('--provider-url <name=url>', "another address for a provider's API").argParser(collectList))
    .addOption(new Option('--concurrency <n>', 'trials at once (default: 4)').argParser(parsePositiveInteger))
    .addOption(new Option('--budget-usd <n>', 'dollars the whole run may cost').argParser(parsePositiveNumber))
    .addOption(new Option('--cache <mode>', 'which replies may be used again').choices(['trial', 'shared', 'off']))
    .addOption(new Option('--seed <n>', 'seed of everything drawn at random').argParser(parseNatural))
    .option('--name <id>', 'name of the run (default: date and time)')
    .option('--dry-run', 'say what would be done and called, and stop')
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((flags: Flags) => run((context) => runCommand(flags, context), flags))
}

async function runCommand(flags: Flags, context: CliContext): Promise<CommandResult> {
  requireSelection(flags)
  const tasks = await chooseTasks(flags, context.taskFolder)
  const record = await describeRun(await resolveConfig(flags), tasks, flags.name)
  if (flags.dryRun) return describePlan(record)
  // a missing key is found before a folder is made
  checkModels(
    record.config,
    await openModels({
      folder: flags.logDir,
      record: { ...record, config: { ...record.config, budgetUsd: null } },
      secrets: context.secrets,
    }),
  )
  const folder = await startRun(flags.logDir, record, tasks)
  return workOff({ folder, record }, { context, retryFailed: false })
}

/** Runs what is left of a run, and reports on it. Also on Ctrl-C nothing that was finished is lost. */
export async function workOff(
  run: { folder: string; record: RunRecord },
  { context, retryFailed }: { context: CliContext; retryFailed: boolean },
): Promise<CommandResult> {
  context.note(`run ${run.record.id}: ${planTrials(run.record).length} trials in ${run.folder}`)
  using progress = showProgress(run.record, context)
  const { secrets, signal } = context
  const summary = await executeRun({ ...run, secrets, retryFailed, observer: progress, signal })
  progress[Symbol.dispose]()
  const report = await readRunReport(run)
  const failed = summary.trials.filter(({ status }) => status !== 'done')
  const text = `${renderText(reportTables(report))}\n${describeFailures(summary)}${describePaths(report)}`
  return {
    text,
    json: { run: run.record.id, folder: run.folder, ...summary, agents: report.agents, scores: report.scores },
    exitCode: failed.length + summary.reviews.failed.length > 0 ? 1 : 0,
  }
}

function describeFailures({ trials, reviews }: RunSummary): string {
  const lines = [
    ...trials.flatMap(({ id, failure }) =>
      failure ? [`${id}: ${failure.stage} failed: ${failure.code}: ${failure.message}`] : [],
    ),
    ...trials.filter(({ status }) => status === 'busy').map(({ id }) => `${id}: another process works on it`),
    ...reviews.failed.map(
      ({ trial, rubric, judge, code, message }) => `${trial}: ${rubric} review by ${judge} failed: ${code}: ${message}`,
    ),
  ]
  return lines.length === 0 ? '' : `\nNot done:\n${lines.map((line) => `  ${line}\n`).join('')}`
}

const mostPaths = 20

function describePaths({ trials, folder }: RunReport): string {
  const shown = trials.filter(({ status }) => status !== 'pending').slice(0, mostPaths)
  const more = trials.length > shown.length ? `  … ${trials.length - shown.length} more below ${folder}\n` : ''
  return `\nArtefacts:\n${shown.map((trial) => `  ${trial.folder}\n`).join('')}${more}`
}
