import { basename, join } from 'node:path'
import { z } from 'zod'
import { listFiles, readTextIfPresent } from '../base/files.ts'
import { sha256File } from '../base/hash.ts'
import { sha256Schema } from '../schema/run.ts'
import { type Catalogue, loadCatalogue } from './catalogue.ts'

export const manifestName = 'manifest.json'

/** `manifest.json` beside the pulled tasks: where they came from. */
const taskSetManifestSchema = z.strictObject({
  schema: z.literal('mlrbench/task-set@1'),
  /** URL without credentials or query, or an absolute path. */
  source: z.string(),
  /** As the archive states it, or the pinned one for the pinned URL; null when neither is known. */
  commit: z.string().nullable(),
  pulledAt: z.iso.datetime(),
  count: z.int().positive(),
  /** Of the catalogue's JSON with sorted keys. */
  catalogueSha256: sha256Schema,
})
export type TaskSetManifest = z.infer<typeof taskSetManifestSchema>

export interface TaskSetDifferences {
  /** Ids of the catalogue without a file. */
  readonly missing: string[]
  /** Ids of the catalogue whose file has other bytes. */
  readonly changed: string[]
  /** Names that the catalogue does not know. */
  readonly unexpected: string[]
}

export interface TaskSetVerification extends TaskSetDifferences {
  /** Tasks in the catalogue. */
  readonly expected: number
  /** Of those, how many have a file. */
  readonly present: number
  /** Of those, how many have exactly the catalogue's bytes. */
  readonly identical: number
}

/** Compares task hashes, by id, with the catalogue. A null hash is a task that cannot be read, and counts as changed. */
export function compareWithCatalogue(
  hashes: ReadonlyMap<string, string | null>,
  catalogue: Catalogue,
): TaskSetVerification {
  const known = new Set(catalogue.tasks.map((task) => task.id))
  const missing = catalogue.tasks.filter((task) => !hashes.has(task.id)).map((task) => task.id)
  const changed = catalogue.tasks
    .filter((task) => hashes.has(task.id) && hashes.get(task.id) !== task.sha256)
    .map((task) => task.id)
  const unexpected = [...hashes.keys()].filter((id) => !known.has(id)).toSorted()
  const present = known.size - missing.length
  return { expected: known.size, present, identical: present - changed.length, missing, changed, unexpected }
}

/**
 * Compares the data set in a folder with the catalogue, byte for byte. A folder that is not there lacks every task.
 * Files whose names start with a dot do not count; any other that is neither a task nor the manifest is unexpected.
 */
export async function verifyTasks(
  folder: string,
  options: { readonly catalogue?: Catalogue } = {},
): Promise<TaskSetVerification> {
  const { catalogue = loadCatalogue() } = options
  const known = new Set(catalogue.tasks.map((task) => `${task.id}.md`))
  const hashes = new Map<string, string | null>()
  for (const file of await listFiles(folder)) {
    if (file.path === manifestName || basename(file.path).startsWith('.')) continue
    if (!known.has(file.path)) hashes.set(file.path, null)
    else
      hashes.set(
        file.path.slice(0, -'.md'.length),
        file.kind === 'file' ? await sha256File(join(folder, file.path)) : null,
      )
  }
  return compareWithCatalogue(hashes, catalogue)
}

/** True when every task of the catalogue is there unchanged, and nothing else. */
export function isComplete(verification: TaskSetVerification): boolean {
  const { missing, changed, unexpected } = verification
  return missing.length + changed.length + unexpected.length === 0
}

/** "2 missing (a, b), 1 changed (c)": counts and the first names of each kind. */
export function describeDifferences(differences: TaskSetDifferences): string {
  return (['missing', 'changed', 'unexpected'] as const)
    .filter((kind) => differences[kind].length > 0)
    .map((kind) => `${differences[kind].length} ${kind} (${firstNames(differences[kind])})`)
    .join(', ')
}

/** Names of at most five, with "…" when there are more; control characters shown as "?". */
export function firstNames(names: readonly string[]): string {
  // names may come from a stranger's archive and end up on a terminal
  const shown = names.slice(0, 5).map((name) => name.slice(0, 80).replace(/\p{C}/gu, '?'))
  return [...shown, ...(names.length > shown.length ? ['…'] : [])].join(', ')
}

/** The manifest of a pulled data set, or null when there is none that can be understood. */
export async function readManifest(folder: string): Promise<TaskSetManifest | null> {
  const text = await readTextIfPresent(join(folder, manifestName))
  if (text === null) return null
  try {
    return taskSetManifestSchema.parse(JSON.parse(text))
  } catch {
    // it only tells where the tasks came from; whether they are right is a matter of their own bytes
    return null
  }
}
