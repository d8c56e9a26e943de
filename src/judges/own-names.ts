import { dirname, join } from 'node:path'
import { readTextIfPresent } from '../base/files.ts'
import { type AgentSpec } from '../schema/config.ts'
import { runRecordSchema } from '../schema/run.ts'

/** Names that the run of a trial goes by: its agents, their systems and models. Empty outside a run store. */
export async function readOwnNames(trialFolder: string): Promise<string[]> {
  // <run>/trials/<task>/<agent>/<repeat>
  const path = join(dirname(dirname(dirname(dirname(trialFolder)))), 'run.json')
  const text = await readTextIfPresent(path)
  if (text === null) return []
  const { config } = runRecordSchema.parse(JSON.parse(text))
  return [...new Set(config.agents.flatMap(namesOf))]
}

function namesOf(agent: AgentSpec): string[] {
  switch (agent.kind) {
    case 'mlr-agent':
      return [agent.name, agent.model.model, agent.searchModel.model, agent.coder.model.model]
    case 'command':
      return [agent.name, agent.coder.kind, agent.coder.model.model]
    case 'imported':
      return [agent.name, agent.system, ...Object.values(agent.models)]
  }
}
