import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles } from '../base/files.ts'
import { sha256File } from '../base/hash.ts'

export interface FileChange {
  readonly path: string
  readonly change: 'created' | 'changed' | 'deleted'
  readonly bytes: number
  readonly sha256: string | null
}

/** Files above this are data or weights: their size and time say that they changed. */
const largestHashedBytes = 64 * 1024 * 1024

/** Tells after each command which files of a workspace it created, changed or deleted. */
export async function watchWorkspace(workspace: string): Promise<{ changes(): Promise<FileChange[]> }> {
  let known = await snapshot(workspace)
  return {
    async changes() {
      const now = await snapshot(workspace)
      const changes: FileChange[] = []
      for (const [path, { mark, bytes }] of now) {
        const before = known.get(path)
        if (before?.mark === mark) continue
        const sha256 = bytes <= largestHashedBytes ? await sha256File(join(workspace, path)) : null
        changes.push({ path, change: before ? 'changed' : 'created', bytes, sha256 })
      }
      for (const path of known.keys())
        if (!now.has(path)) changes.push({ path, change: 'deleted', bytes: 0, sha256: null })
      known = now
      return changes
    },
  }
}

async function snapshot(workspace: string): Promise<Map<string, { mark: string; bytes: number }>> {
  const files = new Map<string, { mark: string; bytes: number }>()
  for (const { path, kind } of await listFiles(workspace)) {
    if (kind !== 'file') continue
    const stats = await lstat(join(workspace, path), { bigint: true }).catch(() => null)
    if (stats?.isFile())
      files.set(path, {
        mark: `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`,
        bytes: Number(stats.size),
      })
  }
  return files
}
