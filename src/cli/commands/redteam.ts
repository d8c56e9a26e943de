import { join } from 'node:path'
import { Option } from 'commander'
import picomatch from 'picomatch'
import { PrerequisiteError } from '../../base/errors.ts'
import { openJudge } from '../../judges/index.ts'
import type { ModelCaller } from '../../models/model-caller.ts'
import { checkModels } from '../../pipeline/check-models.ts'
import { openModels } from '../../pipeline/execute-run.ts'
import { formatNumberOf } from '../../report/format.ts'
import { renderText } from '../../report/table.ts'
import { rubricIds } from '../../rubrics/rubric.ts'
import { openEventLog, readEvents } from '../../runs/event-log.ts'
import { listTrials, readRun } from '../../runs/run-store.ts'
import { keepStudy, studyFolder } from '../../runs/study-store.ts'
import type { AgentSpec } from '../../schema/config.ts'
import { type ReviewView, reviewViewSchema } from '../../schema/review.ts'
import { attacks as allAttacks } from '../../studies/attacks.ts'
import { type RedTeamPlan, redTeamId, runRedTeam } from '../../studies/redteam.ts'
import type { CliContext, CommandResult } from '../context.ts'
import { openControls, type Run } from '../controls.ts'
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
import { checkPanel, chooseRubrics, judgeSpec } from '../panel.ts'
import { noteReview } from '../progress.ts'
import { withAddresses } from '../resolve-config.ts'
import { redTeamTables } from '../study-tables.ts'

interface Flags {
  readonly judge?: string[]
  readonly run?: string
  readonly agents?: string[]
  readonly task?: string[]
  readonly stage?: string[]
  readonly attack?: string[]
  readonly view: ReviewView
  readonly repeats?: number
  readonly concurrency?: number
  readonly budgetUsd?: number
  readonly providerUrl?: string[]
  readonly logDir: string
  readonly json?: boolean
}

/** Shows a judge the most that can be attacked: paper, code and logs. */
const defaultStages = ['end-to-end']

export const registerRedteam: Register = (program, run) => {
  program
    .command('redteam')
    .description('attack judges with texts that ask for high marks, and measure what that gains')
    .addOption(
      new Option('-j, --judge <judges>', 'provider/model, scripted/form-check or offline/distilled').argParser(
        collectList,
      ),
    )
    .option('--run <run>', 'id or folder of a run whose work is attacked (default: work of scripted/honest, made here)')
    .addOption(new Option('--agents <names>', 'only the work of these agents of the run').argParser(collectList))
    .addOption(new Option('-t, --task <ids>', 'only these tasks, by id or glob').argParser(collectList))
    .addOption(
      new Option(
        '-s, --stage <rubrics>',
        `what to judge, of: ${rubricIds.join(', ')} (default: ${defaultStages.join(', ')}; for judges that do not cover it paper, or idea and proposal)`,
      ).argParser(collectList),
    )
    .addOption(
      new Option('--attack <ids>', `of: ${allAttacks.map(({ id }) => id).join(', ')} (default: all)`).argParser(
        collectList,
      ),
    )
    .addOption(
      new Option('--view <view>', 'what the judges are shown').choices(reviewViewSchema.options).default('full'),
    )
    .addOption(
      new Option('--repeats <n>', 'reviews of each version by each judge (default: 1)').argParser(parsePositiveInteger),
    )
    .addOption(concurrencyOption('reviews at once (default: 8)'))
    .addOption(budgetOption())
    .addOption(providerUrlOption())
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((flags: Flags) => run((context) => redteam(flags, context), flags))
}

