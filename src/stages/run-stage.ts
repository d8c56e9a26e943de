import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { hashJson, sha256File } from '../base/hash.ts'
import { isForUser, isModelCallCode, ModelCallError } from '../models/model-call-error.ts'
import type { OpenTrial } from '../runs/trial-store.ts'
import type { HashedFile, RunEvent } from '../schema/event.ts'
import { artefactPaths } from '../schema/stage.ts'
import {
  type Attempt,
  coderFailed,
  type StageContext,
  type StageDefinition,
  StageFailure,
  type StageOutcome,
} from './stage.ts'

/** Faults of a whole reply, where the same question may well get a better one. A call without a reply was retried already. */
const anotherAttemptHelps = new Set(['empty-reply', 'output-limit', 'refused'])

/**
 * Brings one stage of a trial to its end: used again when it was finished under the same fingerprint, else attempted.
 * What the agent got wrong is the outcome; what broke in the harness rejects.
 */
export async function runStage<Agent>(
  definition: StageDefinition<Agent>,
  context: StageContext<Agent>,
): Promise<StageOutcome> {
  const { trial } = context
  const earlier = trial.events.filter((event) => 'stage' in event && event.stage === definition.stage)
  const last = earlier.findLast((event) => event.type.startsWith('stage-'))
  const inputs = await hashInputs(definition, trial)
  if ('missing' in inputs) {
    const failure = wantOf(inputs.missing, definition)
    const isKnown = last?.type === 'stage-failed' && last.code === failure.code && last.message === failure.message
    if (!isKnown) await recordFailure(failure, definition, trial)
    return failure
  }

  const settings = await definition.settings(context)
  const fingerprint = hashJson({ stage: definition.stage, inputs: inputs.files, settings })
  if (last?.type === 'stage-finished' && last.fingerprint === fingerprint && (await isIntact(trial, last.outputs)))
    return { status: 'done', reused: true }
  if (last?.type === 'stage-failed' && last.code !== 'missing-input' && !context.retryFailed)
    return { status: 'failed', code: last.code, message: last.message }

  for (let made = 1; ; made += 1) {
    const { outcome, fault } = await attemptStage(definition, context, { fingerprint, inputs: inputs.files })
    const isWorthAnother = fault instanceof StageFailure && anotherAttemptHelps.has(fault.code)
    if (!isWorthAnother || made === definition.attempts) return outcome
  }
}

type StageFacts = Pick<StageDefinition, 'stage' | 'needs' | 'resumable'>

type Failure = Extract<StageOutcome, { status: 'failed' }>

function wantOf(path: string, { stage }: StageFacts): Failure {
  return { status: 'failed', code: 'missing-input', message: `the ${stage} stage needs ${path}, which is not there` }
}

async function recordFailure({ code, message }: Failure, definition: StageFacts, trial: OpenTrial): Promise<void> {
  const { stage } = definition
  const attempt = nextAttempt(definition, trial).number
  trial.append({ type: 'stage-failed', stage, attempt, code, message, durationMs: 0 })
  await trial.checkpoint()
}

async function attemptStage<Agent>(
  definition: StageDefinition<Agent>,
  context: StageContext<Agent>,
  start: { fingerprint: string; inputs: HashedFile[] },
): Promise<{ outcome: StageOutcome; fault: Error | null }> {
  const { trial } = context
  const { stage } = definition
  const attempt = nextAttempt(definition, trial)
  const startedAt = performance.now()
  const durationMs = (): number => Math.round(performance.now() - startedAt)
  trial.append({ type: 'stage-started', stage, attempt: attempt.number, ...start })
  try {
    const outputs = await definition.run(context, attempt)
    const { fingerprint } = start
    trial.append({
      type: 'stage-finished',
      stage,
      attempt: attempt.number,
      fingerprint,
      outputs,
      durationMs: durationMs(),
    })
    return { outcome: { status: 'done', reused: false }, fault: null }
  } catch (error) {
    if (context.signal.aborted || !(error instanceof StageFailure || error instanceof ModelCallError)) throw error
    const { code, message } = error
    if (isForUser(code)) return { outcome: { status: 'stopped', code, message }, fault: error }
    trial.append({ type: 'stage-failed', stage, attempt: attempt.number, code, message, durationMs: durationMs() })
    return { outcome: { status: 'failed', code, message }, fault: error }
  } finally {
    await trial.checkpoint()
  }
}

function nextAttempt({ stage, resumable }: StageFacts, trial: OpenTrial): Attempt {
  const own = trial.events.filter(
    (event): event is Extract<RunEvent, { attempt: number }> => 'attempt' in event && event.stage === stage,
  )
  const last = own.findLast((event) => event.type.startsWith('stage-'))
  const started = own.reduce((highest, { attempt }) => Math.max(highest, attempt), 0)
  const interrupted = last?.type === 'stage-started'
  const number = interrupted && resumable ? started : started + 1
  const ended = own.filter((event) => event.type === 'stage-finished' || endedByReply(event)).length
  return { number, folder: trial.attemptFolder(stage, number), cacheScope: `${trial.record.id}/${stage}/${ended}` }
}

/** Whether an attempt failed by what a model said. Where calls failed, the replies before them are still worth having. */
function endedByReply(event: RunEvent): boolean {
  return event.type === 'stage-failed' && !isModelCallCode(event.code) && event.code !== coderFailed
}

async function hashInputs(
  { needs }: StageFacts,
  trial: OpenTrial,
): Promise<{ files: HashedFile[] } | { missing: string }> {
  const files: HashedFile[] = []
  for (const need of needs) {
    const path = artefactPaths[need]
    const file = await hashFile(trial.folder, path)
    if (file === null) return { missing: path }
    files.push(file)
  }
  return { files }
}

async function isIntact(trial: OpenTrial, outputs: readonly HashedFile[]): Promise<boolean> {
  for (const output of outputs) if ((await hashFile(trial.folder, output.path))?.sha256 !== output.sha256) return false
  return true
}

/** Null for what is not there or is no regular file. */
async function hashFile(folder: string, path: string): Promise<HashedFile | null> {
  const stats = await lstat(join(folder, path)).catch(() => null)
  if (!stats?.isFile()) return null
  return { path, sha256: await sha256File(join(folder, path)), bytes: stats.size }
}
