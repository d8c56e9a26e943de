import type { ModelCaller } from '../models/model-caller.ts'
import type { LoadedRubric } from '../rubrics/rubric.ts'
import type { NewEvent, RunEvent } from '../schema/event.ts'
import type { Review, ReviewView } from '../schema/review.ts'

/** One thing to be judged: a trial's artefact under a rubric. */
export interface Subject {
  readonly trialId: string
  readonly trialFolder: string
  readonly path: string
  readonly sha256: string
  readonly text: string
}

/** The subject as a review names it. */
export function describeSubject({ path, sha256, text }: Subject): Review['subject'] {
  return { path, sha256, characters: Array.from(text).length }
}

/** Marks of judges that are no models stand under rubrics of their own, so that nobody averages them with a model's. */
const ownRubrics = { rule: '-form', distilled: '-distilled' } as const

/** The rubric that such a judge's reviews name: `paper-form` for `paper`. */
export function ownRubric(rubric: string, kind: keyof typeof ownRubrics): string {
  return `${rubric}${ownRubrics[kind]}`
}

/** The rubric of which a review's rubric is: `paper` for `paper-form` and for `paper`. */
export function judgedRubric(rubric: string): string {
  const suffix = Object.values(ownRubrics).find((own) => rubric.endsWith(own))
  return suffix === undefined ? rubric : rubric.slice(0, -suffix.length)
}

export interface JudgeJob {
  readonly subject: Subject
  readonly rubric: LoadedRubric
  readonly view: ReviewView
  readonly repeat: number
  /** The review's id, known before it is written. */
  readonly id: string
  /** Tries that failed in earlier processes: their replies are not asked for again. */
  readonly failedBefore: number
  readonly models: ModelCaller
  readonly append: (event: NewEvent) => RunEvent | void
  readonly signal: AbortSignal
}

/** No valid review after all tries. It is recorded, and is never a score. */
export class JudgementError extends Error {
  override readonly name = 'JudgementError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Judge {
  readonly name: string
  /** Models read what the coder did; rules look at the artefact itself. */
  readonly kind: Review['judge']['kind']
  /** Goes into the review's id: everything about the judge that decides its marks. */
  readonly identity: unknown
  /** Whether it has anything to say under this rubric. */
  covers(rubric: LoadedRubric): boolean
  /** @throws JudgementError, ModelCallError: recorded as a failed judgement; the signal's reason on abort */
  review(job: JudgeJob): Promise<Review>
}
