import { forEachBounded } from '../base/bounded.ts'
import { openJudge } from '../judges/index.ts'
import { judgeTrial, type ReviewOutcome } from '../judges/judge-trial.ts'
import { mostTries } from '../judges/model-judge.ts'
import type { ModelCaller } from '../models/model-caller.ts'
import type { LoadedRubric } from '../rubrics/rubric.ts'
import type { EventLog } from '../runs/event-log.ts'
import { trialFolder } from '../runs/run-store.ts'
import type { JudgeSpec } from '../schema/config.ts'
import type { RunEvent } from '../schema/event.ts'
import type { ReviewView } from '../schema/review.ts'

export interface JudgingPlan {
  readonly judges: readonly JudgeSpec[]
  readonly rubrics: readonly LoadedRubric[]
  readonly view: ReviewView
  readonly repeats: number
}

export interface JudgingTotals {
  readonly made: number
  /** There before. */
  readonly present: number
  readonly failed: {
    readonly trial: string
    readonly rubric: string
    readonly judge: string
    readonly code: string
    readonly message: string
  }[]
}

export interface JudgingWork {
  readonly runFolder: string
  readonly models: ModelCaller
  /** The run's own event file. */
  readonly log: EventLog
  /** Events of the run so far, for what failed before. */
  readonly earlier: readonly RunEvent[]
  readonly concurrency: number
  readonly onOutcome: (trialId: string, judge: string, outcome: ReviewOutcome) => void
  readonly signal: AbortSignal
}

/** Reviews of the given trials by every judge under every rubric; what is there already is not asked for again. */
export async function judgeTrials(
  trialIds: readonly string[],
  plan: JudgingPlan,
  work: JudgingWork,
): Promise<JudgingTotals> {
  const totals = { made: 0, present: 0, failed: [] as JudgingTotals['failed'] }
  const failures = countFailures(work.earlier)
  const requests = trialIds.flatMap((trialId) =>
    plan.rubrics.flatMap((rubric) =>
      plan.judges
        .map(openJudge)
        .flatMap((judge) =>
          Array.from({ length: plan.repeats }, (_, index) => ({ trialId, rubric, judge, repeat: index + 1 })),
        ),
    ),
  )
  await forEachBounded(requests, review, { concurrency: work.concurrency, signal: work.signal })
  work.log.sync()
  return totals

  async function review(request: (typeof requests)[number], signal: AbortSignal): Promise<void> {
    const { trialId, judge, rubric } = request
    const outcome = await judgeTrial(
      { ...request, runFolder: work.runFolder, trialFolder: trialFolder(work.runFolder, trialId), view: plan.view },
      { models: work.models, failures, append: (event) => work.log.append(event), signal },
    )
    if (outcome.status === 'reviewed') totals.made += 1
    if (outcome.status === 'present') totals.present += 1
    if (outcome.status === 'failed')
      totals.failed.push({
        trial: trialId,
        rubric: rubric.rubric.id,
        judge: judge.name,
        code: outcome.code,
        message: outcome.message,
      })
    work.onOutcome(trialId, judge.name, outcome)
  }
}

/** Tries of failed reviews, so that each new process asks anew. */
function countFailures(events: readonly RunEvent[]): Map<string, number> {
  const failures = new Map<string, number>()
  for (const event of events)
    if (event.type === 'review-failed') failures.set(event.review, (failures.get(event.review) ?? 0) + mostTries)
  return failures
}
