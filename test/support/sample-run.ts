import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJson, writeWhole } from '../../src/base/files.ts'
import { sha256 } from '../../src/base/hash.ts'
import { type MlrAgentSpec, type RunConfig, runConfigSchema } from '../../src/schema/config.ts'
import type { RunRecord, TaskReference, TrialRecord } from '../../src/schema/run.ts'

export const taskText = '# Count the letters\n\nFind out which letter is the most frequent.\n'

export function taskReference(id = 'letters'): TaskReference {
  return { id, title: 'Count the letters', source: 'folder', sha256: sha256(taskText) }
}

/** A whole configuration, of an agent called `alpha` where nothing else is said. */
export function sampleConfig(changes: Record<string, unknown> = {}): RunConfig {
  const model = 'openai/gpt-4o-mini'
  const coder = { kind: 'bash-loop', model }
  return runConfigSchema.parse({
    agents: [{ name: 'alpha', model, searchModel: model, coder }],
    stages: ['idea', 'literature', 'proposal', 'experiment', 'paper'],
    ...changes,
  })
}

export function sampleAgent(): MlrAgentSpec {
  const [agent] = sampleConfig().agents
  if (agent?.kind !== 'mlr-agent') throw new Error('a sample configuration has an agent')
  return agent
}

export function sampleRun(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: 'mlrbench/run@1',
    id: 'sample',
    createdAt: '2026-01-02T03:04:05.678Z',
    config: sampleConfig(),
    tasks: [taskReference()],
    prompts: {},
    rubrics: {},
    versions: {},
    git: null,
    imported: null,
    ...changes,
  }
}

export function sampleTrial({ config, tasks }: RunRecord = sampleRun()): TrialRecord {
  const [agent] = config.agents
  const [task] = tasks
  if (agent === undefined || task === undefined) throw new Error('a sample run has an agent and a task')
  const createdAt = '2026-01-02T03:04:05.678Z'
  return { schema: 'mlrbench/trial@1', id: `${task.id}/${agent.name}/1`, task, agent, repeat: 1, inputs: [], createdAt }
}

/** Makes a trial's folder with its record and its task. */
export async function makeTrial(folder: string, record: TrialRecord = sampleTrial()): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeWhole(join(folder, 'task.md'), taskText)
  await writeJson(join(folder, 'trial.json'), record)
}
