import { judgedRubric } from '../judges/judge.ts'
import type { ReviewView } from '../schema/review.ts'
import { formatHalfUp } from '../stats/round.ts'
import type { Interval } from '../stats/resample.ts'
import type { FaultAgreement } from '../studies/hallucination-agreement.ts'
import type { AgentRank } from '../studies/ranking.ts'
import { fewestTasks } from '../studies/verdict.ts'
import type { ViewAblation } from '../studies/view-ablation.ts'
import { formatNumberOf } from './format.ts'
import type { Report, ReportedTable } from './report.ts'
import type { Table } from './table.ts'

const views: Record<ReviewView, string> = {
  full: '',
  'no-code': ', judged without code',
  blind: ', judged without names',
}

export function titleOf({ rubric, view, judgeKind }: Pick<ReportedTable, 'rubric' | 'view' | 'judgeKind'>): string {
  switch (judgeKind) {
    case 'rule':
      return `${judgedRubric(rubric)}: form only, by rules, no judgement of the research`
    case 'distilled':
      return `${judgedRubric(rubric)}: marks guessed by a linear model, no judgement of the research${views[view]}`
    case 'model':
      return `${rubric}: scores${views[view]}`
  }
}

/** Means with intervals, and beside them how the judges agree. */
export function scoreTables(report: Report): Table[] {
  return report.tables
    .filter(({ dimensions }) => dimensions.length > 0)
    .flatMap((table) => [scoreTable(table, report), ...agreementTables(table)])
}

function scoreTable(table: ReportedTable, { runs }: Report): Table {
  const { rubric, view, judges, dimensions, agents, tasks, worth, ranking } = table
  const rows = agents.map(({ agent, items, dimensions: scores }) => [
    agent,
    ...dimensions.map((dimension) => {
      const average = scores.find((own) => own.dimension === dimension)?.average
      return average === undefined ? null : `${formatHalfUp(average.mean, 2)}${plusMinus(average.interval)}`
    }),
    ...(ranking.length === 0 ? [] : [formatRank(ranking.find((own) => own.agent === agent))]),
    String(items),
  ])
  const incomplete = Math.max(0, ...agents.flatMap((agent) => agent.dimensions.map((own) => own.incompleteItems)))
  const failed = runs.flatMap(({ failedReviews }) =>
    failedReviews.filter((failure) => failure.rubric === rubric && failure.view === view),
  )
  const failedJudges = [...new Set(failed.map(({ judge }) => judge))].join(', ')
  return {
    title: titleOf(table),
    columns: ['agent', ...dimensions, ...(ranking.length === 0 ? [] : ['rank']), 'items'],
    rows,
    notes: [
      worth,
      `Mean over items of the mean over judges, 1 to 10, ± half the width of its 95 % interval over tasks. ${judges.length === 1 ? 'Judge' : 'Judges'}: ${judges.join(', ')}.`,
      ...(ranking.length === 0 ? [] : ['Rank by overall mark, with its 95 % interval over tasks.']),
      ...(tasks.length < fewestTasks && table.judgeKind === 'model' ? [fewTasksNote(tasks.length)] : []),
      ...(incomplete > 0 ? [`Up to ${formatNumberOf(incomplete, 'item')} without a review by one of the judges.`] : []),
      ...(failed.length > 0 ? [`${formatNumberOf(failed.length, 'review')} failed, by ${failedJudges}.`] : []),
    ],
  }
}

/** What to think of intervals over so few clusters. */
export function fewTasksNote(tasks: number): string {
  return `Over ${formatNumberOf(tasks, 'task')} intervals are too narrow to be believed: they need ${fewestTasks} tasks or more.`
}

function formatRank(own: AgentRank | undefined): string | null {
  if (own === undefined || own.rank === null) return null
  const { rank, interval } = own
  return interval === null ? String(rank) : `${rank} [${formatHalfUp(interval.lo, 0)}, ${formatHalfUp(interval.hi, 0)}]`
}

/** Nothing for an interval that does not exist, or has no width: items that are all alike say nothing of others. */
function plusMinus(interval: Interval | null): string {
  return interval === null || interval.lo === interval.hi ? '' : ` ±${formatHalfUp((interval.hi - interval.lo) / 2, 2)}`
}

