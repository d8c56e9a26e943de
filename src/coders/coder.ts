import type { ModelCaller } from '../models/model-caller.ts'
import type { Sandbox } from '../sandboxes/sandbox.ts'
import type { CoderSpec } from '../schema/config.ts'
import type { NewEvent, RunEvent } from '../schema/event.ts'

export interface CoderJob {
  readonly spec: CoderSpec
  /** What to do: the experiment's prompt. */
  readonly prompt: string
  /** The sandbox's workspace as seen from here. */
  readonly workspace: string
  readonly sandbox: Sandbox
  readonly models: ModelCaller
  readonly attempt: number
  readonly cacheScope: string
  /** Dollars that interrupted attempts at the same experiment have cost; they count against the coder's own limit. */
  readonly spentUsd: number
  readonly append: (event: NewEvent) => RunEvent | void
  readonly signal: AbortSignal
}

export interface CoderResult {
  readonly ending: 'done' | 'step-limit' | 'time-limit' | 'cost-limit' | 'model-failed'
  readonly steps: number
  /** Its last words, or what went wrong. */
  readonly message: string
  /** The whole conversation as Markdown: what it said, ran and saw. */
  readonly transcript: string
}

/** Drives a coding agent until it is done or a limit ends it; whatever it leaves stays in the workspace. */
export interface Coder {
  /** Rejects when the sandbox broke, the signal aborted, or with a ModelCallError for the user to put right. */
  run(job: CoderJob): Promise<CoderResult>
}
