import { randomUUID } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { isMissing, makeFolder } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import { version as packageVersion } from '../base/version.ts'
import { type PackedEntries, packEntries, unpackEntries } from './packed-entries.ts'
import { namesIn, readingConcurrency } from './record-folder.ts'

/** What an entry was made from. */
interface Source {
  readonly path: string
  /** Names of the files of its folder, where it was made from a whole folder. */
  readonly files?: readonly string[]
  readonly stamp: Stamp
}

/**
 * Time of the last change, in milliseconds, and size, in bytes, of the file, or of the folder and then of each of its files. -1: it is gone,
 * or for the size a folder.
 */
type Stamp = readonly number[]

interface IndexedEntry<Entry> {
  readonly source: Source
  readonly entry: Entry
}

export interface IndexedRead<Entry extends object> {
  /** Of the index. */
  readonly name: string
  /** Changes whenever entries would be made otherwise. Those of another version of the package are never used. */
  readonly version: string
  /** Of the files that entries are made from, or of folders of files, relative to the run; they tell entries apart. */
  readonly paths: readonly string[]
  /** Makes the entry of a path, for several at once, where the index has none up to date. JSON holds it as it is. */
  readonly make: (path: string) => Promise<Entry>
}

/**
 * Reads summaries of many small files out of one, so that a report over thousands of records takes a fraction of a second. The index is
 * a cache: whatever it says is checked against size and time of every file, an entry that is out of date is made anew, and
 * a run that cannot be written to is read without one.
 * @returns summaries by path, in the order of the paths; equal parts of them may be one object: do not write into them
 */
export async function readIndexed<Entry extends object>(
  runFolder: string,
  { name, version, paths, make }: IndexedRead<Entry>,
): Promise<Map<string, Entry>> {
  const indexPath = join(runFolder, 'index', `${name}.json`)
  const madeBy = `${packageVersion} ${version}`
  const known = readIndex<Entry>(indexPath, madeBy)
  const current = new Map<string, IndexedEntry<Entry>>()
  const missing: string[] = []
  for (const path of paths) {
    const present = known.get(path)
    if (present !== undefined && isSame(stampOf(runFolder, path, present.source.files), present.source.stamp))
      current.set(path, present)
    else missing.push(path)
  }
  const unsettled = new Map<string, Entry>()
  const makeAnew = async (path: string): Promise<void> => {
    const files = filesOf(runFolder, path)
    const before = stampOf(runFolder, path, files)
    const entry = await make(path)
    const after = stampOf(runFolder, path, filesOf(runFolder, path))
    // what changed while it was read, or may change once more without another time, is summarised again the next time
    if (isSame(before, after) && newestMs(after) < Date.now() - clockTickMs)
      current.set(path, { source: { path, ...(files === undefined ? {} : { files }), stamp: before }, entry })
    else unsettled.set(path, entry)
  }
  await forEachBounded(missing, makeAnew, { concurrency: readingConcurrency })
  const isChanged = missing.some((path) => current.has(path) || known.has(path)) || current.size !== known.size
  if (isChanged) await writeIndex(indexPath, describeIndex(madeBy, [...current.values()]))
  return new Map(
    paths.flatMap((path) => {
      const entry = current.get(path)?.entry ?? unsettled.get(path)
      return entry === undefined ? [] : [[path, entry] as const]
    }),
  )
}

/** File systems give times in steps of a few milliseconds: what is so young may change and keep its time. */
const clockTickMs = 100

/** Names of the files of a folder, sorted; undefined for a file. */
function filesOf(runFolder: string, path: string): readonly string[] | undefined {
  const stats = statSync(`${runFolder}/${path}`, { throwIfNoEntry: false })
  return stats?.isDirectory() === true ? namesIn(`${runFolder}/${path}`) : undefined
}

/** A folder's own time changes when a file is added or taken away, and a file's when it grows. */
function stampOf(runFolder: string, path: string, files: readonly string[] = []): Stamp {
  const own = statSync(`${runFolder}/${path}`, orNothing)
  const stamp = own === undefined ? [-1, -1] : [own.mtimeMs, own.isFile() ? own.size : -1]
  for (const name of files) {
    const stats = statSync(`${runFolder}/${path}/${name}`, orNothing)
    stamp.push(stats?.mtimeMs ?? -1, stats?.size ?? -1)
  }
  return stamp
}

const orNothing = { throwIfNoEntry: false } as const

const isSame = (a: Stamp, b: Stamp): boolean => a.length === b.length && a.every((own, place) => own === b[place])
const newestMs = (stamp: Stamp): number => Math.max(...stamp.filter((_, place) => place % 2 === 0))

function describeIndex(madeBy: string, indexed: readonly IndexedEntry<object>[]): string {
  const sources = packEntries(indexed.map(({ source }) => source))
  return sealed(madeBy, JSON.stringify({ sources, entries: packEntries(indexed.map(({ entry }) => entry)) }))
}

/** The text of an index, with a hash by which a damaged one is known. */
function sealed(madeBy: string, content: string): string {
  return `{"madeBy":${JSON.stringify(madeBy)},"sha256":"${sha256(content)}","content":${content}}\n`
}

/** Empty when there is none for this reader, none that this version made, or one that something else has changed: it is only a cache. */
function readIndex<Entry extends object>(path: string, madeBy: string): Map<string, IndexedEntry<Entry>> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error) || isRefused(error)) return new Map()
    throw error
  }
  const content = text.slice(sealed(madeBy, '').length - '}\n'.length, -'}\n'.length)
  if (sealed(madeBy, content) !== text) return new Map()
  const packed = JSON.parse(content) as { readonly sources: PackedEntries; readonly entries: PackedEntries }
  const sources = unpackEntries<Source>(packed.sources)
  return new Map(
    unpackEntries<Entry>(packed.entries).flatMap((entry, place) => {
      const source = sources[place]
      return source === undefined ? [] : [[source.path, { source, entry }] as const]
    }),
  )
}

/** Neither synced nor required: losing it costs the next reader a second. */
async function writeIndex(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    await makeFolder(dirname(path))
    await writeFile(draft, text)
    await rename(draft, path)
  } catch (error) {
    if (!isRefused(error) && !isFull(error)) throw error
    // on a full disk a part of it may lie there; where nothing can be written nothing does
    if (isFull(error)) await rm(draft, { force: true })
  }
}

const isRefused = (error: unknown): boolean => hasCode(error, ['EACCES', 'EPERM', 'EROFS'])
const isFull = (error: unknown): boolean => hasCode(error, ['ENOSPC', 'EDQUOT'])

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
