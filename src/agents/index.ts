import type { RunnableAgentSpec } from '../schema/config.ts'
import type { Stage } from '../schema/stage.ts'
import type { StageContext } from '../stages/stage.ts'
import type { AgentResult } from './agent.ts'
import { commandAgent } from './command-agent.ts'
import { mlrAgent } from './mlr-agent.ts'

/** Has the agent of a trial do its work. */
export function runAgent(stages: readonly Stage[], context: StageContext<RunnableAgentSpec>): Promise<AgentResult> {
  const { agent } = context
  switch (agent.kind) {
    case 'mlr-agent':
      return mlrAgent.run(stages, { ...context, agent })
    case 'command':
      return commandAgent.run(stages, { ...context, agent })
  }
}
