import { join, relative } from 'node:path'
import { Option } from 'commander'
import { checkCoders, checkModels, checkSandbox } from '../../pipeline/check-models.ts'
import { executeRun, openModels, type RunSummary } from '../../pipeline/execute-run.ts'
import { requireInputs } from '../../pipeline/copy-inputs.ts'
import { planTrials } from '../../pipeline/plan-trials.ts'
import { formatNumberOf } from '../../report/format.ts'
import { assembleReport } from '../../report/report.ts'
import { reportTables } from '../../report/report-tables.ts'
import { readRunReport, type RunReport } from '../../report/run-report.ts'
import { renderText } from '../../report/table.ts'
import { readRun } from '../../runs/run-store.ts'
import { defaultLimits, sandboxes } from '../../sandboxes/index.ts'
import { cacheModeSchema, coderKinds, type RunConfig } from '../../schema/config.ts'
import type { RunRecord } from '../../schema/run.ts'
import { stages } from '../../schema/stage.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { describePlan } from '../describe-plan.ts'
import {
  budgetOption,
  collectList,
  concurrencyOption,
  jsonOption,
  logDirOption,
  parseName,
  parseNatural,
  parsePositiveInteger,
  parseGpus,
  parsePositiveNumber,
  providerUrlOption,
  type Register,
} from '../options.ts'
import { showProgress } from '../progress.ts'
import { resolveConfig, type RunFlags } from '../resolve-config.ts'
import { addTaskOptions, chooseTasksToRun, type TaskFlags } from '../select-tasks.ts'
import { describeRun, startRun } from '../start-run.ts'

