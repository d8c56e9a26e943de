import { PrerequisiteError } from '../base/errors.ts'
import type { AgentSpec, RunnableAgentSpec } from '../schema/config.ts'
import type { RunRecord, TaskReference } from '../schema/run.ts'

export interface ExpectedTrial<Agent = AgentSpec> {
  readonly id: string
  readonly task: TaskReference
  readonly agent: Agent
  readonly repeat: number
}
export type PlannedTrial = ExpectedTrial<RunnableAgentSpec>

/** The trials of a run, whether it was made here or imported, started or not. */
export function expectedTrials({ config, tasks, imported }: RunRecord): ExpectedTrial[] {
  const trials = combine(tasks, config.agents, config.repeats)
  if (imported === null) return trials
  const known = new Set(imported.trials)
  return trials.filter(({ id }) => known.has(id))
}

/** The trials a run is to work off. Throws PrerequisiteError for an imported run, whose work was done elsewhere. */
export function planTrials({ id, config, tasks }: RunRecord): PlannedTrial[] {
  return combine(tasks, runnableAgents(id, config.agents), config.repeats)
}

/** Throws PrerequisiteError when one of a run's agents was imported. */
export function runnableAgents(run: string, agents: readonly AgentSpec[]): RunnableAgentSpec[] {
  return agents.map((agent) => {
    if (agent.kind === 'imported')
      throw new PrerequisiteError(
        `"${agent.name}" of run ${run} was imported: it can be judged, audited and reported, but there is nothing to run`,
      )
    return agent
  })
}

/** Every task with every agent, as often as repeated; repeats outermost, so that an interrupted study is broad before it is deep. */
function combine<Agent extends AgentSpec>(
  tasks: readonly TaskReference[],
  agents: readonly Agent[],
  repeats: number,
): ExpectedTrial<Agent>[] {
  const trials: ExpectedTrial<Agent>[] = []
  for (let repeat = 1; repeat <= repeats; repeat += 1)
    for (const task of tasks)
      for (const agent of agents) trials.push({ id: `${task.id}/${agent.name}/${repeat}`, task, agent, repeat })
  return trials
}
