import { dirname, join } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { createLocalExecutor } from '../executors/local.ts'
import type { ReviewOutcome } from '../judges/judge-trial.ts'
import { createBudget } from '../models/budget.ts'
import type { Secrets } from '../models/connections.ts'
import { createModelCaller, type ModelCaller, type ModelCallerOptions } from '../models/model-caller.ts'
import { openResponseCache } from '../models/response-cache.ts'
import { loadPrompt } from '../prompts/prompt.ts'
import { loadRubric } from '../rubrics/rubric.ts'
import { openEventLog, readEvents } from '../runs/event-log.ts'
import { listTrials, trialFolder } from '../runs/run-store.ts'
import { countedUsd, sumSpending } from '../runs/spending.ts'
import type { Audit } from '../schema/audit.ts'
import type { RunEvent } from '../schema/event.ts'
import type { RunRecord } from '../schema/run.ts'
import { auditTrial } from './audit-trial.ts'
import { checkCoders, checkModels, checkSandbox } from './check-models.ts'
import { type JudgingTotals, judgeTrials } from './judge-trials.ts'
import { planTrials, runnableAgents } from './plan-trials.ts'
import { runTrial, type TrialOutcome } from './run-trial.ts'

export interface RunSummary {
  readonly trials: readonly TrialOutcome[]
  readonly reviews: JudgingTotals
}

export interface RunWork {
  readonly folder: string
  readonly record: RunRecord
  readonly secrets: Secrets
  readonly retryFailed: boolean
  readonly retry?: ModelCallerOptions['retry']
  readonly observer: RunObserver
  readonly signal: AbortSignal
}

/** What watches a run: the command line's progress, later the viewer. */
export interface RunObserver {
  onEvent?(trialId: string, event: RunEvent): void
  onTrial?(outcome: TrialOutcome): void
  onAudit?(trialId: string, audit: Audit): void
  onAuditFault?(trialId: string, error: unknown): void
  onReview?(trialId: string, judge: string, outcome: ReviewOutcome): void
}

/**
 * Works a run off, from the beginning or from wherever it was left: every trial through its stages, then to its audit and its judges.
 * Failures of agents and judges are in the summary; rejects when the harness breaks, or with the signal's reason.
 */
export async function executeRun(work: RunWork): Promise<RunSummary> {
  const { folder, record, observer } = work
  const planned = new Map(planTrials(record).map((trial) => [trial.id, trial]))
  await requireSamePrompts(record)
  const models = await openModels(work)
  const config = { ...record.config, agents: runnableAgents(record.id, record.config.agents) }
  checkModels(config, models)
  await checkCoders(config, models)
  await checkSandbox(record.config)
  const rubrics = await Promise.all(record.config.rubrics.map(loadRubric))
  const earlier = (await readEvents(join(folder, 'events'))).events
  using log = openEventLog(join(folder, 'events'), () => {})

  const trials: TrialOutcome[] = []
  const reviews = { made: 0, present: 0, failed: [] as JudgingTotals['failed'] }
  const executor = createLocalExecutor({
    concurrency: record.config.concurrency,
    async work({ trialId }, signal) {
      const trial = planned.get(trialId)
      if (trial === undefined) throw new Error(`the run has no trial ${trialId}`)
      const onEvent = (id: string, event: RunEvent): void => observer.onEvent?.(id, event)
      const outcome = await runTrial(trial, {
        runFolder: folder,
        record,
        models,
        retryFailed: work.retryFailed,
        onEvent,
        signal,
      })
      trials.push(outcome)
      observer.onTrial?.(outcome)
      if (outcome.status === 'busy') return
      // what an agent left may break the audit one day, and must not cost the run its judges; `mlrbench audit` shows the fault in full
      await auditTrial(folder, trialId).then(
        (audited) => audited !== null && observer.onAudit?.(trialId, audited.audit),
        (error: unknown) => observer.onAuditFault?.(trialId, error),
      )
      if (record.config.judges.length === 0) return
      const totals = await judgeTrials(
        [trialId],
        { judges: record.config.judges, rubrics, view: 'full', repeats: 1 },
        {
          runFolder: folder,
          models,
          log,
          earlier,
          concurrency: judgingConcurrency,
          onOutcome: (...seen) => observer.onReview?.(...seen),
          signal,
        },
      )
      reviews.made += totals.made
      reviews.present += totals.present
      reviews.failed.push(...totals.failed)
    },
  })
  await executor.run(
    [...planned.keys()].map((trialId) => ({ runFolder: folder, trialId })),
    work.signal,
  )
  return { trials: trials.toSorted((a, b) => (a.id < b.id ? -1 : 1)), reviews }
}

/** A run is one experiment: with other prompts than it began with, its stages would silently be done anew. */
async function requireSamePrompts({ config, prompts, versions }: RunRecord): Promise<void> {
  for (const id of usedPrompts(config))
    if (prompts[id] !== (await loadPrompt(id)).hash)
      throw new PrerequisiteError(
        `the prompt "${id}" has changed since the run began: go on with mlrbench ${versions['mlrbench']}, or start a new run`,
      )
}

function usedPrompts({ agents, stages }: RunRecord['config']): string[] {
  const used = agents.flatMap((agent) => {
    if (agent.kind === 'imported') return []
    const works = agent.kind === 'command' || stages.includes('experiment')
    const ofCoder = works && agent.coder.kind === 'bash-loop' ? ['bash-loop'] : []
    return agent.kind === 'command' ? ['whole-agent', ...ofCoder] : [...stages, ...ofCoder]
  })
  return [...new Set(used)]
}

/** Reviews of one trial asked for at once; providers have limits of their own. */
const judgingConcurrency = 8

/** A caller on the run's own account: what it spent before counts against its budget. */
export async function openModels(work: Pick<RunWork, 'folder' | 'record' | 'secrets' | 'retry'>): Promise<ModelCaller> {
  const { cache, budgetUsd, providers } = work.record.config
  const cacheFolder = cache === 'shared' ? join(dirname(work.folder), '.cache') : join(work.folder, 'cache')
  return createModelCaller({
    providers,
    secrets: work.secrets,
    budget: createBudget(budgetUsd, budgetUsd === null ? 0 : await spentBefore(work)),
    cache: cache === 'off' ? null : openResponseCache(cacheFolder),
    sharedCache: cache === 'shared',
    ...(work.retry ? { retry: work.retry } : {}),
  })
}

async function spentBefore({ folder, record }: Pick<RunWork, 'folder' | 'record'>): Promise<number> {
  let spent = countedUsd(sumSpending((await readEvents(join(folder, 'events'))).events))
  // what imported work cost was paid by whoever did it
  if (record.imported !== null) return spent
  for (const id of await listTrials(folder))
    spent += countedUsd(sumSpending((await readEvents(join(trialFolder(folder, id), 'events'))).events))
  return spent
}
