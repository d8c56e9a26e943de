import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { isMissing, readTextIfPresent, syncFolder, writeJson, writeWhole } from '../base/files.ts'
import { writerName } from '../base/process.ts'
import { type RunRecord, runRecordSchema } from '../schema/run.ts'

/**
 * Makes a run's folder with its record and the texts of its tasks, so that it can go on wherever the data set is not.
 * @param taskTexts by task id
 * @throws PrerequisiteError when the name is taken
 */
export async function createRun(
  logDir: string,
  record: RunRecord,
  taskTexts: ReadonlyMap<string, string>,
): Promise<string> {
  const folder = join(resolve(logDir), record.id)
  const draft = join(dirname(folder), `.${record.id}.${writerName()}`)
  const valid = runRecordSchema.parse(record)
  for (const [id, text] of taskTexts) await writeWhole(taskPath(draft, id), text)
  await writeJson(join(draft, 'run.json'), valid)
  try {
    await rename(draft, folder)
    await syncFolder(dirname(folder))
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(String(error.code)))
      throw new PrerequisiteError(`there is a run "${record.id}" in ${logDir}: resume it, or give another --name`)
    throw error
  }
  return folder
}

/** Reads run.json. A run is given by its folder, or by its id below the log dir. */
export async function readRun(logDir: string, run: string): Promise<{ folder: string; record: RunRecord }> {
  for (const folder of [resolve(logDir, run), resolve(run)]) {
    const text = await readTextIfPresent(join(folder, 'run.json'))
    if (text !== null) return { folder, record: parseRecord(text, folder) }
  }
  const ids = await listRuns(logDir)
  const known = ids.length === 0 ? 'there is none yet' : `there are: ${ids.slice(-5).join(', ')}`
  throw new PrerequisiteError(`no run "${run}" in ${logDir} (${known}); give its id, its folder, or --log-dir`)
}

function parseRecord(text: string, folder: string): RunRecord {
  try {
    return runRecordSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${join(folder, 'run.json')} is not a run record this version can read`, { cause })
  }
}

/** Ids of the runs in a log dir, sorted. */
export async function listRuns(logDir: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await folderNames(logDir)) {
    if ((await readTextIfPresent(join(logDir, name, 'run.json'))) !== null) found.push(name)
  }
  return found
}

/** A task's text as the run began with it. */
export async function readTask(runFolder: string, taskId: string): Promise<string> {
  return readFile(taskPath(runFolder, taskId), 'utf8')
}

function taskPath(runFolder: string, taskId: string): string {
  return join(runFolder, 'tasks', `${taskId}.md`)
}

export function trialFolder(runFolder: string, trialId: string): string {
  return join(runFolder, 'trials', ...trialId.split('/'))
}

/** Ids (`task/agent/repeat`) of the trials that have been started, sorted by task, agent and number of the repeat. */
export async function listTrials(runFolder: string, only: { taskId?: string } = {}): Promise<string[]> {
  const ids: string[] = []
  const root = join(runFolder, 'trials')
  for (const task of only.taskId === undefined ? await folderNames(root) : [only.taskId]) {
    for (const agent of await folderNames(join(root, task))) {
      const repeats = await folderNames(join(root, task, agent))
      for (const repeat of repeats.toSorted((a, b) => Number(a) - Number(b))) {
        if ((await readTextIfPresent(join(root, task, agent, repeat, 'trial.json'))) !== null)
          ids.push(`${task}/${agent}/${repeat}`)
      }
    }
  }
  return ids
}

async function folderNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => basename(entry.name))
      .toSorted()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
