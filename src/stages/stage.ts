import type { ModelCaller } from '../models/model-caller.ts'
import type { OpenTrial } from '../runs/trial-store.ts'
import type { ExperimentModels, MlrAgentSpec, SandboxSpec } from '../schema/config.ts'
import type { HashedFile } from '../schema/event.ts'
import type { Stage } from '../schema/stage.ts'

/** What the stages of one trial work with. */
export interface StageContext<Agent = MlrAgentSpec> {
  readonly trial: OpenTrial
  readonly agent: Agent
  readonly models: ModelCaller
  /** Null when the run has no experiment. */
  readonly sandbox: SandboxSpec | null
  /** What the code of experiments may call. */
  readonly experimentModels: ExperimentModels
  /** Attempt stages again that failed before. */
  readonly retryFailed: boolean
  readonly signal: AbortSignal
}

export interface Attempt {
  /** From 1. */
  readonly number: number
  readonly folder: string
  /** Replies of one scope are used again after an interruption, and never by another attempt. */
  readonly cacheScope: string
}

export interface StageDefinition<Agent = MlrAgentSpec> {
  readonly stage: Stage
  /** Artefacts it cannot do without. */
  readonly needs: readonly (Stage | 'task')[]
  /** How many attempts in a row a reply that is empty, cut off or refused is worth. */
  readonly attempts: number
  /** Whether an interrupted attempt goes on where it was, or starts anew as the next one. */
  readonly resumable: boolean
  /** Everything besides the needed artefacts that decides the result. */
  settings(context: StageContext<Agent>): Promise<unknown>
  /**
   * Produces the stage's artefacts in the trial's folder.
   * @throws StageFailure, ModelCallError: recorded as the agent's failure; anything else is the harness's
   */
  run(context: StageContext<Agent>, attempt: Attempt): Promise<HashedFile[]>
}

/** A failure of the measured agent, not of the harness: it is recorded and the run goes on. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Code of an experiment whose coder lost its model. */
export const coderFailed = 'coder-failed'

export type StageOutcome =
  | { readonly status: 'done'; readonly reused: boolean }
  | { readonly status: 'failed'; readonly code: string; readonly message: string }
  /** For the user to put right, such as a spent budget: nobody failed, and a resumed run goes on from here. */
  | { readonly status: 'stopped'; readonly code: string; readonly message: string }
