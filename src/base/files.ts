import { lstat, mkdir, readFile, readdir } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** Writes a file whole: a temporary file beside it, synced, renamed. Makes missing folders. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content))
}

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
  /** Only regular files may be read: a link may lead out of the folder, a pipe never ends. */
  readonly kind: 'file' | 'link' | 'other'
  readonly bytes: number
}

/** Every file below a folder, sorted by path in code-unit order; links are listed, never followed. Missing folder: empty. */
export async function listFiles(folder: string): Promise<ListedFile[]> {
  const found: ListedFile[] = []
  await walk(folder)
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1))

  async function walk(current: string): Promise<void> {
    const entries = await readdir(current, { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return []
      throw error
    })
    for (const entry of entries) {
      const path = join(current, entry.name)
      if (entry.isDirectory()) {
        await walk(path)
        continue
      }
      const stats = await lstat(path).catch(() => null)
      if (stats === null) continue
      const kind = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other'
      found.push({ path: relative(folder, path).split(sep).join('/'), kind, bytes: stats.size })
    }
  }
}
