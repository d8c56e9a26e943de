import { randomBytes } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isMissing, makeFolder } from '../base/files.ts'
import { isProcessDead, thisProcess } from '../base/process.ts'

/** A folder beside a destination, on the same file system, in which its new content is prepared. */
export interface Staging extends AsyncDisposable {
  /** Empty when opened: what is prepared here becomes the destination. */
  readonly folder: string
  /**
   * Puts the prepared folder in the destination's place. What was there goes once the new one is in; if the new one
   * cannot be put in, it comes back and the error is thrown.
   */
  swapIn(): Promise<void>
}

/** Opens a staging folder for a destination. Its name says which process owns it; disposing removes it. */
export async function openStaging(destination: string): Promise<Staging> {
  const { host, bootId, pid, processStart } = thisProcess()
  const owner = [host, bootId, pid, processStart].join('~')
  const root = join(dirname(destination), `${namePrefix(destination)}${owner}~${randomBytes(4).toString('hex')}`)
  const folder = join(root, 'new')
  await makeFolder(folder)
  return {
    folder,
    async swapIn() {
      const aside = join(root, 'old')
      const moved = await renameIfPresent(destination, aside)
      try {
        await rename(folder, destination)
      } catch (error) {
        if (moved) await rename(aside, destination)
        throw error
      }
    },
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** Removes the staging folders that killed processes left beside a destination; those of living ones stay. */
export async function sweepStaging(destination: string): Promise<void> {
  const parent = dirname(destination)
  const prefix = namePrefix(destination)
  const names = await readdir(parent).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
    const [host, bootId, pid, processStart, unique] = name.slice(prefix.length).split('~')
    if (host === undefined || bootId === undefined || processStart === undefined || unique === undefined) continue
    if (isProcessDead({ host, bootId, pid: Number(pid), processStart })) {
      await rm(join(parent, name), { recursive: true, force: true })
    }
  }
}

function namePrefix(destination: string): string {
  return `.${basename(destination)}.pull~`
}

async function renameIfPresent(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
