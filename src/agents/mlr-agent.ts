import type { MlrAgentSpec } from '../schema/config.ts'
import { type Stage, stages as allStages } from '../schema/stage.ts'
import { experimentStage } from '../stages/experiment.ts'
import { runStage } from '../stages/run-stage.ts'
import type { StageDefinition } from '../stages/stage.ts'
import { ideaStage, literatureStage, paperStage, proposalStage } from '../stages/writing-stages.ts'
import type { Agent, AgentResult } from './agent.ts'

const definitions: Readonly<Record<Stage, StageDefinition>> = {
  idea: ideaStage,
  literature: literatureStage,
  proposal: proposalStage,
  experiment: experimentStage,
  paper: paperStage,
}

/** MLR-Agent: the five stages one after another; what a stage lacks, no later one can make up for. */
export const mlrAgent: Agent<MlrAgentSpec> = {
  async run(stages, context) {
    const outcomes: AgentResult['outcomes'] = []
    for (const stage of allStages.filter((candidate) => stages.includes(candidate))) {
      context.signal.throwIfAborted()
      const outcome = await runStage(definitions[stage], context)
      outcomes.push({ stage, outcome })
      if (outcome.status !== 'done') return { status: 'failed', outcomes }
    }
    return { status: 'done', outcomes }
  },
}
