import { constants } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { listFiles } from '../base/files.ts'
import { sha256File } from '../base/hash.ts'
import type { HashedFile } from '../schema/event.ts'

export interface Collected {
  readonly taken: HashedFile[]
  readonly refused: { readonly path: string; readonly reason: string }[]
}

const largestFileBytes = 200 * 1024 * 1024
const largestTotalBytes = 2 * 1024 * 1024 * 1024
const mostFiles = 5_000

/**
 * Copies what an experiment left under `results/` into the trial. The files are hostile: only regular files are taken, never
 * through a link, and within bounds; everything else is named.
 */
export async function collectResults(workspace: string, trialFolder: string): Promise<Collected> {
  const taken: HashedFile[] = []
  const refused: { path: string; reason: string }[] = []
  let totalBytes = 0
  await rm(join(trialFolder, 'results'), { recursive: true, force: true })
  for (const { path, kind, bytes } of await listFiles(workspace)) {
    if (!path.startsWith('results/')) continue
    const reason = refusalOf(kind, bytes)
    if (reason !== null) {
      refused.push({ path, reason })
      continue
    }
    const target = join(trialFolder, path)
    await mkdir(dirname(target), { recursive: true })
    await copyRegular(join(workspace, path), target)
    taken.push({ path, sha256: await sha256File(target), bytes })
    totalBytes += bytes
  }
  return { taken, refused }

  function refusalOf(kind: string, bytes: number): string | null {
    if (kind === 'link') return 'a link, not a file'
    if (kind === 'other') return 'not a regular file'
    if (bytes > largestFileBytes) return `larger than ${largestFileBytes / 1024 ** 2} MiB`
    if (totalBytes + bytes > largestTotalBytes)
      return `all results together are larger than ${largestTotalBytes / 1024 ** 3} GiB`
    if (taken.length >= mostFiles) return `more than ${mostFiles} files`
    return null
  }
}

async function copyRegular(from: string, to: string): Promise<void> {
  // NOFOLLOW and NONBLOCK: a file that became a link or a pipe since it was listed must neither be followed nor waited for
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const target = await open(to, 'wx', 0o644)
    await pipeline(source.createReadStream({ autoClose: false }), target.createWriteStream({ flush: true }))
  } finally {
    await source.close()
  }
}
