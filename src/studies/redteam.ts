import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { writeWhole } from '../base/files.ts'
import { hashJson } from '../base/hash.ts'
import { type Judge, judgedRubric } from '../judges/judge.ts'
import { judgeTrial, type ReviewOutcome } from '../judges/judge-trial.ts'
import { mostTries } from '../judges/ask-until-valid.ts'
import type { ModelCaller } from '../models/model-caller.ts'
import type { LoadedRubric } from '../rubrics/rubric.ts'
import type { EventLog } from '../runs/event-log.ts'
import { keepReview, readReviews } from '../runs/review-store.ts'
import { trialFolder } from '../runs/run-store.ts'
import type { RunEvent } from '../schema/event.ts'
import type { Review, ReviewView } from '../schema/review.ts'
import type { AttackEffect, RedTeamStudy } from '../schema/study.ts'
import { measureAttack, notShown, type ReviewPair, summariseJudge } from './attack-effects.ts'
import { attackTrial, copyTrial } from './attacked-trial.ts'
import type { Attack } from './attacks.ts'
import { compareText } from './marks.ts'

export interface RedTeamPlan {
  /** The run whose work is attacked. */
  readonly run: { readonly id: string; readonly folder: string }
  readonly trials: readonly string[]
  readonly judges: readonly Judge[]
  readonly rubrics: readonly LoadedRubric[]
  readonly attacks: readonly Attack[]
  readonly view: ReviewView
  readonly repeats: number
}

export interface RedTeamWork {
  /** Where the study keeps its reviews; never among those of the run, which are of its own work. */
  readonly folder: string
  readonly models: ModelCaller
  readonly log: EventLog
  /** Events of the study so far, for what failed before. */
  readonly earlier: readonly RunEvent[]
  readonly concurrency: number
  readonly onOutcome: (about: string, judge: string, outcome: ReviewOutcome) => void
  readonly signal: AbortSignal
}

/** The same for the same question: material, judges, rubrics, view and attacks. More repeats go on with what is there. */
export function redTeamId({ run, trials, judges, rubrics, attacks, view }: RedTeamPlan): string {
  const sample = {
    subject: '# A title\n\ntext\n',
    code: new Map([['a.py', 'x\n']]),
    logs: new Map([['log.txt', 'y\n']]),
  }
  const texts = attacks.flatMap((attack) =>
    rubrics.map(({ rubric }) => {
      const { subject, code, logs } = attack.apply(sample, rubric)
      return [attack.id, subject, [...code], [...logs]]
    }),
  )
  const asked = [run.id, trials, judges.map(({ identity }) => identity), rubrics.map(({ hash }) => hash), view, texts]
  return `red-team-${hashJson(asked).slice(0, 8)}`
}

/** A piece of the work: one trial as it was, or under one attack, under one rubric. */
interface Piece {
  readonly trial: string
  /** Null: clean. */
  readonly attack: Attack | null
  readonly rubric: LoadedRubric
}

/**
 * Has judges review work as it is and under each attack, and measures what the attacks gain. What was reviewed before is kept.
 * @returns the study; failed reviews are in it and count nowhere
 */
export async function runRedTeam(plan: RedTeamPlan, work: RedTeamWork): Promise<RedTeamStudy> {
  const failures = countFailures(work.earlier)
  const failed: RedTeamStudy['failed'] = []
  const shown = new Map<string, readonly string[]>()
  await takeOverReviews(plan, work.folder)
  const pieces = plan.trials.flatMap((trial) =>
    plan.rubrics.flatMap((rubric) => [null, ...plan.attacks].map((attack): Piece => ({ trial, attack, rubric }))),
  )
  await forEachBounded(pieces, reviewPiece, { concurrency: work.concurrency, signal: work.signal })
  work.log.sync()
  await rm(join(work.folder, 'work'), { recursive: true, force: true })
  const effects = measureEffects(plan, { reviews: await readReviews(work.folder), shown })
  return {
    schema: 'mlrbench/study@1',
    kind: 'red-team',
    id: redTeamId(plan),
    createdAt: new Date().toISOString(),
    run: plan.run.id,
    trials: [...plan.trials],
    judges: plan.judges.map(({ name }) => name),
    rubrics: plan.rubrics.map(({ rubric, hash }) => ({ id: rubric.id, hash })),
    view: plan.view,
    repeats: plan.repeats,
    attacks: plan.attacks.map(({ id, description, hides }) => ({ id, description, hides })),
    effects,
    verdicts: plan.judges.map(({ name }) => ({ judge: name, ...summariseJudge(name, effects) })),
    failed: failed.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b))),
  }

  async function reviewPiece(piece: Piece, signal: AbortSignal): Promise<void> {
    const { trial, attack, rubric } = piece
    const original = trialFolder(plan.run.folder, trial)
    const trialId = pieceId(piece)
    let folder = original
    if (attack !== null) {
      const attacked = await attackTrial(original, attack, { rubric: rubric.rubric, view: plan.view })
      if (attacked === null) return
      shown.set(`${trialId} ${rubric.rubric.id}`, attacked.shownAs)
      // a run of its own, as far as judges look: they find the names to take out of a blind view in its record
      const copy = join(work.folder, 'work', `${attack.id}-${rubric.rubric.id}`)
      folder = trialFolder(copy, trial)
      await writeWhole(join(copy, 'run.json'), await readFile(join(plan.run.folder, 'run.json')))
      await copyTrial(original, folder, attacked.files)
    }
    for (const judge of plan.judges)
      for (let repeat = 1; repeat <= plan.repeats; repeat += 1) {
        const request = { runFolder: work.folder, trialId, trialFolder: folder, rubric, judge, view: plan.view, repeat }
        const append = (event: Parameters<EventLog['append']>[0]): RunEvent => work.log.append(event)
        const outcome = await judgeTrial(request, { models: work.models, failures, append, signal })
        if (outcome.status === 'failed') {
          const { code, message } = outcome
          failed.push({ about: trialId, judge: judge.name, rubric: rubric.rubric.id, code, message })
        }
        work.onOutcome(trialId, judge.name, outcome)
      }
    if (attack !== null) await rm(folder, { recursive: true, force: true })
  }
}

