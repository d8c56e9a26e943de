import { join } from 'node:path'
import { Option } from 'commander'
import picomatch from 'picomatch'
import { PrerequisiteError } from '../../base/errors.ts'
import { hashJson } from '../../base/hash.ts'
import { openJudge } from '../../judges/index.ts'
import { judgedRubric } from '../../judges/judge.ts'
import type { ModelCaller } from '../../models/model-caller.ts'
import { checkModels } from '../../pipeline/check-models.ts'
import { openModels } from '../../pipeline/execute-run.ts'
import { judgeTrials } from '../../pipeline/judge-trials.ts'
import { formatNumberOf } from '../../report/format.ts'
import { renderText } from '../../report/table.ts'
import { rubricIds } from '../../rubrics/rubric.ts'
import { openEventLog, readEvents } from '../../runs/event-log.ts'
import { readReviews } from '../../runs/review-store.ts'
import { listTrials, readRun } from '../../runs/run-store.ts'
import { keepStudy } from '../../runs/study-store.ts'
import { type ReviewView, reviewViewSchema } from '../../schema/review.ts'
import type { CalibrationStudy } from '../../schema/study.ts'
import { type Control, describeControls, judgeControls } from '../../studies/calibrate.ts'
import { describeBias, measureBias } from '../../studies/judge-bias.ts'
import { currentReviews, partsOfTrial } from '../../studies/marks.ts'
import { auditControls } from '../audit-controls.ts'
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
import { calibrationTables, driftTable, lengthTable, selfPreferenceTable } from '../study-tables.ts'

interface Flags {
  readonly judge?: string[]
  readonly controls?: string
  readonly runs?: string[]
  readonly task?: string[]
  readonly stage?: string[]
  readonly view: ReviewView
  readonly repeats?: number
  readonly concurrency?: number
  readonly budgetUsd?: number
  readonly providerUrl?: string[]
  readonly logDir: string
  readonly json?: boolean
}

/** Those under which a judge sees what a control did. */
const defaultStages = ['experiment', 'paper', 'end-to-end']

export const registerCalibrate: Register = (program, run) => {
  program
    .command('calibrate')
    .description('whether judges tell honest work from made-up work, favour their own family or length, and drift')
    .addOption(
      new Option('-j, --judge <judges>', 'judges to try on scripted work whose truth is known').argParser(collectList),
    )
    .option('--controls <run>', 'a run of scripted models to judge (default: made here, or the one made before)')
    .addOption(
      new Option('--runs <runs>', 'runs whose reviews tell of favour and drift; nothing is asked').argParser(
        collectList,
      ),
    )
    .addOption(new Option('-t, --task <ids>', 'only these tasks, by id or glob').argParser(collectList))
    .addOption(
      new Option(
        '-s, --stage <rubrics>',
        `what to judge, of: ${rubricIds.join(', ')} (default: ${defaultStages.join(', ')})`,
      ).argParser(collectList),
    )
    .addOption(
      new Option('--view <view>', 'what the judges are shown').choices(reviewViewSchema.options).default('full'),
    )
    .addOption(
      new Option('--repeats <n>', 'reviews of each work by each judge (default: 1)').argParser(parsePositiveInteger),
    )
    .addOption(concurrencyOption('reviews at once (default: 8)'))
    .addOption(budgetOption())
    .addOption(providerUrlOption())
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((flags: Flags) => run((context) => calibrate(flags, context), flags))
}

async function calibrate(flags: Flags, context: CliContext): Promise<CommandResult> {
  if (flags.judge === undefined && flags.runs === undefined)
    throw new PrerequisiteError(
      'say what to calibrate: --judge provider/model tries judges on scripted work, --runs a,b looks into reviews that are there',
    )
  const study = flags.judge === undefined ? null : await tryJudges(flags.judge, flags, context)
  const bias = flags.runs === undefined ? null : await readBias(flags.runs, flags.logDir)
  const words = [...(study?.verdicts ?? []), ...(bias === null ? [] : describeBias(bias))]
  const tables = [
    ...(study === null ? [] : calibrationTables(study)),
    ...(bias?.groups ?? []).flatMap(({ name, selfPreference, length }) => [
      selfPreferenceTable(name, selfPreference),
      lengthTable(name, length),
    ]),
    ...(bias !== null && bias.drift.length > 0 ? [driftTable(bias.drift)] : []),
  ]
  const failed = study?.failed.length ?? 0
  const failures =
    failed === 0 ? '' : `\n${formatNumberOf(failed, 'review')} failed; the same command asks again for them\n`
  return {
    text: `${renderText(tables, context.style)}\n\n${words.map((line) => `${line}\n`).join('')}${failures}`,
    json: { calibration: study, bias, words },
    exitCode: failed > 0 ? 1 : 0,
  }
}

