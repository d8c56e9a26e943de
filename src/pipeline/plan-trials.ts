import type { AgentSpec } from '../schema/config.ts'
import type { RunRecord, TaskReference } from '../schema/run.ts'

export interface PlannedTrial {
  readonly id: string
  readonly task: TaskReference
  readonly agent: AgentSpec
  readonly repeat: number
}

/** Every task with every agent, as often as repeated; repeats outermost, so that an interrupted study is broad before it is deep. */
export function planTrials({ config, tasks }: RunRecord): PlannedTrial[] {
  const planned: PlannedTrial[] = []
  for (let repeat = 1; repeat <= config.repeats; repeat += 1)
    for (const task of tasks)
      for (const agent of config.agents) planned.push({ id: `${task.id}/${agent.name}/${repeat}`, task, agent, repeat })
  return planned
}
