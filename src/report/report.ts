import { judgedRubric } from '../judges/judge.ts'
import { rubricIds } from '../rubrics/rubric-ids.ts'
import { stageModel } from '../schema/agent-model.ts'
import type { Stage } from '../schema/stage.ts'
import { type AgentCosts, type PriceOutput, summariseCosts } from '../studies/costs.ts'
import { agreeOnFaults, type FaultAgreement } from '../studies/hallucination-agreement.ts'
import { agreeAmongJudges, type JudgeAgreement } from '../studies/judge-agreement.ts'
import { type LengthBias, lengthBias } from '../studies/length-bias.ts'
import {
  clusterByTask,
  currentReviews,
  labelAgents,
  listMarks,
  type MarkTable,
  type Reducer,
  tabulateMarks,
} from '../studies/marks.ts'
import { type AgentRank, rankAgents } from '../studies/ranking.ts'
import { type AgentScores, summariseAgents } from '../studies/score-tables.ts'
import { describeWorth } from '../studies/score-worth.ts'
import { type SelfPreference, selfPreference } from '../studies/self-preference.ts'
import { ablateViews, type ViewAblation } from '../studies/view-ablation.ts'
import { type AgentAudits, summariseAudits } from './audit-report.ts'
import { reviewNotes } from './review-notes.ts'
import type { RunReport } from './run-report.ts'

/** Every interval in a report is made this way. */
export const bootstrap = { resamples: 2_000, seed: 19_955, level: 0.95, method: 'percentile' } as const

/** Those whose intervals stand in printed tables. */
const measuresWithIntervals = ['spearman', 'krippendorffAlpha', 'bias'] as const

/** Tables over one or several runs, as `report --json` prints them. */
export interface Report {
  readonly schema: 'mlrbench/report@2'
  /** How repeats of one judge became one mark. */
  readonly reduce: Reducer
  /** Intervals resample tasks, sorted by id; a generator (mulberry32) begins anew for every number of tasks. */
  readonly bootstrap: typeof bootstrap & { readonly unit: 'task' }
  readonly runs: readonly ReportedRun[]
  /** One for each rubric, view and kind of judge, over the agents of all runs. */
  readonly tables: readonly ReportedTable[]
  /** Other views against the full one, over what was judged in both. */
  readonly viewAblations: readonly ViewAblation[]
  /** Yes-or-no questions and findings, judge against judge and against people. */
  readonly faults: readonly FaultAgreement[]
  /** Where the numbers of the agents' papers come from; empty where nothing was audited. */
  readonly audits: readonly AgentAudits[]
  /** What the agents' work cost; the judges' costs are with the runs. */
  readonly costs: readonly AgentCosts[]
}

export interface ReportedRun
  extends Pick<
    RunReport,
    'folder' | 'createdAt' | 'stages' | 'agents' | 'failedReviews' | 'judging' | 'unreadableEvents'
  > {
  /** Its id; with other runs of that id beside it, its folder. */
  readonly run: string
  readonly reviews: number
  /** Of them, those of an earlier version of the artefact or the rubric: they count in no table. */
  readonly supersededReviews: number
  /** Quotations that stand nowhere, and material that speaks to its reviewer. */
  readonly reviewNotes: readonly string[]
}

export interface ReportedTable {
  readonly rubric: string
  readonly view: MarkTable['view']
  readonly judgeKind: MarkTable['judgeKind']
  /** Names of the judges, sorted. */
  readonly judges: readonly string[]
  readonly dimensions: readonly string[]
  readonly items: number
  /** Ids, sorted. */
  readonly tasks: readonly string[]
  readonly agents: readonly AgentScores[]
  readonly agreement: readonly JudgeAgreement[]
  /** What a mark in this table is worth, in a sentence. */
  readonly worth: string
  /** By overall mark; empty for one agent, and for marks that are no language model's: those rank nobody. */
  readonly ranking: readonly AgentRank[]
  /** Whether judges favour the work of their own family. `calibrate` gives it with intervals. */
  readonly selfPreference: readonly SelfPreference[]
  /** How overall marks go with the length of what was marked; empty where no review says how long that was. */
  readonly length: readonly LengthBias[]
}

export interface ReportOptions {
  /** Default: the mean. */
  readonly reduce?: Reducer
  /** Absent: what a coder's output alone costs is unknown. */
  readonly priceOutput?: PriceOutput
  /** Whether to measure what no printed table shows: the intervals of single judges and of most measures of agreement, self-preference, and length. Default true. */
  readonly inFull?: boolean
}

