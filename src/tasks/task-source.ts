import { createReadStream } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PrerequisiteError, describeError } from '../base/errors.ts'
import { isMissing } from '../base/files.ts'
import { ArchiveError, type TaskFiles, archiveLimits, readTaskArchive } from './task-archive.ts'
import { download } from './download.ts'

export interface PullProgress {
  /** `installing`: every task has been verified and is being put in place. */
  readonly step: 'receiving' | 'installing'
  /** Of the archive, as packed; 0 when reading a folder. */
  readonly receivedBytes: number
  /** Null when the server did not say, or when reading a folder. */
  readonly totalBytes: number | null
  readonly tasks: number
}

export interface ReadSourceOptions {
  readonly signal: AbortSignal | undefined
  readonly stallTimeoutMs: number
  readonly onProgress: (progress: PullProgress) => void
}

interface ReceivedTasks extends TaskFiles {
  /** Where they came from, fit to be shown and kept: no credentials, no query. */
  readonly shownSource: string
}

/**
 * Reads every task of a URL, an archive (.tar.gz, .tgz, .tar) or a folder (a checkout, or its `tasks/` itself).
 * Rejects with a PrerequisiteError that says what is wrong with the source and what to do.
 */
export async function readTaskSource(from: string, options: ReadSourceOptions): Promise<ReceivedTasks> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(from)) return await readUrl(from, options)

  const path = resolve(from)
  try {
    return { ...(await readPath(path, options)), shownSource: path }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof PrerequisiteError) throw error
    const what = isMissing(error) ? `There is nothing at ${path}` : `${path} cannot be read: ${describeError(error)}`
    throw new PrerequisiteError(`${what}. Check the path of the release.`, { cause: error })
  }
}

async function readPath(path: string, options: ReadSourceOptions): Promise<TaskFiles> {
  const stats = await stat(path)
  if (stats.isDirectory()) return await readFolder(path)
  if (!stats.isFile()) throw new PrerequisiteError(`${path} is neither an archive nor a folder.`)
  return await receive(createReadStream(path), { ...options, totalBytes: stats.size, shownSource: path })
}

async function readUrl(from: string, options: ReadSourceOptions): Promise<ReceivedTasks> {
  const url = URL.parse(from)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new PrerequisiteError(`Tasks can be pulled from an http(s) URL, an archive or a folder, not from "${from}".`)
  }
  const shownSource = `${url.origin}${url.pathname}`
  if (url.username !== '' || url.password !== '') {
    throw new PrerequisiteError(
      `The URL for ${shownSource} holds a user name or password: download the archive yourself and pull from the file.`,
    )
  }
  const response = await download(url, options)
  const received = await receive(response.bytes, { ...options, totalBytes: response.totalBytes, shownSource })
  return { ...received, shownSource }
}

async function receive(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadSourceOptions & { readonly totalBytes: number | null; readonly shownSource: string },
): Promise<TaskFiles> {
  const { totalBytes, onProgress, signal, shownSource } = options
  let receivedBytes = 0
  let tasks = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      receivedBytes += chunk.length
      onProgress({ step: 'receiving', receivedBytes, totalBytes, tasks })
      yield chunk
    }
  }
  try {
    return await readTaskArchive(counted(), {
      ...(signal === undefined ? {} : { signal }),
      onTask: (count) => {
        tasks = count
      },
    })
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error
    throw new PrerequisiteError(
      `The archive from ${shownSource} cannot be used: ${error.message} (${receivedBytes} bytes read). Nothing was installed. Fetch it again, or pull from another source.`,
      { cause: error.cause },
    )
  }
}

async function readFolder(path: string): Promise<TaskFiles> {
  const inside = join(path, 'tasks')
  const folder = (await markdownNames(inside)).length > 0 ? inside : path
  const files = new Map<string, Buffer>()
  let allBytes = 0
  for (const name of await markdownNames(folder)) {
    const file = join(folder, name)
    const { size } = await stat(file)
    allBytes += size
    if (size > archiveLimits.taskBytes || allBytes > archiveLimits.allTasksBytes) {
      throw new PrerequisiteError(`${file} is too large for a task (${size} bytes): is ${path} the right folder?`)
    }
    files.set(name.slice(0, -'.md'.length), await readFile(file))
  }
  return { files, commit: null }
}

/** Names of the regular Markdown files directly in a folder; links do not count. */
async function markdownNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  return entries.filter((entry) => entry.isFile() && /^[^.].*\.md$/.test(entry.name)).map((entry) => entry.name)
}