function agreementTables({ agreement, judges, rubric }: ReportedTable): Table[] {
  const pairs = Map.groupBy(agreement, (own) => own.judges.join(' and '))
  return [...pairs].map(([names, rows]) => {
    const systems = rows.some(({ systemLevel }) => systemLevel !== null)
    const [first] = rows
    return {
      title: `${rubric}: how ${judges.length === 2 ? 'the judges' : names} agree`,
      columns: [
        'dimension',
        'Spearman',
        "Krippendorff's α",
        'bias',
        'equal',
        'within 1',
        ...(systems ? ['Spearman of agents'] : []),
      ],
      rows: rows.map(({ dimension, point, intervals, systemLevel }) => [
        dimension,
        withInterval(point.spearman, intervals.spearman),
        withInterval(point.krippendorffAlpha, intervals.krippendorffAlpha),
        withInterval(point.bias, intervals.bias),
        formatShare(point.exact),
        formatShare(point.withinOne),
        ...(systems ? [formatFixed(systemLevel?.spearman ?? null)] : []),
      ]),
      notes: [
        `Bias: ${first?.judges[0]} minus ${first?.judges[1]}, in points. 95 % intervals over tasks.${systems ? " Of agents: between the judges' means." : ''}`,
      ],
    }
  })
}

export function ablationTables(ablations: readonly ViewAblation[]): Table[] {
  const groups = Map.groupBy(ablations, ({ rubric, judgeKind, view }) => [rubric, judgeKind, view].join('\n'))
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const dimensions = [...new Set(own.flatMap((ablation) => ablation.dimensions.map(({ dimension }) => dimension)))]
    return [
      {
        title: `${first.rubric}: ${first.view} minus full view`,
        columns: ['agent', ...dimensions, 'items'],
        rows: own.map(({ agent, trials, dimensions: differences }) => [
          agent,
          ...dimensions.map((dimension) => {
            const average = differences.find((difference) => difference.dimension === dimension)?.average
            return average === undefined ? null : withInterval(average.difference, average.interval)
          }),
          String(trials.length),
        ]),
        notes: ['Points, over what the same judges marked in both views; 95 % intervals over tasks.'],
      },
    ]
  })
}

/** The rubrics' yes-or-no questions, and findings by type. */
export function faultTables(faults: readonly FaultAgreement[]): Table[] {
  const groups = Map.groupBy(faults, ({ rubric, view, judgeKind }) => [rubric, view, judgeKind].join('\n'))
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const judges = [
      ...new Set(own.flatMap(({ flag, types }) => [flag, ...types].flatMap((asked) => asked?.judges ?? []))),
    ].map(({ judge }) => judge)
    const names = [...new Set(judges)]
    const labelled = own.some(({ types }) => types.some(({ human }) => human !== null))
    const rows = own.flatMap(({ agent, items, flag, types }) =>
      [...(flag === null ? [] : [{ ...flag, type: flag.id, human: null }]), ...types].map((asked) => [
        agent,
        asked.type,
        ...names.map((name) => {
          const counted = asked.judges.find(({ judge }) => judge === name)
          return counted === undefined ? null : String(counted.yes)
        }),
        String(asked.union),
        String(asked.intersection),
        formatFixed(asked.pairs[0]?.cohenKappa ?? null),
        ...(labelled ? [asked.human === null ? null : String(asked.human.yes)] : []),
        String(items),
      ]),
    )
    return [
      {
        title: `${first.rubric}: faults found${views[first.view]}`,
        columns: [
          'agent',
          'fault',
          ...names.map((_, place) => `judge ${place + 1}`),
          'any',
          'all',
          "Cohen's κ",
          ...(labelled ? ['people'] : []),
          'items',
        ],
        rows,
        notes: [
          `Items in which each judge finds the fault, any does, all do${labelled ? ', and people do (who may have seen what the judges found)' : ''}. Judges: ${names.map((name, place) => `${place + 1} ${name}`).join(', ')}.`,
        ],
      },
    ]
  })
}

function withInterval(value: number | null, interval: Interval | null): string | null {
  if (value === null) return null
  const bounds = interval === null ? '' : ` [${formatHalfUp(interval.lo, 2)}, ${formatHalfUp(interval.hi, 2)}]`
  return `${formatHalfUp(value, 2)}${bounds}`
}

const formatFixed = (value: number | null): string | null => (value === null ? null : formatHalfUp(value, 2))
const formatShare = (share: number | null): string | null =>
  share === null ? null : `${formatHalfUp(share * 100, 0)} %`