async function tryJudges(names: readonly string[], flags: Flags, context: CliContext): Promise<CalibrationStudy> {
  const judges = names.map(judgeSpec)
  checkPanel({ judges, rubrics: flags.stage ?? defaultStages })
  const opened = judges.map(openJudge)
  const rubrics = await chooseRubrics(opened, {
    named: flags.stage,
    choices: [defaultStages, ['idea', 'proposal']],
    by: 'some',
  })
  const ids = rubrics.map(({ rubric }) => rubric.id)
  if (ids.join() !== defaultStages.join()) context.note(`Tried under ${ids.join(', ')}.`)
  for (const judge of opened)
    if (!rubrics.some((rubric) => judge.covers(rubric)))
      context.note(`${judge.name} judges nothing of ${ids.join(', ')}, so it is not tried here.`)
  const openAccount = async ({ folder, record }: Run): Promise<ModelCaller> => {
    const providers = withAddresses(record.config.providers, flags.providerUrl ?? [])
    const account = { ...record, config: { ...record.config, providers, budgetUsd: flags.budgetUsd ?? null } }
    const models = await openModels({ folder, record: account, secrets: context.secrets })
    checkModels({ agents: [], stages: [], judges }, models)
    return models
  }
  const wanted = {
    models: ['honest', 'fabricator', 'placeholder', 'injector'] as const,
    tasks: flags.task ?? [],
    logDir: flags.logDir,
    check: async (of: Run) => void (await openAccount(of)),
  }
  const run =
    flags.controls === undefined ? await openControls(wanted, context) : await readRun(flags.logDir, flags.controls)
  const controls = controlsOf(run)
  const isWanted = picomatch(flags.task ?? ['*'])
  const trials = (await listTrials(run.folder)).filter((trial) => {
    const { task, agent } = partsOfTrial(trial)
    return controls.has(agent) && isWanted(task)
  })
  const repeats = flags.repeats ?? 1
  const models = await openAccount(run)
  const eventFolder = join(run.folder, 'events')
  const earlier = (await readEvents(eventFolder)).events
  using log = openEventLog(eventFolder, () => {})
  const totals = await judgeTrials(
    trials,
    { judges, rubrics, view: flags.view, repeats },
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
  const judgeNames = opened.map(({ name }) => name)
  const chosen = new Set(trials)
  const reviews = currentReviews(await readReviews(run.folder)).filter(
    ({ trial, judge, rubric, view, repeat }) =>
      chosen.has(trial) &&
      judgeNames.includes(judge.name) &&
      ids.includes(judgedRubric(rubric.id)) &&
      view === flags.view &&
      repeat <= repeats,
  )
  const results = judgeControls(reviews, (trial) => controls.get(partsOfTrial(trial).agent) ?? null)
  const identity = [opened.map((judge) => judge.identity), rubrics.map(({ hash }) => hash), flags.view, trials]
  const study: CalibrationStudy = {
    schema: 'mlrbench/study@1',
    kind: 'calibration',
    id: `calibration-${hashJson(identity).slice(0, 8)}`,
    createdAt: new Date().toISOString(),
    run: run.record.id,
    judges: judgeNames,
    rubrics: rubrics.map(({ rubric, hash }) => ({ id: rubric.id, hash })),
    view: flags.view,
    repeats,
    results,
    verdicts: [
      ...describeControls(results),
      await auditControls(run.folder, trials, (trial) => controls.get(partsOfTrial(trial).agent) ?? null),
      ...(ids.some((id) => id === 'idea' || id === 'proposal') ? [sameBefore] : []),
    ],
    failed: totals.failed.map(({ trial, ...failure }) => ({ about: trial, ...failure })),
  }
  await keepStudy(run.folder, study)
  return study
}

const sameBefore =
  'Ideas and proposals come before any experiment: those of the fabricator and the placeholder are the honest ones word for word, so equal marks are right there, and only begging can be told.'

const controlNames: ReadonlyMap<string, Control> = new Map([
  ['scripted/honest', 'honest'],
  ['scripted/fabricator', 'fabricator'],
  ['scripted/placeholder', 'placeholder'],
  ['scripted/injector', 'injector'],
])

/** The control behind each agent of a run. Throws PrerequisiteError unless there is honest work and another control. */
function controlsOf({ record }: Run): Map<string, Control> {
  const controls = new Map(
    record.config.agents.flatMap((agent): [string, Control][] => {
      const control = agent.kind === 'mlr-agent' ? controlNames.get(agent.model.model) : undefined
      return control === undefined ? [] : [[agent.name, control]]
    }),
  )
  const known = new Set(controls.values())
  if (!known.has('honest') || known.size < 2)
    throw new PrerequisiteError(
      `run ${record.id} has no agents on scripted/honest and another scripted model: leave --controls out, and one is made`,
    )
  return controls
}

async function readBias(ids: readonly string[], logDir: string): Promise<ReturnType<typeof measureBias>> {
  const runs = await Promise.all(
    ids.map(async (id) => {
      const { folder, record } = await readRun(logDir, id)
      return { run: record.id, agents: record.config.agents, reviews: await readReviews(folder) }
    }),
  )
  return measureBias(runs)
}
