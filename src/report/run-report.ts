import { join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { expectedTrials } from '../pipeline/plan-trials.ts'
import { readEvents } from '../runs/event-log.ts'
import { isLeaseHeld } from '../runs/lease.ts'
import { readReviews } from '../runs/review-store.ts'
import { trialFolder } from '../runs/run-store.ts'
import { addKnown, addUsage, sumSpending } from '../runs/spending.ts'
import { deriveTrialState } from '../runs/trial-state.ts'
import type { RunEvent } from '../schema/event.ts'
import type { Review } from '../schema/review.ts'
import type { RunRecord } from '../schema/run.ts'
import { type Stage, stages as allStages } from '../schema/stage.ts'
import type { Spending, TrialState } from '../schema/state.ts'
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

export interface RunReport {
  readonly schema: 'mlrbench/report@1'
  readonly run: string
  readonly folder: string
  readonly createdAt: string
  readonly stages: readonly Stage[]
  readonly trials: readonly TrialReport[]
  readonly agents: readonly AgentReport[]
  readonly scores: readonly ScoreRow[]
  readonly reviews: readonly Review[]
  readonly failedReviews: readonly FailedReview[]
  readonly judging: Spending
  /** Lines of event files that are no events, such as one cut short by a power failure. */
  readonly unreadableEvents: number
}

/** Everything a run's folder says, read from its records; works on a run in progress as well. */
export async function readRunReport(run: { folder: string; record: RunRecord }): Promise<RunReport> {
  const { folder, record } = run
  const { trials, unreadable } = await readTrials(run)
  const reviews = await readReviews(folder)
  const judging = await readEvents(join(folder, 'events'))
  const failed = new Map<string, FailedReview>()
  for (const event of judging.events)
    if (event.type === 'review-failed' && !wasMadeUpFor(event, reviews)) failed.set(reviewKey(event), event)
  return {
    schema: 'mlrbench/report@1',
    run: record.id,
    folder,
    createdAt: record.createdAt,
    stages: allStages.filter((stage) => record.config.stages.includes(stage)),
    trials,
    agents: record.config.agents.map(({ name }) =>
      summariseAgent(
        name,
        trials.filter(({ agent }) => agent === name),
      ),
    ),
    scores: summariseScores(reviews),
    reviews,
    failedReviews: [...failed.values()],
    judging: sumSpending(judging.events),
    unreadableEvents: unreadable + judging.unreadable.length,
  }
}

const reviewKey = ({ trial, rubric, judge, view, repeat }: Omit<FailedReview, 'type'>): string =>
  JSON.stringify([trial, rubric, judge, view, repeat])

/** Whether the same judge has since validly reviewed the same thing, also when that thing was made anew meanwhile. */
function wasMadeUpFor(failure: FailedReview, reviews: readonly Review[]): boolean {
  return reviews.some(
    ({ trial, rubric, judge, view, repeat, createdAt }) =>
      createdAt > failure.at &&
      reviewKey({ ...failure, trial, rubric: rubric.id, judge: judge.name, view, repeat }) === reviewKey(failure),
  )
}

/** Files open at once; a run may have more trials than a process may open files. */
const readingConcurrency = 32

async function readTrials(run: {
  folder: string
  record: RunRecord
}): Promise<{ trials: TrialReport[]; unreadable: number }> {
  const trials = new Map<string, TrialReport>()
  let unreadable = 0
  const planned = expectedTrials(run.record)
  await forEachBounded(
    planned,
    async (trial) => {
      const folder = trialFolder(run.folder, trial.id)
      const read = await readEvents(join(folder, 'events'))
      unreadable += read.unreadable.length
      const state = deriveTrialState(read.events)
      const status = await trialStatus(state, run.record.config.stages, folder)
      const { id, task, agent, repeat } = trial
      trials.set(id, { id, task: task.id, agent: agent.name, repeat, folder, status, state })
    },
    { concurrency: readingConcurrency },
  )
  return { trials: planned.flatMap(({ id }) => trials.get(id) ?? []), unreadable }
}

async function trialStatus(state: TrialState, chosen: readonly Stage[], folder: string): Promise<TrialStatus> {
  const known = chosen.map((stage) => state.stages[stage]?.status ?? 'pending')
  if (known.every((status) => status === 'done')) return 'done'
  if (await isLeaseHeld(folder)) return 'running'
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

function addSpending(a: Spending, b: Spending): Spending {
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
