import { readdirSync, readFileSync, statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { isMissing, makeFolder } from '../base/files.ts'
import { writerName } from '../base/process.ts'

interface IndexedEntry<Entry> {
  readonly name: string
  /** Names, sizes and times of the files the entry was made from. */
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
   * @param wanted names that tell entries apart, each with its files, relative to the run
   */
  read(wanted: readonly IndexedFiles[], make: (files: IndexedFiles) => Promise<Entry>): Promise<Map<string, Entry>>
}

export interface IndexedFiles {
  readonly name: string
  readonly paths: readonly string[]
}

/**
 * @param version changes whenever entries would be made otherwise: entries of another version are not used
 * @param parse throws for an entry that is none
 */
export function openFileIndex<Entry>(
  runFolder: string,
  { name, version }: { readonly name: string; readonly version: string },
): FileIndex<Entry> {
  const path = join(runFolder, 'index', `${name}.json`)
  const known = readIndex<Entry>(path, version)
  return {
    async read(wanted, make) {
      const kept = new Map<string, IndexedEntry<Entry>>()
      const missing: { readonly files: IndexedFiles; readonly stamp: string }[] = []
      for (const files of wanted) {
        const stamp = stampOf(runFolder, files.paths)
        const present = known.get(files.name)
        if (present?.stamp === stamp) kept.set(files.name, present)
        else missing.push({ files, stamp })
      }
      const unsettled = new Map<string, Entry>()
      await forEachBounded(
        missing,
        async ({ files, stamp }) => {
          const entry = await make(files)
          // a file that changed while it was read is summarised again the next time
          if (stampOf(runFolder, files.paths) === stamp) kept.set(files.name, { name: files.name, stamp, entry })
          else unsettled.set(files.name, entry)
        },
        { concurrency: readingConcurrency },
      )
      if (missing.length > 0 || kept.size !== known.size)
        await writeIndex(path, { version, entries: [...kept.values()] })
      const entries = new Map<string, Entry>()
      for (const { name: own } of wanted) {
        const entry = kept.get(own)?.entry ?? unsettled.get(own)
        if (entry !== undefined) entries.set(own, entry)
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

function stampOf(runFolder: string, paths: readonly string[]): string {
  let stamp = ''
  for (const path of paths) {
    const stats = statSync(join(runFolder, path), { throwIfNoEntry: false })
    stamp += `${basename(path)} ${stats?.size ?? 'gone'} ${stats?.mtimeMs ?? ''}\n`
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
