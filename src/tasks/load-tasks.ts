import { readFile, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { assetPath } from '../base/assets.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { isMissing } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import { type Catalogue, loadCatalogue, taskIdPattern } from './catalogue.ts'
import { archiveLimits } from './task-archive.ts'
import { describeDifferences, isComplete, verifyTasks } from './task-set.ts'
import { hasVisibleText, titleOf } from './task-title.ts'

export interface Task {
  /** Safe as a folder name, unique among the loaded tasks also when letter case is ignored. */
  readonly id: string
  readonly title: string
  /** `mlr-bench`: the bytes are those of the catalogue, wherever the file lies. */
  readonly source: 'mlr-bench' | 'bundled' | 'folder'
  /** Absolute path of the file. */
  readonly path: string
  /** Exactly as in the file, zero-width characters and a byte order mark included. */
  readonly text: string
  /** Of the file's bytes, which are those of `text` as UTF-8. */
  readonly sha256: string
  /** Venue, year and category are null when unknown, as for every task outside MLR-Bench. */
  readonly venue: string | null
  readonly year: number | null
  readonly category: string | null
  readonly inSubset: boolean
}

export interface LoadTasksOptions {
  /** Where `pullTasks` put the data set; null, or no such folder: without MLR-Bench's tasks. */
  readonly pulledFolder: string | null
  /** The user's own, each holding `<id>.md` or `<id>/task.md`. */
  readonly folders?: readonly string[]
  /** Default: the tasks shipped with the package; null: none. */
  readonly bundledFolder?: string | null
  readonly catalogue?: Catalogue
}

/**
 * Loads every task there is, sorted by id. Throws a PrerequisiteError for a folder without tasks, a task that is empty,
 * too large or not UTF-8, an unsafe or repeated id, and a pulled data set that is not whole.
 */
export async function loadTasks(options: LoadTasksOptions): Promise<Task[]> {
  const { pulledFolder, folders = [], bundledFolder = assetPath('tasks'), catalogue = loadCatalogue() } = options
  const tasks: Task[] = []
  if (pulledFolder !== null) tasks.push(...(await loadPulled(pulledFolder, catalogue)))
  if (bundledFolder !== null) tasks.push(...(await loadFolder(bundledFolder, { source: 'bundled', catalogue })))
  for (const folder of folders) tasks.push(...(await loadFolder(folder, { source: 'folder', catalogue })))
  rejectRepeatedIds(tasks)
  return tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

async function loadPulled(folder: string, catalogue: Catalogue): Promise<Task[]> {
  const verification = await verifyTasks(folder, { catalogue })
  if (verification.present + verification.unexpected.length === 0) return []
  if (!isComplete(verification)) {
    const { unexpected } = verification
    const advice = unexpected.length > 0 ? 'Move what is unexpected to a folder of your own, then run' : 'Run'
    throw new PrerequisiteError(
      `The pulled tasks in ${folder} are no longer those of the benchmark: ${describeDifferences(verification)}. ${advice} "mlrbench tasks pull" to restore them.`,
    )
  }
  return await loadFolder(folder, { source: 'folder', catalogue })
}

interface FolderOptions {
  readonly source: 'bundled' | 'folder'
  readonly catalogue: Catalogue
}

async function loadFolder(folder: string, { source, catalogue }: FolderOptions): Promise<Task[]> {
  const known = new Map(catalogue.tasks.map((task) => [task.id, task]))
  const files = await findTaskFiles(resolve(folder))
  if (files.length === 0) {
    throw new PrerequisiteError(
      `There are no tasks in ${resolve(folder)}: a task is a file <id>.md or <id>/task.md in that folder.`,
    )
  }
  return await Promise.all(
    files.map(async ({ id, path }): Promise<Task> => {
      const bytes = await readFile(path)
      const text = decode(bytes, path)
      if (!hasVisibleText(text)) throw new PrerequisiteError(`The task ${path} is empty: write its text, or remove it.`)
      const hash = sha256(bytes)
      const entry = known.get(id)
      const facts = entry?.sha256 === hash ? entry : null
      return {
        id,
        title: facts?.title ?? titleOf(text) ?? id,
        source: facts === null ? source : 'mlr-bench',
        path,
        text,
        sha256: hash,
        venue: facts?.venue ?? null,
        year: facts?.year ?? null,
        category: facts?.category ?? null,
        inSubset: facts?.inSubset ?? false,
      }
    }),
  )
}

/** `<id>.md` and `<id>/task.md`, links followed since the folder is the user's; hidden names and a README are no tasks. */
async function findTaskFiles(folder: string): Promise<{ id: string; path: string }[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (!isMissing(error)) throw error
    throw new PrerequisiteError(`There is no folder ${folder}: give one that holds <id>.md or <id>/task.md files.`)
  })
  const found: { id: string; path: string }[] = []
  for (const name of names.toSorted()) {
    if (name.startsWith('.') || /^readme\.md$/i.test(name)) continue
    const isMarkdown = name.endsWith('.md') && (await fileBytes(join(folder, name))) !== null
    const path = isMarkdown ? join(folder, name) : join(folder, name, 'task.md')
    const bytes = await fileBytes(path)
    if (bytes === null) continue
    const id = isMarkdown ? name.slice(0, -'.md'.length) : name
    if (!taskIdPattern.test(id)) {
      throw new PrerequisiteError(
        `The name of the task ${JSON.stringify(path)} cannot be used: rename it to letters, digits, ".", "_" and "-", starting with a letter or digit.`,
      )
    }
    if (bytes > archiveLimits.taskBytes) {
      throw new PrerequisiteError(
        `The task ${path} has ${bytes} bytes; at most ${archiveLimits.taskBytes} are allowed.`,
      )
    }
    found.push({ id, path })
  }
  return found
}

/** Size of a regular file; null when there is none. */
async function fileBytes(path: string): Promise<number | null> {
  try {
    const stats = await stat(path)
    return stats.isFile() ? stats.size : null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    // "ignoreBOM" keeps the mark, so that the text has the file's hash
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new PrerequisiteError(`The task ${path} is not UTF-8 text: convert it, for example with iconv.`, {
      cause: error,
    })
  }
}

function rejectRepeatedIds(tasks: readonly Task[]): void {
  const first = new Map<string, Task>()
  for (const task of tasks) {
    const key = task.id.toLowerCase()
    const other = first.get(key)
    if (other !== undefined) {
      throw new PrerequisiteError(
        `Two tasks have the id "${task.id}"${other.id === task.id ? '' : ' (letter case aside)'}: ${other.path} and ${task.path}. Rename or remove one.`,
      )
    }
    first.set(key, task)
  }
}
