import type { Spending } from '../schema/state.ts'
import { stages as allStages } from '../schema/stage.ts'
import { labelAgents } from '../studies/marks.ts'
import { formatCost, formatCount, formatDuration, formatNumberOf, formatSpending } from './format.ts'
import type { Report } from './report.ts'
import { addSpending, type AgentReport } from './run-report.ts'
import type { Table } from './table.ts'

/** What was done and what it took. */
export function runTables(report: Report): Table[] {
  return [stageTable(report), spendingTable(report), ...costTables(report)]
}

function agentsOf({ runs }: Report): (AgentReport & { readonly label: string })[] {
  const label = labelAgents(runs.map(({ run, agents }) => ({ run, agents: agents.map(({ agent }) => agent) })))
  return runs.flatMap(({ run, agents }) => agents.map((own) => ({ ...own, label: label(run, own.agent) })))
}

function stageTable(report: Report): Table {
  const agents = agentsOf(report)
  const chosen = allStages.filter((stage) => report.runs.some(({ stages }) => stages.includes(stage)))
  const sandboxed = agents.some(({ sandboxes }) => sandboxes.length > 0)
  const rows = agents.map(({ label, trials, stages, sandboxes }) => {
    const cells = chosen.map((stage) => {
      const own = stages.find((candidate) => candidate.stage === stage)
      if (own === undefined || own.done + own.failed === 0) return null
      const failed = own.failed > 0 ? `, ${own.failed} failed` : ''
      return `${own.done} done${failed}${own.medianDurationMs === null ? '' : ` (${formatDuration(own.medianDurationMs)})`}`
    })
    const total = Object.values(trials).reduce((sum, count) => sum + count, 0)
    const sandbox = sandboxes.map(({ name, isolated }) => (isolated ? name : `${name} (not isolated)`)).join(', ')
    return [label, `${trials.done} of ${total}`, ...cells, ...(sandboxed ? [sandbox === '' ? null : sandbox] : [])]
  })
  const [only] = report.runs
  return {
    title: `${report.runs.length === 1 ? `Run ${only?.run}` : formatNumberOf(report.runs.length, 'run')}: trials and stages`,
    columns: ['agent', 'trials done', ...chosen, ...(sandboxed ? ['sandbox'] : [])],
    rows,
    notes: ['Durations are medians over finished trials.'],
  }
}

function spendingTable(report: Report): Table {
  const row = (name: string, spending: Spending, isTold: boolean): (string | null)[] => {
    const { calls, retries, failedCalls, usage } = spending
    if (!isTold) return [name, null, null, null, null, null, null]
    const tokens = [formatCount(usage.inputTokens), formatCount(usage.outputTokens)]
    return [name, formatCount(calls), String(retries), String(failedCalls), ...tokens, formatSpending(spending)]
  }
  /** Not where something was done without a call that anybody told of. */
  const isTold = ({ calls, failedCalls, knownCostUsd }: Spending, done: number): boolean =>
    calls + failedCalls > 0 || knownCostUsd > 0 || done === 0
  const judging = report.runs.map((run) => run.judging).reduce(addSpending)
  const sum = (pick: (run: Report['runs'][number]) => number): number =>
    report.runs.reduce((total, run) => total + pick(run), 0)
  const [unreadable, superseded] = [sum((run) => run.unreadableEvents), sum((run) => run.supersededReviews)]
  const failed = sum(({ failedReviews }) => failedReviews.length)
  return {
    title: 'Calls, tokens and cost',
    columns: ['agent', 'calls', 'retries', 'failed calls', 'input tokens', 'output tokens', 'cost'],
    rows: [
      ...agentsOf(report).map(({ label, spending, stages }) => {
        const done = stages.reduce((total, stage) => total + stage.done, 0)
        return row(label, spending, isTold(spending, done))
      }),
      row('judges', judging, judging.costUsd !== null || judging.calls > 0),
    ],
    notes: [
      'A dash: some provider did not report it. ≥: the sum of what is known; some reply had no price, or broke off.',
      ...(unreadable > 0
        ? [`${formatNumberOf(unreadable, 'line')} of the event files cannot be read and count nowhere.`]
        : []),
      ...(failed > 0 ? [`${formatNumberOf(failed, 'review')} failed and count nowhere.`] : []),
      ...(superseded > 0
        ? [`${formatNumberOf(superseded, 'review')} of an earlier version of the artefact or the rubric left out.`]
        : []),
      ...report.runs.flatMap(({ run, reviewNotes }) =>
        report.runs.length === 1 ? reviewNotes : reviewNotes.map((note) => `${run}: ${note}`),
      ),
    ],
  }
}

/** Costs by stage, where a run has several stages or a coder; nothing where nothing is known to have cost anything. */
function costTables({ costs }: Report): Table[] {
  const counted = costs.flatMap(({ means, ...own }) => (means === null ? [] : [{ ...own, means }]))
  const known = counted.some(({ means }) => Object.values(means.stages).some((cost) => (cost ?? 0) > 0))
  const chosen = allStages.filter((stage) => counted.some(({ means }) => means.stages[stage] !== undefined))
  if (!known || (chosen.length < 2 && !chosen.includes('experiment'))) return []
  const timed = counted.some(({ means }) => means.sessionDurationMs !== null)
  return [
    {
      title: 'Cost of a trial, by stage',
      columns: ['agent', ...chosen, 'total', ...(timed ? ["coder's time"] : []), 'trials'],
      rows: counted.map(({ agent, means }) => [
        agent,
        ...chosen.map((stage) => formatCost(means.stages[stage] ?? null)),
        formatCost(means.totalUsd),
        ...(timed ? [means.sessionDurationMs === null ? null : formatDuration(means.sessionDurationMs)] : []),
        String(means.trials),
      ]),
      notes: [
        'Means over trials with every stage done. A dash: some trial does not say.',
        ...counted.flatMap(({ agent, caveat }) => (caveat === null ? [] : [`${agent}: ${caveat}`])),
      ],
    },
  ]
}
