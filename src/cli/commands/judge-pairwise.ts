import { join } from 'node:path'
import { PrerequisiteError } from '../../base/errors.ts'
import { checkModels } from '../../pipeline/check-models.ts'
import { openModels } from '../../pipeline/execute-run.ts'
import { formatNumberOf } from '../../report/format.ts'
import { renderText } from '../../report/table.ts'
import { loadRubric } from '../../rubrics/rubric.ts'
import { openEventLog, readEvents } from '../../runs/event-log.ts'
import { readRun } from '../../runs/run-store.ts'
import { keepStudy } from '../../runs/study-store.ts'
import type { ModelSettings } from '../../schema/config.ts'
import type { ReviewView } from '../../schema/review.ts'
import { labelAgents } from '../../studies/marks.ts'
import { type PairwisePlan, runPairwise } from '../../studies/pairwise.ts'
import type { CliContext, CommandResult } from '../context.ts'
import type { Run } from '../controls.ts'
import { checkPanel, judgeSpec } from '../panel.ts'
import { withAddresses } from '../resolve-config.ts'
import { pairwiseTables } from '../study-tables.ts'

/** The flags of `judge` that a comparison takes. */
export interface PairwiseFlags {
  readonly judge?: string[]
  readonly agents?: string[]
  readonly stage?: string[]
  readonly view: ReviewView
  readonly again?: boolean
  readonly repeats?: number
  readonly concurrency?: number
  readonly budgetUsd?: number
  readonly providerUrl?: string[]
  readonly logDir: string
}

/**
 * Has models say which of two agents' works on a task is better, blind and in both orders. Calls count on the first run's budget;
 * each comparison stands in the run of the work that was shown first.
 */
export async function judgePairwise(
  ids: readonly string[],
  flags: PairwiseFlags,
  context: CliContext,
): Promise<CommandResult> {
  if (flags.again === true)
    throw new PrerequisiteError('--again is for marks; for more comparisons of the same works give --repeats')
  if (flags.view === 'no-code')
    throw new PrerequisiteError('a comparison has a view of its own: all the material, without names. Leave --view out')
  const runs = await readDistinct(ids, flags.logDir)
  const [account] = runs
  if (account === undefined) throw new PrerequisiteError('say which run to judge')
  const { config } = account.record
  const judges = flags.judge?.map(judgeSpec) ?? config.judges
  const [stage, ...more] = flags.stage ?? ['paper']
  if (stage === undefined || more.length > 0)
    throw new PrerequisiteError('a comparison has one kind of work: give one rubric, e.g. --stage paper')
  checkPanel({ judges, rubrics: [stage] })
  const rubric = await loadRubric(stage)
  if (rubric.rubric.overall === null && rubric.rubric.dimensions.length === 0)
    throw new PrerequisiteError(`the rubric "${stage}" has no criteria to compare by: choose another --stage`)
  const settings = judges.map((judge): ModelSettings => {
    if (judge.kind === 'model') return judge.model
    throw new PrerequisiteError(
      `${judge.name} gives marks and cannot compare two works: give a model with --judge provider/model`,
    )
  })
  const label = labelAgents(
    runs.map(({ record }) => ({ run: record.id, agents: record.config.agents.map(({ name }) => name) })),
  )
  const plan: PairwisePlan = {
    runs: runs.map(({ folder, record }) => ({ id: record.id, folder })),
    agents: chooseAgents(runs, { names: flags.agents, label }),
    judges: settings,
    rubric,
    repeats: flags.repeats ?? 1,
    nameOf: label,
  }
  const providers = withAddresses(config.providers, flags.providerUrl ?? [])
  const record = { ...account.record, config: { ...config, providers, budgetUsd: flags.budgetUsd ?? config.budgetUsd } }
  const models = await openModels({ folder: account.folder, record, secrets: context.secrets })
  checkModels({ agents: [], stages: [], judges }, models)
  const eventFolder = join(account.folder, 'events')
  const earlier = (await readEvents(eventFolder)).events
  using log = openEventLog(eventFolder, () => {})
  const { study, made, present } = await runPairwise(plan, {
    models,
    log,
    earlier,
    concurrency: flags.concurrency ?? 8,
    onOutcome: context.note,
    signal: context.signal,
  })
  if (made + present + study.failed.length === 0)
    throw new PrerequisiteError(
      `no task has work of two of these agents that the rubric "${stage}" judges: see "mlrbench status ${account.record.id}"`,
    )
  const path = await keepStudy(account.folder, study)
  const counts = `${formatNumberOf(made, 'comparison')} made, ${present} there before, ${study.failed.length} failed`
  const again = study.failed.length === 0 ? '' : '; the same command asks again for those that failed'
  return {
    text: `${renderText(pairwiseTables(study), context.style)}\n\n${counts}${again}\nKept in ${path}\n`,
    json: { made, present, ...study, path },
    exitCode: study.failed.length > 0 ? 1 : 0,
  }
}

async function readDistinct(ids: readonly string[], logDir: string): Promise<Run[]> {
  const runs = new Map<string, Run>()
  for (const id of ids) {
    const run = await readRun(logDir, id)
    const known = runs.get(run.record.id)
    if (known !== undefined && known.folder !== run.folder)
      throw new PrerequisiteError(`two runs are called "${run.record.id}": ${known.folder} and ${run.folder}`)
    runs.set(run.record.id, run)
  }
  return [...runs.values()]
}

/** The agents named, or all of the runs; by name, or by `<run>:<name>` where runs share it. */
function chooseAgents(
  runs: readonly Run[],
  { names, label }: { names: readonly string[] | undefined; label: PairwisePlan['nameOf'] },
): PairwisePlan['agents'] {
  const all = runs.flatMap(({ record }) => record.config.agents.map(({ name }) => ({ run: record.id, agent: name })))
  const labels = all.map(({ run, agent }) => label(run, agent))
  const unknown = names?.find((name) => !labels.includes(name))
  if (unknown !== undefined) throw new PrerequisiteError(`no agent "${unknown}"; there are: ${labels.join(', ')}`)
  const chosen = names === undefined ? all : all.filter(({ run, agent }) => names.includes(label(run, agent)))
  if (chosen.length < 2)
    throw new PrerequisiteError(
      `a comparison needs two agents; there ${labels.length === 1 ? 'is only' : 'are'} ${labels.join(', ')}`,
    )
  return chosen
}
