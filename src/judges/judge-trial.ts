import { join } from 'node:path'
import { readTextIfPresent } from '../base/files.ts'
import { hashJson, sha256 } from '../base/hash.ts'
import { oneLine } from '../base/text.ts'
import { ModelCallError } from '../models/model-call-error.ts'
import type { ModelCaller } from '../models/model-caller.ts'
import type { LoadedRubric } from '../rubrics/rubric.ts'
import { readEvents } from '../runs/event-log.ts'
import { keepReview } from '../runs/review-store.ts'
import { readTrialRecord } from '../runs/trial-store.ts'
import type { NewEvent, RunEvent } from '../schema/event.ts'
import type { Review, ReviewView } from '../schema/review.ts'
import { artefactPaths } from '../schema/stage.ts'
import { type Judge, JudgementError, type Subject } from './judge.ts'
import { judgePrompts } from './model-judge.ts'

export interface ReviewRequest {
  readonly runFolder: string
  readonly trialId: string
  readonly trialFolder: string
  readonly rubric: LoadedRubric
  readonly judge: Judge
  readonly view: ReviewView
  readonly repeat: number
}

export interface ReviewContext {
  readonly models: ModelCaller
  /** Earlier failures, by review id, and events of this process. */
  readonly failures: ReadonlyMap<string, number>
  readonly append: (event: NewEvent) => RunEvent | void
  readonly signal: AbortSignal
}

export type ReviewOutcome =
  | { readonly status: 'reviewed'; readonly review: Review }
  | { readonly status: 'present' }
  /** The trial has no such artefact, or the judge nothing to say about it. */
  | { readonly status: 'nothing-to-judge' }
  | { readonly status: 'failed'; readonly code: string; readonly message: string }

const longestMessage = 500

/**
 * How many reviews one judge has been asked for of one artefact, as it stands, under one rubric and view; those that failed
 * count, so that a later round of judging does not wait for them. Null: there is nothing to judge.
 */
export async function countAsked(
  request: Omit<ReviewRequest, 'repeat'>,
  failures: ReviewContext['failures'],
): Promise<number | null> {
  const subject = await subjectFor(request)
  if (subject === null) return null
  for (let repeat = 1; ; repeat += 1) {
    const id = await reviewId({ ...request, repeat }, subject)
    if (!failures.has(id) && !(await isKept(request.runFolder, id))) return repeat - 1
  }
}

/** Has one judge review one artefact of a trial, unless that very review is there already. */
export async function judgeTrial(request: ReviewRequest, context: ReviewContext): Promise<ReviewOutcome> {
  const { judge, rubric, view, repeat, runFolder, trialId } = request
  const subject = await subjectFor(request)
  if (subject === null) return { status: 'nothing-to-judge' }
  const id = await reviewId(request, subject)
  if (await isKept(runFolder, id)) return { status: 'present' }
  const { models, append, signal } = context
  const job = { subject, rubric, view, repeat, id, failedBefore: context.failures.get(id) ?? 0, models, append, signal }
  try {
    return { status: 'reviewed', review: await keepReview(runFolder, await judge.review(job)) }
  } catch (error) {
    if (signal.aborted || !(error instanceof JudgementError || error instanceof ModelCallError)) throw error
    const { code } = error
    const message = oneLine(error.message, longestMessage)
    append({
      type: 'review-failed',
      review: id,
      trial: trialId,
      rubric: rubric.rubric.id,
      judge: judge.name,
      view,
      repeat,
      code,
      message,
    })
    return { status: 'failed', code, message }
  }
}

/** What there is to judge; null when there is nothing, or nothing that this judge and view add to. */
async function subjectFor(request: Omit<ReviewRequest, 'repeat'>): Promise<Subject | null> {
  const { judge, rubric, view } = request
  // where no code is shown anyway, the view without code would ask the same once more
  const sameAsFull = view === 'no-code' && !rubric.rubric.evidence.includes('code')
  if (sameAsFull || !judge.covers(rubric) || (await isCopied(request))) return null
  return await readSubject(request)
}

async function isKept(runFolder: string, id: string): Promise<boolean> {
  return (await readTextIfPresent(join(runFolder, 'reviews', `${id}.json`))) !== null
}

async function reviewId(request: ReviewRequest, subject: Subject): Promise<string> {
  const { rubric, judge, view, repeat, trialId } = request
  const prompts = await judgePrompts()
  const identity = { trial: trialId, subject: subject.sha256, rubric: rubric.hash, rubricId: rubric.rubric.id, prompts }
  return hashJson({ ...identity, judge: judge.identity, view, repeat }).slice(0, 32)
}

export async function readSubject({
  rubric,
  judge,
  trialId,
  trialFolder,
}: Pick<ReviewRequest, 'rubric' | 'judge' | 'trialId' | 'trialFolder'>): Promise<Subject | null> {
  const subject = rubric.rubric.subject
  // an experiment is judged by what the coder did, not by what it says it found
  const transcribed = judge.kind === 'model' && rubric.rubric.evidence.includes('transcript')
  const path = transcribed ? await latestTranscript(trialFolder) : artefactPaths[subject]
  const text = path === null ? null : await readTextIfPresent(join(trialFolder, path))
  if (path === null || text === null || text.trim() === '') return null
  return { trialId, trialFolder, path, sha256: sha256(text), text }
}

/** What came from another run is not this agent's work. */
export async function isCopied({
  trialFolder,
  rubric,
}: Pick<ReviewRequest, 'trialFolder' | 'rubric'>): Promise<boolean> {
  const { inputs } = await readTrialRecord(trialFolder)
  return inputs.some(({ stage }) => stage === rubric.rubric.subject)
}

/** Transcript of the last attempt at the experiment that came to an end, relative to the trial. */
async function latestTranscript(trialFolder: string): Promise<string | null> {
  const { events } = await readEvents(join(trialFolder, 'events'))
  const ended = events.findLast((event) => event.type === 'coder-finished')
  // a coder that lost its model shows what the provider did, not what the agent can do
  return ended === undefined || ended.ending === 'model-failed'
    ? null
    : `attempts/experiment/${ended.attempt}/transcript.md`
}
