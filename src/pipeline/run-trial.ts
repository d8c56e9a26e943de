import { join } from 'node:path'
import { makeFolder, readTextIfPresent, writeJson, writeWhole } from '../base/files.ts'
import { runAgent } from '../agents/index.ts'
import type { ModelCaller } from '../models/model-caller.ts'
import { acquireLease } from '../runs/lease.ts'
import { readTask, trialFolder } from '../runs/run-store.ts'
import { openTrial } from '../runs/trial-store.ts'
import type { RunEvent } from '../schema/event.ts'
import type { RunRecord, TrialRecord } from '../schema/run.ts'
import { artefactPaths, type Stage } from '../schema/stage.ts'
import { copyInputs } from './copy-inputs.ts'
import type { PlannedTrial } from './plan-trials.ts'

export interface TrialOutcome {
  readonly id: string
  /** `stopped`: for the user to put right, then to be resumed. `busy`: another living process works on it. */
  readonly status: 'done' | 'failed' | 'stopped' | 'busy'
  readonly failure: { readonly stage: Stage; readonly code: string; readonly message: string } | null
}

export interface TrialWork {
  readonly runFolder: string
  readonly record: RunRecord
  readonly models: ModelCaller
  readonly retryFailed: boolean
  readonly onEvent: (trialId: string, event: RunEvent) => void
  readonly signal: AbortSignal
}

/** Brings one trial to its end, from wherever an earlier process left it. */
export async function runTrial(planned: PlannedTrial, work: TrialWork): Promise<TrialOutcome> {
  const folder = trialFolder(work.runFolder, planned.id)
  await makeFolder(folder)
  const lease = await acquireLease(folder)
  if (lease === null) return { id: planned.id, status: 'busy', failure: null }
  await using _held = lease
  await prepareTrial(planned, work.record, { runFolder: work.runFolder, folder })
  using trial = await openTrial(folder, (event) => work.onEvent(planned.id, event))
  const { config } = work.record
  const { models, retryFailed } = work
  const signal = AbortSignal.any([work.signal, lease.lost])
  const { sandbox, experimentModels } = config
  const context = { trial, agent: planned.agent, models, sandbox, experimentModels, retryFailed, signal }
  const result = await runAgent(config.stages, context).catch((error: unknown) => {
    if (lease.lost.aborted && !work.signal.aborted) return null
    throw error
  })
  if (result === null) return { id: planned.id, status: 'busy', failure: null }
  const last = result.outcomes.at(-1)
  const failure =
    last !== undefined && last.outcome.status !== 'done'
      ? { stage: last.stage, code: last.outcome.code, message: last.outcome.message }
      : null
  return { id: planned.id, status: last?.outcome.status === 'stopped' ? 'stopped' : result.status, failure }
}

/** The record comes last: a folder with a record has everything its trial starts from. */
async function prepareTrial(
  planned: PlannedTrial,
  record: RunRecord,
  at: { runFolder: string; folder: string },
): Promise<void> {
  if ((await readTextIfPresent(join(at.folder, 'trial.json'))) !== null) return
  await writeWhole(join(at.folder, artefactPaths.task), await readTask(at.runFolder, planned.task.id))
  const inputs = await copyInputs(planned, record, at.folder)
  const { id, task, agent, repeat } = planned
  const trial: TrialRecord = {
    schema: 'mlrbench/trial@1',
    id,
    task,
    agent,
    repeat,
    inputs,
    createdAt: new Date().toISOString(),
  }
  await writeJson(join(at.folder, 'trial.json'), trial)
}
