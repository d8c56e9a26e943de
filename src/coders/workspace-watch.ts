import { createHash } from 'node:crypto'
import { lstat, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, listFiles } from '../base/files.ts'
import { openWithin } from '../base/open-within.ts'

export interface FileChange {
  readonly path: string
  readonly change: 'created' | 'changed' | 'deleted'
  readonly bytes: number
  readonly sha256: string | null
}

/** Files above this are data or weights: their size and time say that they changed. */
const largestHashedBytes = 64 * 1024 * 1024
/** So many files are watched; what else a workspace holds, such as a whole package tree, is not. */
const mostFiles = 50_000

interface KnownFile {
  /** The same as long as nobody writes to the file in the ordinary way. */
  readonly mark: string
  /** Also a change of owner or mode alters it, as when the sandbox hands the workspace over; and it cannot be set back. */
  readonly statusChangedNs: bigint
  readonly bytes: number
  readonly sha256: string | null
}

/** Tells after each command which files of a workspace it created, changed or deleted. */
export async function watchWorkspace(folder: string): Promise<{ changes(): Promise<FileChange[]> }> {
  const workspace = await realpath(folder)
  let known = await snapshot(workspace, new Map())
  return {
    async changes() {
      const now = await snapshot(workspace, known)
      const changes: FileChange[] = []
      for (const [path, { mark, bytes, sha256 }] of now) {
        const before = known.get(path)
        if (before?.mark === mark && before.sha256 === sha256) continue
        changes.push({ path, change: before ? 'changed' : 'created', bytes, sha256 })
      }
      for (const path of known.keys())
        if (!now.has(path) && (await isGone(join(workspace, path))))
          changes.push({ path, change: 'deleted', bytes: 0, sha256: null })
      known = now
      return changes
    },
  }
}

/** A listing that was cut short does not show everything that is there. */
async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: unknown) => isMissing(error),
  )
}

/** @param known what was seen before: a file that nobody touched since is not read again */
async function snapshot(workspace: string, known: ReadonlyMap<string, KnownFile>): Promise<Map<string, KnownFile>> {
  const files = new Map<string, KnownFile>()
  for (const { path, kind } of await listFiles(workspace, { mostFiles })) {
    if (kind !== 'file') continue
    const stats = await lstat(join(workspace, path), { bigint: true }).catch(() => null)
    if (!stats?.isFile()) continue
    const mark = `${stats.ino}:${stats.size}:${stats.mtimeNs}`
    const before = known.get(path)
    const untouched = before?.mark === mark && before.statusChangedNs === stats.ctimeNs
    const bytes = Number(stats.size)
    const sha256 = untouched
      ? before.sha256
      : bytes <= largestHashedBytes
        ? await hashIfReadable(workspace, path)
        : null
    files.set(path, { mark, statusChangedNs: stats.ctimeNs, bytes, sha256 })
  }
  return files
}

/**
 * Null for a file that is closed to us, or gone already, or has become something else since it was listed: the coder's programs may be at work on
 * it. One that grows as fast as it is read is read to the bound.
 */
async function hashIfReadable(workspace: string, path: string): Promise<string | null> {
  const opened = await openWithin(workspace, path)
  if ('reason' in opened) return null
  await using file = opened
  const hash = createHash('sha256')
  for await (const chunk of file.createReadStream({ autoClose: false, end: largestHashedBytes - 1 }))
    hash.update(chunk as Buffer)
  return hash.digest('hex')
}
