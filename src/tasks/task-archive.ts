import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'

/** Bounds on what an archive may unpack to. The real texts are at most 8 kB each and 0.6 MB in all. */
export const archiveLimits = {
  taskBytes: 1_000_000,
  allTasksBytes: 32_000_000,
  unpackedBytes: 4_000_000_000,
}

export interface TaskFiles {
  /** Bytes of every task, by id (the file's name without `.md`). Ids are as the source spells them: not yet trusted. */
  readonly files: ReadonlyMap<string, Buffer>
  /** The commit a host wrote into the archive, 40 hexadecimal digits; null when there is none. */
  readonly commit: string | null
}

/** The bytes are not an archive, are damaged, or unpack to more than allowed. The message is a clause: "it is cut short". */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
}

interface ReadArchiveOptions {
  readonly limits?: typeof archiveLimits
  readonly signal?: AbortSignal
  readonly onTask?: (count: number) => void
}

/**
 * Reads `<top>/tasks/<id>.md` from a tar stream, gzipped or not. Only regular files count: links, absolute paths and
 * `..` match no task, and nothing is written to disk.
 * Rejects with an ArchiveError, or with whatever the stream of bytes itself threw.
 */
export async function readTaskArchive(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadArchiveOptions = {},
): Promise<TaskFiles> {
  const { limits = archiveLimits, signal } = options
  const collector = collectTasks(limits, options.onTask)
  const { head, all } = await peek(bytes)
  const gzipped = head[0] === 0x1f && head[1] === 0x8b

  async function consume(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of chunks) {
      // checked inside the loop: leaving it closes the source, which a loop never entered would not
      if (!gzipped && looksLikeMarkup(head)) throw new ArchiveError('it is a web page, not an archive')
      collector.write(chunk)
    }
    if (head.length === 0) throw new ArchiveError('it is empty')
    collector.end()
  }
  const streamOptions = signal === undefined ? {} : { signal }
  try {
    await (gzipped ? pipeline(all, createGunzip(), consume, streamOptions) : pipeline(all, consume, streamOptions))
  } catch (error) {
    signal?.throwIfAborted()
    throw clarify(error)
  }
  return { files: collector.files, commit: collector.commit() }
}

function collectTasks(limits: typeof archiveLimits, onTask: ((count: number) => void) | undefined) {
  const files = new Map<string, Buffer>()
  let commit: string | null = null
  let unpackedBytes = 0
  let taskBytes = 0
  let failure: Error | null = null

  const parser = new Parser({ strict: true, zstd: false, filter: isTask })
  parser.on('error', (error: Error) => {
    failure ??= error
  })
  parser.on('entry', (entry: ReadEntry) => {
    commit ??= commitOf(entry)
    taskBytes += entry.size
    if (entry.size > limits.taskBytes || taskBytes > limits.allTasksBytes) {
      failure ??= new ArchiveError(`its tasks are far larger than they should be (${entry.path})`)
      entry.resume()
      return
    }
    const parts: Buffer[] = []
    entry.on('data', (part: Buffer) => parts.push(part))
    entry.on('end', () => {
      files.set(taskIdOf(entry.path) ?? entry.path, Buffer.concat(parts))
      onTask?.(files.size)
    })
  })

  function throwFailure(): void {
    if (failure !== null) throw failure
  }
  return {
    files,
    commit: () => commit,
    write(chunk: Uint8Array): void {
      unpackedBytes += chunk.length
      if (unpackedBytes > limits.unpackedBytes) throw new ArchiveError('it unpacks to far more than the release')
      // entries are read as they come, so the parser never asks to wait; its errors arrive before write returns
      parser.write(Buffer.from(chunk))
      throwFailure()
    },
    end(): void {
      parser.end()
      throwFailure()
    },
  }
}

function isTask(path: string, entry: object): boolean {
  return 'type' in entry && (entry.type === 'File' || entry.type === 'OldFile') && taskIdOf(path) !== null
}

function taskIdOf(path: string): string | null {
  const match = /^(?:\.\/)?([^/]+)\/tasks\/([^/]+)\.md$/.exec(path)
  return match === null || match[1] === '..' ? null : (match[2] ?? null)
}

function commitOf(entry: ReadEntry): string | null {
  const comment = entry.globalExtended?.comment?.trim() ?? ''
  return /^[0-9a-f]{40}$/.test(comment) ? comment : null
}

function clarify(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ArchiveError) return error
  const code = 'code' in error ? String(error.code) : ''
  const isTarError = 'tarCode' in error
  if (code === 'Z_BUF_ERROR' || (isTarError && /truncated/i.test(error.message))) {
    return new ArchiveError('it is cut short', { cause: error })
  }
  if (code.startsWith('Z_')) return new ArchiveError('it is damaged', { cause: error })
  if (isTarError) return new ArchiveError('it is damaged or not a tar archive', { cause: error })
  return error
}

function looksLikeMarkup(head: Uint8Array): boolean {
  return new TextDecoder().decode(head.subarray(0, 512)).trimStart().startsWith('<')
}

/** The first bytes of a stream (two at least, if it has as many), and the stream with them put back. */
async function peek(bytes: AsyncIterable<Uint8Array>): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]()
  let head = new Uint8Array()
  while (head.length < 2) {
    const next = await iterator.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  async function* replay(): AsyncGenerator<Uint8Array> {
    try {
      yield head
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      // the source closes its connection or file also when reading stops early
      await iterator.return?.()
    }
  }
  return { head, all: replay() }
}
