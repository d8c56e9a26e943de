import type { CommandAgentSpec } from '../schema/config.ts'
import { runStage } from '../stages/run-stage.ts'
import { wholePaperStage, wholeWorkStage } from '../stages/whole-work.ts'
import type { Agent, AgentResult } from './agent.ts'

/**
 * Anyone's own agent: a program that reads `task.md` and leaves a paper. Its work is recorded as the experiment stage, its paper taken over
 * as the paper stage, whichever stages the run names; ideas and proposals are taken over where it leaves them.
 */
export const commandAgent: Agent<CommandAgentSpec> = {
  async run(_stages, context) {
    const outcomes: AgentResult['outcomes'] = []
    const worked = await runStage(wholeWorkStage, context)
    outcomes.push({ stage: 'experiment', outcome: worked })
    if (worked.status !== 'done') return { status: 'failed', outcomes }
    context.signal.throwIfAborted()
    const written = await runStage(wholePaperStage, context)
    outcomes.push({ stage: 'paper', outcome: written })
    return { status: written.status === 'done' ? 'done' : 'failed', outcomes }
  },
}
