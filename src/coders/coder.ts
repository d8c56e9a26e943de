import type { Gateway } from '../gateway/gateway.ts'
import type { ModelCaller } from '../models/model-caller.ts'
import type { Sandbox } from '../sandboxes/sandbox.ts'
import type { CoderSpec, Wire } from '../schema/config.ts'
import type { CoderEnding, NewEvent, RunEvent } from '../schema/event.ts'

/** The endpoint of a coder that calls its model itself. */
export interface CoderEndpoint {
  readonly gateway: Gateway
  /** Inside the sandbox, without a slash at the end: `http://127.0.0.1:<port>/coder`. */
  readonly url: string
  /** Stands where the coder expects its key. */
  readonly token: string
  /** The format that both the coder and the provider of its model speak. */
  readonly wire: Wire
}

export interface CoderJob {
  readonly spec: CoderSpec
  /** What to do: the experiment's prompt. */
  readonly prompt: string
  /** The sandbox's workspace as seen from here. */
  readonly workspace: string
  readonly sandbox: Sandbox
  /** For coders that ask through the harness. */
  readonly models: ModelCaller
  /** For coders that are programs with a client of their own; null for the others. */
  readonly endpoint: CoderEndpoint | null
  /** Variables for the experiment's code, which the coder passes on to what it runs. */
  readonly environment: Readonly<Record<string, string>>
  readonly attempt: number
  /** Folder of the attempt, for what the coder's program prints. */
  readonly attemptFolder: string
  readonly cacheScope: string
  /** Dollars that interrupted attempts at the same experiment have cost; they count against the coder's own limit. */
  readonly spentUsd: number
  readonly append: (event: NewEvent) => RunEvent | void
  readonly signal: AbortSignal
}

export interface CoderResult {
  readonly ending: Exclude<CoderEnding, 'unknown'>
  /** Calls of its model. */
  readonly steps: number
  /** Its last words, or what went wrong. */
  readonly message: string
  /** The whole conversation as Markdown: what it said, ran and saw. */
  readonly transcript: string
}

/** What a coder needs before its sandbox is opened. */
export interface CoderNeeds {
  /** Formats it can ask its model in, best first; null for a coder that asks through the harness. */
  readonly wires: readonly Wire[] | null
  /** Files of the host it consists of, by their path inside. */
  readonly readOnly: Readonly<Record<string, string>>
  /** Of its program; null where there is none, or it does not tell. */
  readonly version: string | null
}

/** Drives a coding agent until it is done or a limit ends it; whatever it leaves stays in the workspace. */
export interface Coder {
  /** Throws PrerequisiteError with how to install it when its program is not here. */
  prepare(spec: CoderSpec): Promise<CoderNeeds>
  /** Rejects when the sandbox broke, the signal aborted, or with a ModelCallError for the user to put right. */
  run(job: CoderJob): Promise<CoderResult>
}
