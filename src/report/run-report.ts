import { join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { expectedTrials } from '../pipeline/plan-trials.ts'
import { type AuditSummary, readAuditSummaries } from '../runs/audit-index.ts'
import { readEvents } from '../runs/event-log.ts'
import { isLeaseHeld } from '../runs/lease.ts'
import { readHumanReviews } from '../runs/human-store.ts'
import { type ReviewSummary, readReviewSummaries } from '../runs/review-index.ts'
import { trialFolder } from '../runs/run-store.ts'
import { addKnown, addUsage, sumSpending } from '../runs/spending.ts'
import { deriveTrialState } from '../runs/trial-state.ts'
import { readTrialStates } from '../runs/trial-states.ts'
import { stagesOfAgent } from '../schema/agent-model.ts'
import type { AgentSpec } from '../schema/config.ts'
import type { RunEvent } from '../schema/event.ts'
import type { HumanReview } from '../schema/human.ts'
import type { RunRecord } from '../schema/run.ts'
import { type Stage, stages as allStages } from '../schema/stage.ts'
import type { Spending, TrialState } from '../schema/state.ts'
import { unknownUsage } from '../schema/usage.ts'
import { median } from '../stats/mean.ts'
import { type ScoreRow, summariseScores } from './scores.ts'

export type TrialStatus = 'done' | 'failed' | 'running' | 'interrupted' | 'pending'

export interface TrialReport {
  readonly id: string
  readonly task: string
  readonly agent: string
  readonly repeat: number
  readonly folder: string
  readonly status: TrialStatus
  readonly state: TrialState
}

export interface AgentReport {
  readonly agent: string
  readonly trials: Record<TrialStatus, number>
  /** Calls of the trials; those of the judges are counted with the reviews. */
  readonly spending: Spending
  readonly stages: {
    readonly stage: Stage
    readonly done: number
    readonly failed: number
    readonly medianDurationMs: number | null
  }[]
  /** Names of the sandboxes used, with whether they isolate. */
  readonly sandboxes: { readonly name: string; readonly isolated: boolean }[]
}

type FailedReview = Extract<RunEvent, { type: 'review-failed' }>

/** Everything one run's folder says. */
export interface RunReport {
  readonly run: string
  readonly folder: string
  readonly createdAt: string
  /** As the run began with them. */
  readonly specs: readonly AgentSpec[]
  readonly stages: readonly Stage[]
  readonly trials: readonly TrialReport[]
  readonly agents: readonly AgentReport[]
  readonly scores: readonly ScoreRow[]
  readonly reviews: readonly ReviewSummary[]
  readonly humanReviews: readonly HumanReview[]
  /** One for each trial that was audited. */
  readonly audits: readonly AuditSummary[]
  readonly failedReviews: readonly FailedReview[]
  readonly judging: Spending
  /** Lines of event files that are no events, such as one cut short by a power failure. */
  readonly unreadableEvents: number
}

/** Reads a run's records; works on a run in progress as well. */
export async function readRunReport(run: { folder: string; record: RunRecord }): Promise<RunReport> {
  const { folder, record } = run
  const { trials, unreadable } = await readTrials(run)
  const [reviews, humanReviews, audits, judging] = await Promise.all([
    readReviewSummaries(folder),
    readHumanReviews(folder),
    readAuditSummaries(folder),
    readEvents(join(folder, 'events')),
  ])
  const byAgent = Map.groupBy(trials, ({ agent }) => agent)
  return {
    run: record.id,
    folder,
    createdAt: record.createdAt,
    specs: record.config.agents,
    stages: allStages.filter((stage) => record.config.stages.includes(stage)),
    trials,
    agents: record.config.agents.map(({ name }) => summariseAgent(name, byAgent.get(name) ?? [])),
    // only some readers want them, and tables of thousands of reviews take their time
    get scores() {
      return summariseScores(reviews)
    },
    reviews,
    humanReviews,
    audits,
    failedReviews: findFailures(judging.events, reviews),
    judging: judgingSpending(judging.events, reviews),
    unreadableEvents: unreadable + judging.unreadable.length,
  }
}

/** What judging took; of imported reviews nobody says it. */
function judgingSpending(events: readonly RunEvent[], reviews: readonly ReviewSummary[]): Spending {
  const known = sumSpending(events)
  return reviews.some(({ imported }) => imported !== null) ? { ...known, usage: unknownUsage, costUsd: null } : known
}

/** Failed reviews that the same judge has not since made up for, also when the thing was made anew meanwhile. */
function findFailures(events: readonly RunEvent[], reviews: readonly ReviewSummary[]): FailedReview[] {
  const failures = new Map<string, FailedReview>()
  for (const event of events) if (event.type === 'review-failed') failures.set(reviewKey(event), event)
  if (failures.size > 0)
    for (const { trial, rubric, judge, view, repeat, createdAt } of reviews) {
      const key = reviewKey({ trial, rubric: rubric.id, judge: judge.name, view, repeat })
      const failure = failures.get(key)
      if (failure !== undefined && createdAt > failure.at) failures.delete(key)
    }
  return [...failures.values()]
}

const reviewKey = ({
  trial,
  rubric,
  judge,
  view,
  repeat,
}: Pick<FailedReview, 'trial' | 'rubric' | 'judge' | 'view' | 'repeat'>): string =>
  JSON.stringify([trial, rubric, judge, view, repeat])

async function readTrials(run: {
  folder: string
  record: RunRecord
}): Promise<{ trials: TrialReport[]; unreadable: number }> {
  const planned = expectedTrials(run.record)
  const states = await readTrialStates(
    run.folder,
    planned.map(({ id }) => id),
  )
  const trials = new Map<string, TrialReport>()
  const unfinished: { readonly trial: TrialReport; readonly chosen: readonly Stage[] }[] = []
  for (const { id, task, agent, repeat } of planned) {
    const state = states.get(id)?.state ?? deriveTrialState([])
    const folder = trialFolder(run.folder, id)
    const trial = { id, task: task.id, agent: agent.name, repeat, folder, status: 'done', state } as const
    trials.set(id, trial)
    const chosen = stagesOf(run.record, agent, state)
    if (!chosen.every((stage) => state.stages[stage]?.status === 'done')) unfinished.push({ trial, chosen })
  }
  await forEachBounded(
    unfinished,
    async ({ trial, chosen }) =>
      void trials.set(trial.id, { ...trial, status: await statusOfUnfinished(trial, chosen) }),
    { concurrency: readingConcurrency },
  )
  return {
    trials: planned.flatMap(({ id }) => trials.get(id) ?? []),
    unreadable: [...states.values()].reduce((sum, own) => sum + own.unreadable, 0),
  }
}

/** Files open at once; a run may have more trials than a process may open files. */
const readingConcurrency = 32

/** An imported trial has nothing to come: what its source holds of it is all there is. */
function stagesOf({ config, imported }: RunRecord, agent: AgentSpec, state: TrialState): readonly Stage[] {
  return imported === null
    ? stagesOfAgent(agent, config.stages)
    : config.stages.filter((stage) => state.stages[stage] !== undefined)
}

async function statusOfUnfinished({ folder, state }: TrialReport, chosen: readonly Stage[]): Promise<TrialStatus> {
  if (await isLeaseHeld(folder)) return 'running'
  const known = chosen.map((stage) => state.stages[stage]?.status ?? 'pending')
  if (known.includes('failed')) return 'failed'
  return known.every((status) => status === 'pending') ? 'pending' : 'interrupted'
}

function summariseAgent(agent: string, trials: readonly TrialReport[]): AgentReport {
  const counts: Record<TrialStatus, number> = { done: 0, failed: 0, running: 0, interrupted: 0, pending: 0 }
  for (const { status } of trials) counts[status] += 1
  const sandboxes = new Map(
    trials.flatMap(({ state }) => (state.sandbox ? [[state.sandbox.name, state.sandbox] as const] : [])),
  )
  return {
    agent,
    trials: counts,
    spending: trials.map(({ state }) => state.spending).reduce(addSpending, sumSpending([])),
    stages: allStages.map((stage) => {
      const own = trials.flatMap(({ state }) => state.stages[stage] ?? [])
      const done = own.filter(({ status }) => status === 'done')
      return {
        stage,
        done: done.length,
        failed: own.filter(({ status }) => status === 'failed').length,
        medianDurationMs: median(done.flatMap(({ durationMs }) => durationMs ?? [])),
      }
    }),
    sandboxes: [...sandboxes.values()],
  }
}

/** Sums field by field; the sum of something unknown is unknown. */
export function addSpending(a: Spending, b: Spending): Spending {
  return {
    calls: a.calls + b.calls,
    failedCalls: a.failedCalls + b.failedCalls,
    retries: a.retries + b.retries,
    brokenTries: a.brokenTries + b.brokenTries,
    brokenUpToUsd: a.brokenUpToUsd + b.brokenUpToUsd,
    usage: addUsage(a.usage, b.usage),
    costUsd: addKnown(a.costUsd, b.costUsd),
    knownCostUsd: a.knownCostUsd + b.knownCostUsd,
  }
}