async function redteam(flags: Flags, context: CliContext): Promise<CommandResult> {
  const judges = (flags.judge ?? []).map(judgeSpec)
  checkPanel({ judges, rubrics: flags.stage ?? defaultStages })
  const opened = judges.map(openJudge)
  const rubrics = await chooseRubrics(opened, {
    named: flags.stage,
    choices: [defaultStages, ['paper'], ['idea', 'proposal']],
    by: 'every',
  })
  if (flags.stage === undefined)
    context.note(
      `Judged by the rubrics all of these judges cover: ${rubrics.map(({ rubric }) => rubric.id).join(', ')}.`,
    )
  const unmarked = rubrics.find(({ rubric }) => rubric.overall === null && rubric.dimensions.length === 0)
  if (unmarked !== undefined)
    throw new PrerequisiteError(
      `the rubric "${unmarked.rubric.id}" gives no marks that an attack could raise: choose another --stage`,
    )
  const attacks = chooseAttacks(flags.attack)
  const check = async (of: Run): Promise<void> => {
    await openAccount(of, of.folder, { flags, context })
  }
  const run =
    flags.run === undefined
      ? await openControls({ models: ['honest'], tasks: flags.task ?? [], logDir: flags.logDir, check }, context)
      : await readRun(flags.logDir, flags.run)
  const trials = await chooseTrials(run, flags)
  const plan: RedTeamPlan = {
    run: { id: run.record.id, folder: run.folder },
    trials,
    judges: opened,
    rubrics,
    attacks,
    view: flags.view,
    repeats: flags.repeats ?? 1,
  }
  const folder = studyFolder(run.folder, redTeamId(plan))
  const models = await openAccount(run, folder, { flags, context })
  const most = trials.length * rubrics.length * judges.length * (attacks.length + 1) * plan.repeats
  context.note(
    `${formatNumberOf(attacks.length, 'attack')} on ${formatNumberOf(trials.length, 'trial')}: at most ${formatNumberOf(most, 'review')}; what is there is kept`,
  )
  const eventFolder = join(folder, 'events')
  const earlier = (await readEvents(eventFolder)).events
  using log = openEventLog(eventFolder, () => {})
  const study = await runRedTeam(plan, {
    folder,
    models,
    log,
    earlier,
    concurrency: flags.concurrency ?? 8,
    onOutcome: (...seen) => noteReview(context.note, ...seen),
    signal: context.signal,
  })
  const path = await keepStudy(run.folder, study)
  const failures =
    study.failed.length === 0
      ? ''
      : `\n${formatNumberOf(study.failed.length, 'review')} failed; the same command asks again for them\n`
  return {
    text: `${renderText(redTeamTables(study), context.style)}\n\n${study.verdicts.map(({ words }) => `${words}\n`).join('')}${failures}\nKept in ${path}\n`,
    json: { ...study, path },
    exitCode: study.failed.length > 0 ? 1 : 0,
  }
}

/** A caller on the study's own account: the run's budget was for its own work. Throws for a missing key or price. */
async function openAccount(
  run: Run,
  folder: string,
  { flags, context }: { flags: Flags; context: CliContext },
): Promise<ModelCaller> {
  const { config } = run.record
  const providers = withAddresses(config.providers, flags.providerUrl ?? [])
  const account = { ...config, providers, budgetUsd: flags.budgetUsd ?? null, cache: 'trial' as const }
  const record = { ...run.record, config: account }
  const models = await openModels({ folder, record, secrets: context.secrets })
  checkModels({ agents: [], stages: [], judges: (flags.judge ?? []).map(judgeSpec) }, models)
  return models
}

function chooseAttacks(ids: readonly string[] | undefined): RedTeamPlan['attacks'] {
  if (ids === undefined) return allAttacks
  const unknown = ids.find((id) => !allAttacks.some((attack) => attack.id === id))
  if (unknown !== undefined)
    throw new PrerequisiteError(`no attack "${unknown}"; there are: ${allAttacks.map(({ id }) => id).join(', ')}`)
  return allAttacks.filter(({ id }) => ids.includes(id))
}

/** Trials of the tasks and agents asked for; work that attacks its judges already is no clean version. */
async function chooseTrials(run: Run, { task: tasks, agents }: Pick<Flags, 'task' | 'agents'>): Promise<string[]> {
  const isWanted = picomatch(tasks === undefined || tasks.length === 0 ? ['*'] : [...tasks])
  const attacking = new Set(run.record.config.agents.filter(isInjector).map(({ name }) => name))
  const trials = (await listTrials(run.folder)).filter((id) => {
    const [task = '', agent = ''] = id.split('/')
    return isWanted(task) && !attacking.has(agent) && (agents?.includes(agent) ?? true)
  })
  if (trials.length === 0)
    throw new PrerequisiteError(
      `run ${run.record.id} has no such trial to attack${tasks === undefined ? '' : ` (tasks ${tasks.join(', ')})`}${agents === undefined ? '' : ` (agents ${agents.join(', ')})`}: see "mlrbench status ${run.record.id}"`,
    )
  return trials
}

const isInjector = (agent: AgentSpec): boolean =>
  agent.kind === 'mlr-agent' && agent.model.model === 'scripted/injector'
