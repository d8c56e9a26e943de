import { PrerequisiteError } from '../base/errors.ts'
import { readReviewSummaries } from '../runs/review-index.ts'
import { readRun } from '../runs/run-store.ts'
import { type MarkTable, tabulateMarks } from '../studies/marks.ts'

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
  const reviewed = await Promise.all(
    runs.map(async ({ folder, run, agents }) => ({ run, agents, reviews: await readReviewSummaries(folder) })),
  )
  const tables = tabulateMarks(reviewed, 'mean')
  const label = ({ run, agent }: FoundAgent): string =>
    tables.flatMap(({ agents }) => agents).find((own) => own.run === run && agentOf(own.agent, run) === agent)?.agent ??
    agent
  return { tables, first: label(first), second: label(second) }
}

interface FoundAgent {
  readonly folder: string
  readonly run: string
  readonly agents: readonly string[]
  readonly agent: string
}

/** A label is the agent's name, or `<run>:<name>` where several runs have one of that name. */
function agentOf(label: string, run: string): string {
  return label.startsWith(`${run}:`) ? label.slice(run.length + 1) : label
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
