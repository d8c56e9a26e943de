import type { Stage } from '../../schema/stage.ts'
import type { WritingInputs } from './read-call.ts'

export type WritingStage = Exclude<Stage, 'experiment'>

/** One step of an experiment: something to say and a command to run, or the last word when there is none. */
export interface Step {
  readonly say: string
  readonly command: string | null
}

/** What makes one scripted model differ from another. Both functions are pure: equal input, equal answer. */
export interface Persona {
  readonly name: string
  write(stage: WritingStage, inputs: WritingInputs): string
  /** @param outputs what the commands so far answered, in order */
  act(outputs: readonly string[]): Step
}
