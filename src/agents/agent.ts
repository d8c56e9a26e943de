import type { StageContext, StageOutcome } from '../stages/stage.ts'
import type { Stage } from '../schema/stage.ts'

export interface AgentResult {
  readonly status: 'done' | 'failed'
  readonly outcomes: { readonly stage: Stage; readonly outcome: StageOutcome }[]
}

/** Given a task in a trial's folder, produces the artefacts of the stages asked for. */
export interface Agent<Spec> {
  /** What the agent gets wrong is in the result; rejects when the harness breaks or the signal aborts. */
  run(stages: readonly Stage[], context: StageContext<Spec>): Promise<AgentResult>
}
