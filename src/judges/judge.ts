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
