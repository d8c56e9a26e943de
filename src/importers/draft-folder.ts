import { execFile } from 'node:child_process'
import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { promisify } from 'node:util'
import { listFiles, syncFolderSync } from '../base/files.ts'
import { openStaging } from '../tasks/staging.ts'

/** A folder that appears under its name only when all of it is written. */
export interface DraftFolder extends AsyncDisposable {
  /** Writes a file, with the folders above it. Throws for a path that leads out of the folder. */
  write(path: string, content: string | Uint8Array): void
  writeJson(path: string, value: unknown): void
  /** Where it lies until it is kept. */
  readonly folder: string
  /** Puts the folder in its place, once it is synced. Rejects, with the system's code, when something is there already. */
  keep(): Promise<void>
}

/**
 * Opens a draft beside its destination. Disposing removes what was not kept; what a killed process left is removed by
 * `sweepStaging`. Nothing is synced on the way: twenty thousand small files, written by synchronous calls in half a second, take
 * ten seconds to sync one by one, and 0.3 together.
 */
export async function openDraft(destination: string): Promise<DraftFolder> {
  const staging = await openStaging(destination)
  const made = new Set<string>()
  const write = (path: string, content: string | Uint8Array): void => {
    const inside = posix.normalize(path)
    if (posix.isAbsolute(inside) || inside === '..' || inside.startsWith('../'))
      throw new Error(`"${path}" leads out of ${destination}`)
    const target = join(staging.folder, inside)
    const folder = dirname(target)
    if (!made.has(folder)) mkdirSync(folder, { recursive: true })
    made.add(folder)
    // 'wx': two files under one path would be a fault of whoever planned them, and one of them lost
    writeFileSync(target, content, { flag: 'wx' })
  }
  return {
    folder: staging.folder,
    write,
    writeJson: (path, value) => write(path, `${JSON.stringify(value, null, 2)}\n`),
    keep: () => rename(staging.folder, destination),
    [Symbol.asyncDispose]: () => staging[Symbol.asyncDispose](),
  }
}

/** Makes folders of one file system survive a power cut, with all below them: by one call where there is one, else file by file. */
export async function syncTrees(folders: readonly string[]): Promise<void> {
  const [first] = folders
  if (first === undefined) return
  try {
    await promisify(execFile)('sync', ['-f', first])
  } catch {
    // no such program (macOS, Windows), or one without the option
    for (const folder of folders) await syncTree(folder)
  }
}

async function syncTree(folder: string): Promise<void> {
  const changed = new Set([folder])
  for (const { path } of await listFiles(folder)) {
    const file = join(folder, path)
    // Windows syncs only what is open for writing
    const descriptor = openSync(file, 'r+')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    for (let above = dirname(file); !changed.has(above); above = dirname(above)) changed.add(above)
  }
  for (const one of changed) syncFolderSync(one)
}