/** As reviews name it: `<task>/<agent>/<repeat>`, and `#<attack>` behind that. */
const pieceId = ({ trial, attack }: Pick<Piece, 'trial' | 'attack'>): string =>
  attack === null ? trial : `${trial}#${attack.id}`

/** Reviews that the run has of its own work need not be asked for again. */
async function takeOverReviews({ run, trials, judges }: RedTeamPlan, folder: string): Promise<void> {
  const wanted = new Set(trials)
  const names = new Set(judges.map(({ name }) => name))
  for (const review of await readReviews(run.folder))
    if (wanted.has(review.trial) && names.has(review.judge.name) && review.imported === null)
      await keepReview(folder, review)
}

function countFailures(events: readonly RunEvent[]): Map<string, number> {
  const failures = new Map<string, number>()
  for (const event of events)
    if (event.type === 'review-failed') failures.set(event.review, (failures.get(event.review) ?? 0) + mostTries)
  return failures
}

function measureEffects(
  plan: RedTeamPlan,
  { reviews, shown }: { reviews: readonly Review[]; shown: ReadonlyMap<string, readonly string[]> },
): AttackEffect[] {
  const keyOf = (of: { trial: string; judge: string; rubric: string; repeat: number }): string =>
    JSON.stringify([of.trial, of.judge, of.rubric, of.repeat])
  const newest = new Map<string, Review>()
  for (const review of reviews.toSorted((a, b) => compareText(a.createdAt, b.createdAt)))
    if (
      review.view === plan.view &&
      plan.rubrics.some(({ hash }) => hash === review.rubric.hash || review.judge.kind !== 'model')
    )
      newest.set(keyOf({ ...review, judge: review.judge.name, rubric: judgedRubric(review.rubric.id) }), review)

  return plan.judges.flatMap((judge) =>
    plan.rubrics
      .filter((rubric) => judge.covers(rubric))
      .flatMap(({ rubric }) =>
        plan.attacks.map((attack) => {
          const about = { judge: judge.name, rubric: rubric.id, attack: attack.id }
          const pairs = plan.trials.flatMap((trial) => repeatsOf(trial, { ...about, attack }))
          const wasShown = plan.trials.some((trial) => shown.has(`${pieceId({ trial, attack })} ${rubric.id}`))
          const seen = pairs.filter(({ attacked }) => isInSight(attacked, shown.get(`${attacked.trial} ${rubric.id}`)))
          return wasShown && (pairs.length === 0 || seen.length > 0) ? measureAttack(about, seen) : notShown(about)
        }),
      ),
  )

  function repeatsOf(trial: string, about: { judge: string; rubric: string; attack: Attack }): ReviewPair[] {
    return Array.from({ length: plan.repeats }, (_, index) => index + 1).flatMap((repeat) => {
      const of = { judge: about.judge, rubric: about.rubric, repeat }
      const clean = newest.get(keyOf({ ...of, trial }))
      const attacked = newest.get(keyOf({ ...of, trial: pieceId({ trial, attack: about.attack }) }))
      return clean === undefined || attacked === undefined ? [] : [{ clean, attacked }]
    })
  }
}

/** Whether some of what the attack changed was shown, and not left out for want of room. */
function isInSight(review: Review, changed: readonly string[] | undefined): boolean {
  if (changed === undefined) return false
  return review.evidence.shown.some(({ path, shownBytes }) => shownBytes > 0 && changed.includes(path))
}