/** Puts runs together in one report, in the order given. */
export function assembleReport(reports: readonly RunReport[], options: ReportOptions = {}): Report {
  const { reduce = 'mean', priceOutput = () => null, inFull = true } = options
  const runs = nameRuns(reports)
  const label = labelAgents(runs)
  const tables = tabulateMarks(runs, reduce)
  return {
    schema: 'mlrbench/report@2',
    reduce,
    bootstrap: { ...bootstrap, unit: 'task' },
    runs: runs.map(({ run, report }) => describeRun(run, report)),
    tables: tables
      .map((table) => ({
        ...reportTable(table, inFull),
        ...(inFull
          ? measureBias(table, modelsBehind(table.rubric, { runs, label }))
          : { selfPreference: [], length: [] }),
      }))
      .toSorted((a, b) => placeOf(a) - placeOf(b)),
    viewAblations: ablateViews(tables, bootstrap),
    faults: agreeOnFaults(runs),
    audits: runs.flatMap(({ run, agents, report }) => summariseAudits(run, agents, report.audits)),
    costs: summariseCosts(
      runs.map(({ run, report: { stages, specs, trials } }) => ({
        run,
        stages,
        agents: specs.map((spec) => ({ name: spec.name, coderModel: stageModel(spec, 'experiment') })),
        trials,
      })),
      priceOutput,
    ),
  }
}

interface NamedRun {
  readonly run: string
  readonly agents: readonly string[]
  readonly reviews: RunReport['reviews']
  readonly humanReviews: RunReport['humanReviews']
  readonly report: RunReport
}

/** Runs by their ids; those that share one, by their folders. */
function nameRuns(reports: readonly RunReport[]): NamedRun[] {
  return reports.map((report) => {
    const isOnly = reports.filter(({ run }) => run === report.run).length === 1
    const { reviews, humanReviews } = report
    const run = isOnly ? report.run : report.folder
    return { run, agents: report.agents.map(({ agent }) => agent), reviews, humanReviews, report }
  })
}

function describeRun(run: string, report: RunReport): ReportedRun {
  const { folder, createdAt, stages, agents, failedReviews, judging, unreadableEvents, reviews } = report
  const supersededReviews = reviews.length - currentReviews(reviews).length
  const counts = { reviews: reviews.length, supersededReviews, reviewNotes: reviewNotes(reviews) }
  return { run, folder, createdAt, stages, agents, ...counts, failedReviews, judging, unreadableEvents }
}

function reportTable(table: MarkTable, inFull: boolean): Omit<ReportedTable, 'selfPreference' | 'length'> {
  const { rubric, view, judgeKind, judges, dimensions, items } = table
  const agreement = agreeAmongJudges(table, inFull ? bootstrap : { ...bootstrap, measures: measuresWithIntervals })
  return {
    rubric,
    view,
    judgeKind,
    judges,
    dimensions,
    items: items.length,
    tasks: clusterByTask(items).flatMap(([first]) => first?.task ?? []),
    agents: summariseAgents(table, { ...bootstrap, ofJudges: inFull }),
    agreement,
    worth: describeWorth(table, agreement),
    ranking: judgeKind === 'model' ? rankAgents(table, bootstrap) : [],
  }
}

function measureBias(
  table: MarkTable,
  agentModels: ReadonlyMap<string, string | null>,
): Pick<ReportedTable, 'selfPreference' | 'length'> {
  const { judgeKind, judges, dimensions, items } = table
  const overall = dimensions.indexOf('overall')
  const comparable = judgeKind === 'model' && judges.length > 1
  return {
    selfPreference: comparable ? selfPreference(listMarks(table), { agentModels }) : [],
    length: lengthBias(
      items.flatMap(({ task, agent, characters, marks: byJudge }) =>
        judges.flatMap((judge, place) => {
          const score = byJudge[place]?.[overall] ?? null
          return characters === null || score === null ? [] : [{ task, agent, judge, characters, score }]
        }),
      ),
    ),
  }
}

/** The model behind each agent's work under a rubric, by the agent's name in the tables; null where nothing says. */
function modelsBehind(
  rubric: string,
  { runs, label }: { runs: readonly NamedRun[]; label: ReturnType<typeof labelAgents> },
): Map<string, string | null> {
  const subjects: Readonly<Record<string, Stage>> = { idea: 'idea', proposal: 'proposal', experiment: 'experiment' }
  const stage = subjects[rubric] ?? 'paper'
  return new Map(
    runs.flatMap(({ run, report }) =>
      report.specs.map((spec) => [label(run, spec.name), stageModel(spec, stage)] as const),
    ),
  )
}

/** Rubrics in the order of the stages they judge, the full view first, models before linear models before rules. */
function placeOf({ rubric, view, judgeKind }: ReportedTable): number {
  const ids: readonly string[] = rubricIds
  const place = ids.indexOf(judgedRubric(rubric))
  const views = { full: 0, 'no-code': 1, blind: 2 }
  const kinds = { model: 0, distilled: 3, rule: 6 }
  return (place === -1 ? ids.length : place) * 10 + views[view] + kinds[judgeKind]
}