interface Flags extends RunFlags, TaskFlags {
  readonly name?: string
  readonly logDir: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

const gibibyte = 1024 ** 3

export const registerRun: Register = (program, run) => {
  const command = program
    .command('run')
    .description('run research agents on tasks, and have judges review what they produce')
    .usage('--task <ids> --model <provider/model> [options]')
    .optionsGroup('Tasks:')
  addTaskOptions(command)
    .optionsGroup('Agents:')
    .addOption(
      new Option('-m, --model <models>', 'backbones as provider/model; each makes an agent').argParser(collectList),
    )
    .option('--preset <name>', 'agents and judges from a preset: paper, current')
    .option('--config <file>', 'configuration in YAML; flags override its keys')
    .addOption(new Option('--agent <names>', 'only these agents of the preset or configuration').argParser(collectList))
    .option('--search-model <model>', 'model of the literature stage (default: the backbone)')
    .addOption(
      new Option('--coder <kind>', 'who does the experiments (default: bash-loop); see mlrbench doctor').choices(
        coderKinds.filter((kind) => kind !== 'command'),
      ),
    )
    .option(
      '--coder-command <command>',
      'a coder of your own: what bash runs in the workspace, its prompt on standard input',
    )
    .option('--coder-model <model>', 'model of the coder (default: the backbone)')
    .addOption(
      new Option('--coder-usd <n>', 'dollars the calls of one experiment may cost (default: no limit)').argParser(
        parsePositiveNumber,
      ),
    )
    .addOption(
      new Option('--coder-tokens <n>', 'tokens they may use, input and output together (default: no limit)').argParser(
        parsePositiveInteger,
      ),
    )
    .addOption(
      new Option('--coder-steps <n>', 'calls that one experiment may make (default: 200)').argParser(
        parsePositiveInteger,
      ),
    )
    .option('--agent-command <command>', 'an agent of your own that does everything from task.md to paper.md')
    .optionsGroup('What is run:')
    .addOption(
      new Option('-s, --stages <stages>', `some of ${stages.join(', ')} (default: all)`).argParser(collectList),
    )
    .option(
      '--inputs <run[:agent]>',
      'take the artefacts of earlier stages from another run; without an agent, one is drawn for each task',
    )
    .addOption(
      new Option('--repeats <n>', 'trials of each task and agent (default: 1)').argParser(parsePositiveInteger),
    )
    .addOption(new Option('--seed <n>', 'seed of everything drawn at random (default: 0)').argParser(parseNatural))
    .optionsGroup('Judges:')
    .addOption(
      new Option(
        '-j, --judge <judges>',
        'judges as provider/model, scripted/form-check or offline/distilled',
      ).argParser(collectList),
    )
    .addOption(
      new Option('--rubric <ids>', 'rubrics to judge with (default: all but hallucination)').argParser(collectList),
    )
    .optionsGroup('Experiments:')
    .addOption(
      new Option('--sandbox <kind>', 'where they run (default: what isolates here)').choices(Object.keys(sandboxes)),
    )
    .addOption(
      new Option(
        '--network <access>',
        'what they reach: none, full, or a list of hosts, package-index and model-hub (default: none)',
      ).argParser(collectList),
    )
    .addOption(
      new Option(
        '--share <folders>',
        'folders of yours that they see under the same path, for reading only, such as your own coder',
      ).argParser(collectList),
    )
    .option('--image <image>', 'of containers and apptainer: what they run in')
    .addOption(
      new Option('--gpus <n>', 'of containers and apptainer: how many GPUs each sees, or all (default: 0)').argParser(
        parseGpus,
      ),
    )
    .addOption(
      new Option('--experiment-model <models>', 'models that their own code may call, through the gateway').argParser(
        collectList,
      ),
    )
    .addOption(
      new Option('--memory-gb <n>', `memory of each (default: ${defaultLimits.memoryBytes / gibibyte})`).argParser(
        parsePositiveNumber,
      ),
    )
    .addOption(
      new Option('--cpus <n>', `processors of each (default: ${defaultLimits.cpus})`).argParser(parsePositiveNumber),
    )
    .addOption(
      new Option('--experiment-minutes <n>', 'time limit of each (default: 240)').argParser(parsePositiveNumber),
    )
    .optionsGroup('Cost and speed:')
    .addOption(budgetOption())
    .addOption(concurrencyOption('trials at once (default: 4)'))
    .addOption(
      new Option('--cache <mode>', 'which replies may be used again (default: trial)').choices(cacheModeSchema.options),
    )
    .addOption(providerUrlOption())
    .optionsGroup('The run:')
    .addOption(new Option('--name <id>', 'its name (default: date and time)').argParser(parseName))
    .option('--dry-run', 'say what would be done and called, and stop')
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((flags: Flags) => run((context) => runCommand(flags, context), flags))
}

async function runCommand(flags: Flags, context: CliContext): Promise<CommandResult> {
  const tasks = await chooseTasksToRun(flags, context.taskFolder)
  const config = await findInputs(await resolveConfig(flags), flags.logDir)
  const record = await describeRun(config, tasks, flags.name)
  await requireInputs(record)
  if (flags.dryRun) return describePlan(record, config, context.style)
  // a missing key is found before a folder is made
  const folderToBe = join(flags.logDir, record.id)
  const models = await openModels({ folder: folderToBe, record, secrets: context.secrets })
  checkModels(config, models)
  await checkCoders(config, models)
  await checkSandbox(config)
  const folder = await startRun(flags.logDir, record, tasks)
  return workOff({ folder, record }, { context, retryFailed: false })
}

/** Runs that inputs come from, by their folders: found now, and wherever the run is resumed from. */
async function findInputs(config: RunConfig, logDir: string): Promise<RunConfig> {
  const agents = await Promise.all(
    config.agents.map(async (agent) => {
      if (agent.kind === 'command' || agent.inputs === null) return agent
      const { folder } = await readRun(logDir, agent.inputs.run)
      return { ...agent, inputs: { ...agent.inputs, run: folder } }
    }),
  )
  return { ...config, agents }
}

/** Runs what is left of a run, and reports on it. Also on Ctrl-C nothing that was finished is lost. */
export async function workOff(
  run: { folder: string; record: RunRecord },
  { context, retryFailed }: { context: CliContext; retryFailed: boolean },
): Promise<CommandResult> {
  const { secrets, signal, style } = context
  context.note(
    `run ${run.record.id}: ${formatNumberOf(planTrials(run.record).length, 'trial')} in ${showPath(run.folder)}`,
  )
  signal.addEventListener('abort', () => context.note(`To go on later: mlrbench resume ${showPath(run.folder)}`))
  const summary = await observed()
  const report = await readRunReport(run)
  const failed = summary.trials.filter(({ status }) => status !== 'done')
  return {
    text: `${renderText(reportTables(assembleReport([report])), style)}\n${describeFailures(summary, run.folder)}${describePaths(report)}`,
    json: { run: run.record.id, folder: run.folder, ...summary, agents: report.agents, scores: report.scores },
    exitCode: failed.length + summary.reviews.failed.length > 0 ? 1 : 0,
  }

  async function observed(): Promise<RunSummary> {
    using progress = showProgress(run.record, context)
    return await executeRun({ ...run, secrets, retryFailed, observer: progress, signal })
  }
}

function describeFailures({ trials, reviews }: RunSummary, folder: string): string {
  const lines = [
    ...trials.flatMap(({ id, status, failure }) =>
      failure
        ? [
            `${id}: ${failure.stage} ${status === 'stopped' ? 'stopped' : 'failed'}: ${failure.code}: ${failure.message}`,
          ]
        : [],
    ),
    ...trials.filter(({ status }) => status === 'busy').map(({ id }) => `${id}: another process works on it`),
    ...reviews.failed.map(
      ({ trial, rubric, judge, code, message }) => `${trial}: ${rubric} review by ${judge} failed: ${code}: ${message}`,
    ),
  ]
  if (lines.length === 0) return ''
  const spent = trials.some(({ failure }) => failure?.code === 'budget-spent')
  const flags = `${spent ? ' --budget-usd <more>' : ''}${trials.some(({ status }) => status === 'failed') ? ' --retry-failed' : ''}`
  const retry = `To attempt it again: mlrbench resume ${showPath(folder)}${flags}`
  return `\nNot done:\n${lines.map((line) => `  ${line}\n`).join('')}${retry}\n`
}

/** Short where it lies below the folder the command was started in. */
export function showPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}

const mostPaths = 8

function describePaths({ trials, folder }: RunReport): string {
  const shown = trials.filter(({ status }) => status !== 'pending').slice(0, mostPaths)
  const more =
    trials.length > shown.length ? `  … ${trials.length - shown.length} more below ${showPath(folder)}\n` : ''
  const artefacts = `\nArtefacts:\n${shown.map((trial) => `  ${showPath(trial.folder)}\n`).join('')}${more}`
  return `${artefacts}\nThese tables again, and as Markdown or CSV: mlrbench report ${showPath(folder)}\n`
}
