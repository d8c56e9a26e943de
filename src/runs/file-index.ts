import { readdirSync, readFileSync, statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { isMissing, makeFolder } from '../base/files.ts'
import { writerName } from '../base/process.ts'

interface IndexedEntry<Entry> {
  readonly name: string
  /** Names of the files of its folder, where it was made from a whole folder. */
  readonly files?: readonly string[]
  /** Sizes and times of what the entry was made from. */
  readonly stamp: string
  readonly entry: Entry
}

interface IndexFile<Entry> {
  readonly version: string
  readonly entries: readonly IndexedEntry<Entry>[]
}

/**
 * A summary of many small files in one, so that a report over thousands of records takes a fraction of a second. It is a cache:
 * whatever it says is checked against size and time of every file, an entry that is out of date is made anew, and
 * a run that cannot be written to is read without one.
 */
export interface FileIndex<Entry> {
  /**
   * Summaries by name, in the order asked for; `make` is called, for several at once, where the index has none up to date.
   * @param paths of the files they are made from, or of folders of files, relative to the run; they tell entries apart
   */
  read(paths: readonly string[], make: (path: string) => Promise<Entry>): Promise<Map<string, Entry>>
}

/**
 * @param version changes whenever entries would be made otherwise: entries of another version are not used
 * @param parse throws for an entry that is none
 */
export function openFileIndex<Entry>(
  runFolder: string,
  { name, version }: { readonly name: string; readonly version: string },
): FileIndex<Entry> {
  const indexPath = join(runFolder, 'index', `${name}.json`)
  const known = readIndex<Entry>(indexPath, version)
  return {
    async read(paths, make) {
      const kept = new Map<string, IndexedEntry<Entry>>()
      const missing: string[] = []
      for (const path of paths) {
        const present = known.get(path)
        if (present !== undefined && stampOf(runFolder, path, present.files) === present.stamp) kept.set(path, present)
        else missing.push(path)
      }
      const unsettled = new Map<string, Entry>()
      await forEachBounded(
        missing,
        async (path) => {
          const files = filesOf(runFolder, path)
          const stamp = stampOf(runFolder, path, files)
          const entry = await make(path)
          // what changed while it was read is summarised again the next time
          if (stampOf(runFolder, path, filesOf(runFolder, path)) === stamp)
            kept.set(path, { name: path, ...(files === undefined ? {} : { files }), stamp, entry })
          else unsettled.set(path, entry)
        },
        { concurrency: readingConcurrency },
      )
      if (missing.length > 0 || kept.size !== known.size)
        await writeIndex(indexPath, { version, entries: [...kept.values()] })
      const entries = new Map<string, Entry>()
      for (const path of paths) {
        const entry = kept.get(path)?.entry ?? unsettled.get(path)
        if (entry !== undefined) entries.set(path, entry)
      }
      return entries
    },
  }
}

/** Files open at once; a run may have more records than a process may open files. */
const readingConcurrency = 32

/** Names in a folder, sorted; none when it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** Names of the files of a folder, sorted; undefined for a file. */
function filesOf(runFolder: string, path: string): readonly string[] | undefined {
  const stats = statSync(`${runFolder}/${path}`, { throwIfNoEntry: false })
  return stats?.isDirectory() === true ? namesIn(`${runFolder}/${path}`) : undefined
}

/** A folder's own time changes when a file is added or taken away, and a file's when it grows. */
function stampOf(runFolder: string, path: string, files: readonly string[] = []): string {
  const own = statSync(`${runFolder}/${path}`, { throwIfNoEntry: false })
  let stamp = own === undefined ? 'gone' : `${own.mtimeMs}${own.isFile() ? ` ${own.size}` : ''}`
  for (const name of files) {
    const stats = statSync(`${runFolder}/${path}/${name}`, { throwIfNoEntry: false })
    stamp += stats === undefined ? ' gone' : ` ${stats.mtimeMs} ${stats.size}`
  }
  return stamp
}

/** Empty when there is no index, or none this version made: it is only a cache. */
function readIndex<Entry>(path: string, version: string): Map<string, IndexedEntry<Entry>> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return new Map()
    throw error
  }
  // an index is renamed into place whole; one that cannot be parsed was damaged by something else, and is made anew
  const index = parseIndex<Entry>(text)
  return new Map(index?.version === version ? index.entries.map((entry) => [entry.name, entry]) : [])
}

function parseIndex<Entry>(text: string): IndexFile<Entry> | null {
  try {
    return JSON.parse(text) as IndexFile<Entry>
  } catch {
    return null
  }
}

/** Neither synced nor required: losing it costs the next reader a second. */
async function writeIndex(path: string, index: IndexFile<unknown>): Promise<void> {
  const draft = `${path}.${writerName()}`
  try {
    await makeFolder(dirname(path))
    await writeFile(draft, JSON.stringify(index))
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    if (!isReadOnly(error)) throw error
  }
}

function isReadOnly(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT'].includes(String(error.code))
  )
}
