import type { AgentSpec, MlrAgentSpec, RunnableAgentSpec } from './config.ts'
import type { Stage } from './stage.ts'

/** `provider/model` that does a stage's work, and whose text its artefact is; null where an imported run does not say. */
export function stageModel(agent: AgentSpec, stage: Stage): string | null {
  switch (agent.kind) {
    case 'imported':
      return agent.models[stage] ?? null
    case 'command':
      return agent.coder.model.model
    case 'mlr-agent':
      if (stage === 'experiment') return agent.coder.model.model
      return stage === 'literature' ? agent.searchModel.model : agent.model.model
  }
}

/** The stages that a run has an agent do: one that is a single program does its work and its paper, whichever are named. */
export function stagesOfAgent(agent: AgentSpec, chosen: readonly Stage[]): readonly Stage[] {
  return agent.kind === 'command' ? ['experiment', 'paper'] : chosen
}

/** Where the artefacts of earlier stages come from; null for an agent that does them itself. */
export function inputsOf(agent: RunnableAgentSpec): MlrAgentSpec['inputs'] {
  return agent.kind === 'mlr-agent' ? agent.inputs : null
}
