import { forEachBounded } from '../base/bounded.ts'
import { openJudge } from '../judges/index.ts'
import type { Judge } from '../judges/judge.ts'
import { countAsked, judgeTrial, type ReviewOutcome } from '../judges/judge-trial.ts'
import { mostTries } from '../judges/ask-until-valid.ts'
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
  /**
   * A later round: so many more reviews of everything each judge has been asked about before. A round that was broken off is
   * finished first.
   */
  readonly again?: boolean
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
  const judges = plan.judges.map(openJudge)
  const targets = trialIds.flatMap((trialId) =>
    plan.rubrics.flatMap((rubric) => judges.map((judge) => ({ trialId, rubric, judge }))),
  )
  const place = (trialId: string) => ({
    runFolder: work.runFolder,
    trialFolder: trialFolder(work.runFolder, trialId),
    view: plan.view,
  })
  const requests =
    plan.again === true ? await planRound() : targets.flatMap((target) => repeated(target, 1, plan.repeats))
  await forEachBounded(requests, review, { concurrency: work.concurrency, signal: work.signal })
  work.log.sync()
  return totals

  async function review(request: (typeof requests)[number], signal: AbortSignal): Promise<void> {
    const { trialId, judge, rubric } = request
    const outcome = await judgeTrial(
      { ...request, ...place(trialId) },
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

  /** The next reviews of what was reviewed before, so that afterwards each judge was asked equally often under each rubric. */
  async function planRound(): Promise<ReturnType<typeof repeated<(typeof targets)[number]>>> {
    const counts = new Map<(typeof targets)[number], number>()
    const count = async (target: (typeof targets)[number]): Promise<void> => {
      if (isSteady(target.judge)) return
      counts.set(target, (await countAsked({ ...target, ...place(target.trialId) }, failures)) ?? 0)
    }
    await forEachBounded(targets, count, { concurrency: work.concurrency, signal: work.signal })
    const before = targets
      .map((target) => ({ ...target, asked: counts.get(target) ?? 0 }))
      .filter(({ asked }) => asked > 0)
    const groups = Map.groupBy(before, ({ judge, rubric }) => `${judge.name} ${rubric.rubric.id}`)
    return [...groups.values()].flatMap((group) => {
      const most = Math.max(...group.map(({ asked }) => asked))
      const isWhole = group.every(({ asked }) => asked === most)
      const last = isWhole ? most + plan.repeats : most
      return group.flatMap(({ asked, ...target }) => repeated(target, asked + 1, last))
    })
  }
}

/** Whether a judge says the same whenever it is asked. */
function isSteady({ kind }: Judge): boolean {
  return kind !== 'model'
}

function repeated<Target extends { readonly judge: Judge }>(
  target: Target,
  first: number,
  last: number,
): (Target & { readonly repeat: number })[] {
  const end = isSteady(target.judge) ? Math.min(last, 1) : last
  return Array.from({ length: Math.max(0, end - first + 1) }, (_, index) => ({ ...target, repeat: first + index }))
}

/** Tries of failed reviews, so that each new process asks anew. */
function countFailures(events: readonly RunEvent[]): Map<string, number> {
  const failures = new Map<string, number>()
  for (const event of events)
    if (event.type === 'review-failed') failures.set(event.review, (failures.get(event.review) ?? 0) + mostTries)
  return failures
}
