import { join, resolve } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { readTextIfPresent } from '../base/files.ts'
import { hashJson } from '../base/hash.ts'
import type { ScriptedModelName } from '../models/scripted/index.ts'
import { executeRun } from '../pipeline/execute-run.ts'
import { loadPrompt } from '../prompts/prompt.ts'
import { formatNumberOf } from '../report/format.ts'
import { readRun } from '../runs/run-store.ts'
import { detectSandbox } from '../sandboxes/index.ts'
import type { RunRecord } from '../schema/run.ts'
import { loadTasks } from '../tasks/load-tasks.ts'
import { selectTasks } from '../tasks/select-tasks.ts'
import { type CliContext, version } from './context.ts'
import { resolveConfig } from './resolve-config.ts'
import { describeRun, startRun } from './start-run.ts'

export interface Run {
  readonly folder: string
  readonly record: RunRecord
}

/**
 * A run of scripted models on the bundled tasks: made here without key or network when the log dir has none, and finished when it
 * was interrupted. Its name follows from what is in it.
 * @param wanted.tasks ids or globs; empty for all
 * @param wanted.check called with the run's record before anything is done: a missing key is found in time
 * @throws PrerequisiteError when one of its trials does not come to its end
 */
export async function openControls(
  wanted: {
    readonly models: readonly ScriptedModelName[]
    readonly tasks: readonly string[]
    readonly logDir: string
    readonly check: (run: Run) => Promise<void>
  },
  context: CliContext,
): Promise<Run> {
  const tasks = selectTasks(await loadTasks({ pulledFolder: null }), {
    patterns: wanted.tasks,
    venue: null,
    year: null,
    subset: false,
    limit: null,
  })
  const detected = await detectSandbox()
  const config = await resolveConfig({
    model: wanted.models.map((name) => `scripted/${name}`),
    sandbox: detected ?? 'host',
    memoryGb: 1,
    cpus: 1,
    experimentMinutes: 5,
  })
  const prompts = await Promise.all([...config.stages, 'bash-loop'].map(async (name) => (await loadPrompt(name)).hash))
  const content = [version, prompts, wanted.models, tasks.map((task) => [task.id, task.sha256])]
  const id = `controls-${hashJson(content).slice(0, 8)}`
  const trials = formatNumberOf(tasks.length * wanted.models.length, 'trial')
  const isThere = (await readTextIfPresent(join(resolve(wanted.logDir), id, 'run.json'))) !== null
  context.note(
    isThere
      ? `The work of scripted models in run ${id} is judged (${trials}).`
      : `No run is given, so scripted models work first: ${wanted.models.join(', ')} on ${formatNumberOf(tasks.length, 'bundled task')}, without key or network, in run ${id}.`,
  )
  if (!isThere) {
    const record = await describeRun(config, tasks, id)
    await wanted.check({ folder: join(resolve(wanted.logDir), id), record })
    await startRun(wanted.logDir, record, tasks)
  }
  const run = await readRun(wanted.logDir, id)
  const observer = { onTrial: ({ id: trial, status }: { id: string; status: string }) => note(trial, status) }
  const summary = await executeRun({
    ...run,
    secrets: context.secrets,
    retryFailed: true,
    observer,
    signal: context.signal,
  })
  const failed = summary.trials.find(({ status }) => status !== 'done')
  if (failed !== undefined)
    throw new PrerequisiteError(
      `${failed.id} of the scripted run ${id} is ${failed.status}${failed.failure === null ? '' : `: ${failed.failure.stage}: ${failed.failure.message}`}; see "mlrbench status ${run.folder}"`,
    )
  return run

  function note(trial: string, status: string): void {
    if (!isThere || status !== 'done') context.note(`${trial}  ${status}`)
  }
}
