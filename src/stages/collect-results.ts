import { createHash } from 'node:crypto'
import { type FileHandle, lstat, open, realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ListedFile, listFiles, makeFolder, syncFolder } from '../base/files.ts'
import { openWithin } from '../base/open-within.ts'
import type { HashedFile } from '../schema/event.ts'
import { artefactPaths } from '../schema/stage.ts'

export interface Collected {
  readonly taken: HashedFile[]
  readonly refused: { readonly path: string; readonly reason: string }[]
}

const largestFileBytes = 200 * 1024 * 1024
/** It goes whole into the paper's prompt. */
const largestReportBytes = 1024 * 1024
const largestTotalBytes = 2 * 1024 * 1024 * 1024
const ordinaryMostFiles = 5_000
/** Beyond this a folder is not even listed to its end. */
const ordinaryMostListed = 100_000

/**
 * Copies what an experiment left under `results/` into the trial. The files are hostile: only regular files are taken, never
 * through a link, and within bounds; everything else is named.
 */
export async function collectResults(
  workspace: string,
  trialFolder: string,
  { mostFiles = ordinaryMostFiles, mostListed = ordinaryMostListed } = {},
): Promise<Collected> {
  const taken: HashedFile[] = []
  const refused: { path: string; reason: string }[] = []
  let totalBytes = 0
  await rm(join(trialFolder, 'results'), { recursive: true, force: true })
  const source = join(workspace, 'results')
  // a folder that is a link would lead out of the workspace with all its files
  if ((await lstat(source).catch(() => null))?.isSymbolicLink())
    return { taken, refused: [{ path: 'results', reason: 'a link, not a folder' }] }

  const listed = await listFiles(source, { mostFiles: mostListed })
  const files = listed.map((file) => ({ ...file, path: `results/${file.path}` }))
  // a listing that was cut short may have ended before its name
  if (listed.length > 0 && !files.some(isReport)) files.push(...(await findReport(workspace)))
  // the report comes first: whatever the bounds cut off, it is not that
  const ordered = files.toSorted((a, b) => Number(isReport(b)) - Number(isReport(a)))
  for (const file of ordered.slice(0, mostFiles)) {
    const reason = refusalOf(file) ?? (await take(file.path))
    if (reason !== null) refused.push({ path: file.path, reason })
  }
  if (files.length > mostFiles) refused.push({ path: 'results', reason: `more than ${mostFiles} files: all others` })
  for (const folder of new Set(taken.map(({ path }) => dirname(path)))) await syncFolder(join(trialFolder, folder))
  return { taken, refused }

  function refusalOf({ path, kind, bytes }: ListedFile): string | null {
    if (kind === 'link') return 'a link, not a file'
    if (kind === 'other') return 'not a regular file, or closed to us'
    if (path === artefactPaths.paper) return 'the name of what the paper stage writes'
    if (path === artefactPaths.experiment && bytes > largestReportBytes)
      return `larger than ${largestReportBytes / 1024 ** 2} MiB, which no one can read`
    if (bytes > largestFileBytes) return `larger than ${largestFileBytes / 1024 ** 2} MiB`
    if (totalBytes + bytes > largestTotalBytes)
      return `all results together are larger than ${largestTotalBytes / 1024 ** 3} GiB`
    return null
  }

  /** Null when it was taken, else why it cannot be read. */
  async function take(path: string): Promise<string | null> {
    const file = await takeFile(path, { from: workspace, to: trialFolder, largestBytes: largestFileBytes })
    if (file === null) return 'it has gone'
    if ('reason' in file) return file.reason
    taken.push(file)
    totalBytes += file.bytes
    return null
  }
}

/**
 * Copies one file out of a workspace. A file that is a link or a pipe, or became one since it was listed, is neither followed nor waited for,
 * nor is a link that stands for a folder on the way to it.
 * @param place.as its path in the trial, where it is another
 * @returns null when it is not there; with a reason when it cannot be taken
 */
export async function takeFile(
  path: string,
  place: { readonly from: string; readonly to: string; readonly as?: string; readonly largestBytes: number },
): Promise<HashedFile | { readonly path: string; readonly reason: string } | null> {
  const { from, to, as = path, largestBytes } = place
  const opened = await openWithin(await realpath(from), path)
  if ('reason' in opened) return opened.code === 'ENOENT' ? null : { path, reason: opened.reason }
  await using source = opened
  const { size } = await source.stat()
  if (size > largestBytes) return { path, reason: `larger than ${largestBytes / 1024 ** 2} MiB` }
  const target = join(to, as)
  await makeFolder(dirname(target))
  await rm(target, { force: true })
  return { path: as, ...(await copyInto(target, { source, largestBytes })) }
}

function isReport({ path }: { readonly path: string }): boolean {
  return path === artefactPaths.experiment
}

async function findReport(workspace: string): Promise<ListedFile[]> {
  const path = artefactPaths.experiment
  const stats = await lstat(join(workspace, path)).catch(() => null)
  if (stats === null) return []
  return [{ path, kind: stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other', bytes: stats.size }]
}

/** What was written is what is hashed, and it ends at the bound even when the file grows meanwhile. */
async function copyInto(
  path: string,
  { source, largestBytes }: { readonly source: FileHandle; readonly largestBytes: number },
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  await using to = await open(path, 'wx', 0o644)
  for await (const chunk of source.createReadStream({ autoClose: false, end: largestBytes - 1 })) {
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
    await to.writeFile(chunk as Buffer)
  }
  await to.sync()
  return { sha256: hash.digest('hex'), bytes }
}
