import { rubricIds } from '../rubrics/rubric.ts'
import type { ReviewView } from '../schema/review.ts'
import { formatCount, formatDuration, formatNumberOf, formatScore, formatSpending } from './format.ts'
import type { RunReport } from './run-report.ts'
import type { ScoreRow } from './scores.ts'
import { renderCsv, type Table } from './table.ts'

/** The report's tables: what was done, what it took, and the marks by rubric. */
export function reportTables(report: RunReport): Table[] {
  return [stageTable(report), spendingTable(report), ...scoreTables(report)]
}

function stageTable(report: RunReport): Table {
  const sandboxed = report.agents.some(({ sandboxes }) => sandboxes.length > 0)
  const rows = report.agents.map(({ agent, trials, stages, sandboxes }) => {
    const cells = report.stages.map((stage) => {
      const own = stages.find((candidate) => candidate.stage === stage)
      if (own === undefined || own.done + own.failed === 0) return null
      const failed = own.failed > 0 ? `, ${own.failed} failed` : ''
      return `${own.done} done${failed}${own.medianDurationMs === null ? '' : ` (${formatDuration(own.medianDurationMs)})`}`
    })
    const total = Object.values(trials).reduce((sum, count) => sum + count, 0)
    const sandbox = sandboxes.map(({ name, isolated }) => (isolated ? name : `${name} (not isolated)`)).join(', ')
    return [agent, `${trials.done} of ${total}`, ...cells, ...(sandboxed ? [sandbox === '' ? null : sandbox] : [])]
  })
  return {
    title: `Run ${report.run}: trials and stages`,
    columns: ['agent', 'trials done', ...report.stages, ...(sandboxed ? ['sandbox'] : [])],
    rows,
    notes: ['Durations are medians over finished trials.'],
  }
}

function spendingTable(report: RunReport): Table {
  const row = (name: string, spending: RunReport['judging']) => [
    name,
    String(spending.calls),
    String(spending.retries),
    String(spending.failedCalls),
    formatCount(spending.usage.inputTokens),
    formatCount(spending.usage.outputTokens),
    formatSpending(spending),
  ]
  return {
    title: 'Calls, tokens and cost',
    columns: ['agent', 'calls', 'retries', 'failed calls', 'input tokens', 'output tokens', 'cost'],
    rows: [...report.agents.map(({ agent, spending }) => row(agent, spending)), row('judges', report.judging)],
    notes: [
      'A dash: some provider did not report it. ≥: the sum of what is known; some reply had no price, or broke off.',
      ...(report.unreadableEvents > 0
        ? [`${formatNumberOf(report.unreadableEvents, 'line')} of the event files cannot be read and count nowhere.`]
        : []),
      ...(report.failedReviews.length > 0
        ? [`${formatNumberOf(report.failedReviews.length, 'review')} failed and count nowhere.`]
        : []),
    ],
  }
}

function scoreTables(report: RunReport): Table[] {
  const groups = Map.groupBy(report.scores, ({ rubric, view, judgeKind }) => JSON.stringify([rubric, view, judgeKind]))
  return [...groups.values()].toSorted((a, b) => rankGroup(a) - rankGroup(b)).map((rows) => scoreTable(rows, report))
}

function rankGroup(rows: readonly ScoreRow[]): number {
  const [first] = rows
  if (first === undefined) return 0
  const ids: readonly string[] = rubricIds
  const place = ids.indexOf(first.rubric.replace(/-form$/, ''))
  return (
    (place === -1 ? ids.length : place) * 10 + (first.view === 'full' ? 0 : 1) + (first.judgeKind === 'rule' ? 2 : 0)
  )
}

function scoreTable(rows: readonly ScoreRow[], { agents: allAgents, failedReviews }: RunReport): Table {
  const [first] = rows
  const dimensions = [...new Set(rows.map(({ dimension }) => dimension))]
  const agents = allAgents.map(({ agent }) => agent).filter((name) => rows.some(({ agent }) => agent === name))
  const judges = [...new Set(rows.flatMap((row) => row.judges.map(({ judge }) => judge)))]
  const incomplete = Math.max(...rows.map(({ incompleteItems }) => incompleteItems))
  const failed = failedReviews.filter(({ rubric, view }) => rubric === first?.rubric && view === first.view)
  const failedJudges = [...new Set(failed.map(({ judge }) => judge))].join(', ')
  return {
    title: tableTitle(first),
    columns: ['agent', ...dimensions, 'items'],
    rows: agents.map((agent) => {
      const own = rows.filter((row) => row.agent === agent)
      const items = Math.max(...own.map((row) => row.items))
      return [
        agent,
        ...dimensions.map((dimension) => formatScore(own.find((row) => row.dimension === dimension)?.mean ?? null)),
        String(items),
      ]
    }),
    notes: [
      `Mean over tasks of the mean over judges, 1 to 10. Judges: ${judges.join(', ')}.`,
      ...(incomplete > 0 ? [`Up to ${formatNumberOf(incomplete, 'item')} without a review by one of the judges.`] : []),
      ...(failed.length > 0 ? [`${formatNumberOf(failed.length, 'review')} failed, by ${failedJudges}.`] : []),
    ],
  }
}

function tableTitle(first: ScoreRow | undefined): string {
  if (first === undefined) return 'Scores'
  if (first.judgeKind === 'rule')
    return `${first.rubric.replace(/-form$/, '')}: form only, by rules, no judgement of the research`
  const views: Record<ReviewView, string> = {
    full: '',
    'no-code': ', judged without code',
    blind: ', judged without names',
  }
  return `${first.rubric}: scores${views[first.view]}`
}

/** One line per agent, rubric, dimension and judge, and one for the mean over judges. */
export function scoresCsv(report: RunReport): string {
  const columns = ['run', 'agent', 'rubric', 'view', 'judge_kind', 'dimension', 'judge', 'mean', 'items']
  const rows = report.scores.flatMap(({ agent, rubric, view, judgeKind, dimension, ...row }) => {
    const key = [report.run, agent, rubric, view, judgeKind, dimension]
    return [
      [...key, 'all', row.mean, row.items],
      ...row.judges.map(({ judge, mean, items }) => [...key, judge, mean, items]),
    ]
  })
  return renderCsv(columns, rows)
}
