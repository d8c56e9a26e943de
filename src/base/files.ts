import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { lstat, open, readFile, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** Writes a file whole: a temporary file beside it, synced, renamed, and its name synced too. Makes missing folders. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path))
  await writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content))
  await syncFolder(dirname(path))
}

/** Makes a folder with all that lead to it, so that they are there after a power cut. One that exists is fine. */
export async function makeFolder(path: string): Promise<void> {
  for (const folder of missingFolders(path)) {
    makeOne(folder)
    await syncFolder(dirname(folder))
  }
}

/** `makeFolder` for callers that cannot wait. */
export function makeFolderSync(path: string): void {
  for (const folder of missingFolders(path)) {
    makeOne(folder)
    syncFolderSync(dirname(folder))
  }
}

/** The folder and those above it that are not there, highest first. Node's own `recursive` never ends where the kernel refuses, as below /proc. */
function missingFolders(path: string): string[] {
  const missing: string[] = []
  let folder = resolve(path)
  while (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    missing.unshift(folder)
    if (dirname(folder) === folder) break
    folder = dirname(folder)
  }
  return missing
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    // another process may have been faster; a file of that name is a fault
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/** Makes the names in a folder survive a power cut: a synced file is lost when its name was not. */
export async function syncFolder(path: string): Promise<void> {
  if (!canSyncFolders) return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** `syncFolder` for callers that cannot wait. */
export function syncFolderSync(path: string): void {
  if (!canSyncFolders) return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Windows opens no folders; its file systems keep names in a journal. */
const canSyncFolders = process.platform !== 'win32'

/** Writes a value as indented JSON, whole. Throws on NaN and infinities, which JSON cannot hold. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, rejectNonFinite, 2)}\n`)
}

function rejectNonFinite(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`"${key}" is ${value}; JSON has no such number`)
  return value
}

/** The text of a file, or null when there is none. Other failures reject. */
export async function readTextIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** True when a file system call failed because the path is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

export interface ListedFile {
  /** Relative to the listed folder, with forward slashes. */
  readonly path: string
  /**
   * Only regular files may be read: a link may lead out of the folder, a pipe never ends. Folders that cannot be entered, and
   * names that are no text, are `other` too.
   */
  readonly kind: 'file' | 'link' | 'other'
  readonly bytes: number
}

/**
 * Every file below a folder, sorted by path in code-unit order; links are listed, never followed. Missing folder: empty.
 * @param limits.mostFiles the listing ends after so many files and folders, for folders that may hold anything; which ones is the same every time
 */
export async function listFiles(folder: string, { mostFiles = Infinity } = {}): Promise<ListedFile[]> {
  const found: ListedFile[] = []
  let folders = 0
  try {
    await walk('')
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1))

  async function walk(current: string): Promise<void> {
    const entries = await readdir(join(folder, current), { withFileTypes: true })
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length + folders >= mostFiles) return
      const path = `${current}${entry.name}`
      // what an agent made may be closed to us, nested beyond the longest path, or gone meanwhile
      if (entry.isDirectory()) folders += 1
      if (entry.isDirectory()) await walk(`${path}/`).catch((error: unknown) => list(path, error))
      else
        await lstat(join(folder, path)).then(
          (stats) => {
            const kind = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other'
            found.push({ path, kind, bytes: stats.size })
          },
          (error: unknown) => list(path, error),
        )
    }
  }

  function list(path: string, error: unknown): void {
    const isGone = isMissing(error) && !path.includes('\uFFFD')
    if (!isGone) found.push({ path, kind: 'other', bytes: 0 })
  }
}
