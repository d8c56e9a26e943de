import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/** Why a file is not read. */
export interface Unreadable {
  /** Of the system's error; null when it is what the path leads to. */
  readonly code: string | null
  readonly reason: string
}

/**
 * Opens a regular file of a folder that hostile programs write to, maybe at this moment. No link is followed, be it the file or a folder on the
 * way to it, and a pipe is not waited for: what counts is the file that was opened, not what its path led to before.
 * @param folder its real path, without links
 * @param path relative to the folder, without `..`
 */
export async function openWithin(folder: string, path: string): Promise<FileHandle | Unreadable> {
  const opened = await openUnfollowed(join(folder, path))
  if ('reason' in opened) return opened
  const refuse = async (reason: string): Promise<Unreadable> => {
    await opened.close()
    return { code: null, reason }
  }
  if (!(await opened.stat()).isFile()) return refuse('not a regular file')
  const place = await whereIs(opened, join(folder, path))
  return place === join(await realpath(folder), path)
    ? opened
    : refuse('a folder on its way is a link, or it has moved')
}

async function openUnfollowed(path: string): Promise<FileHandle | Unreadable> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const code = String(error.code)
    return { code, reason: `cannot be read: ${code}` }
  }
}

/** The kernel tells of an open file where it lies; where it does not, its path is looked up again. */
async function whereIs(file: FileHandle, path: string): Promise<string | null> {
  return readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path).catch(() => null))
}
