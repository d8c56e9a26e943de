import { PrerequisiteError } from '../base/errors.ts'
import { readReviewSummaries } from '../runs/review-index.ts'
import { readRun } from '../runs/run-store.ts'
import { labelAgents, type MarkTable, tabulateMarks } from '../studies/marks.ts'

/** Two agents as named on the command line, and the tables that hold both under these labels. */
export interface SelectedAgents {
  readonly tables: readonly MarkTable[]
  readonly first: string
  readonly second: string
}

/**
 * Finds two agents given as `run:agent`, or as `run` where it has one agent.
 * @throws PrerequisiteError when a run or agent is not there, or both are the same
 */
export async function selectAgents(logDir: string, [a, b]: readonly [string, string]): Promise<SelectedAgents> {
  const [first, second] = [await findAgent(logDir, a), await findAgent(logDir, b)]
  if (first.folder === second.folder && first.agent === second.agent)
    throw new PrerequisiteError(`"${a}" and "${b}" are the same agent of the same run`)
  const runs = [first, ...(first.folder === second.folder ? [] : [second])]
  // two log dirs may each have a run of one id
  const isShared = runs.length === 2 && first.run === second.run
  const nameOf = ({ run, folder }: FoundAgent): string => (isShared ? folder : run)
  const reviewed = await Promise.all(
    runs.map(async (found) => ({
      run: nameOf(found),
      agents: found.agents,
      reviews: await readReviewSummaries(found.folder),
    })),
  )
  const label = labelAgents(reviewed)
  const labelOf = (found: FoundAgent): string => label(nameOf(found), found.agent)
  return { tables: tabulateMarks(reviewed, 'mean'), first: labelOf(first), second: labelOf(second) }
}

interface FoundAgent {
  readonly folder: string
  readonly run: string
  readonly agents: readonly string[]
  readonly agent: string
}

async function findAgent(logDir: string, name: string): Promise<FoundAgent> {
  const colon = name.lastIndexOf(':')
  const [runName, agentName] = colon > 0 ? [name.slice(0, colon), name.slice(colon + 1)] : [name, null]
  const { folder, record } = await readRun(logDir, runName)
  const agents = record.config.agents.map((agent) => agent.name)
  const [only] = agents
  const agent = agentName ?? (agents.length === 1 ? only : undefined)
  if (agent === undefined || !agents.includes(agent))
    throw new PrerequisiteError(
      `${agent === undefined ? `say which agent of ${record.id}` : `no agent "${agent}" in ${record.id}`}: ${agents.map((known) => `${runName}:${known}`).join(', ')}`,
    )
  return { folder, run: record.id, agents, agent }
}
