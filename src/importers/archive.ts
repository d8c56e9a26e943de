import { closeSync, createReadStream, openSync, readSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import type { SkippedFile } from './importer.ts'
import { topFolders } from './mlr-bench/layout.ts'
import { makeSource, type Source } from './source.ts'

/** Bounds on what an archive may unpack to. The public release has 13,000 files and 400 MB. */
export const archiveLimits = { files: 500_000, bytes: 20_000_000_000 }

export interface OpenArchive extends Disposable {
  readonly source: Source
  /** Entries that are no files of the source, in the order of the archive. */
  readonly refused: readonly SkippedFile[]
}

/** Where a file's bytes stand among the unpacked ones. */
interface Span {
  readonly start: number
  readonly bytes: number
}

/**
 * Opens a tar archive, gzipped or not, as a source. Only regular files belong to it: links, devices, absolute paths and `..` are
 * refused and said. Hosts wrap archives into one folder, which is not part of the paths.
 * @param pack where the contents are kept while the source is read: all in one file, for making ten thousand small ones can
 *   take longer than the import itself
 * @throws PrerequisiteError when the file is no archive, is damaged, or unpacks beyond the limits
 */
export async function openArchive(
  archive: string,
  pack: string,
  options: { name: string; limits?: typeof archiveLimits; signal?: AbortSignal },
): Promise<OpenArchive> {
  const descriptor = openSync(pack, 'wx+')
  try {
    const { spans, refused } = await unpack(archive, descriptor, options)
    const wrapper = wrapperOf([...spans.keys()])
    const inside = new Map([...spans].map(([path, span]) => [path.slice(wrapper.length), span]))
    const sizes = new Map([...inside].map(([path, { bytes }]) => [path, bytes]))
    const read = (path: string): Buffer => readSpan(descriptor, inside.get(path) ?? { start: 0, bytes: 0 })
    const source = makeSource({ name: options.name, sizes, read: (path) => Promise.resolve(read(path)) })
    return { source, refused, [Symbol.dispose]: () => closeSync(descriptor) }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

function readSpan(descriptor: number, { start, bytes }: Span): Buffer {
  const content = Buffer.alloc(bytes)
  for (let at = 0; at < bytes; ) {
    const count = readSync(descriptor, content, at, bytes - at, start + at)
    if (count === 0) throw new Error('the unpacked archive was cut short while it was read')
    at += count
  }
  return content
}

interface UnpackOptions {
  readonly limits?: typeof archiveLimits
  readonly signal?: AbortSignal
}

async function unpack(
  archive: string,
  descriptor: number,
  { limits = archiveLimits, signal }: UnpackOptions,
): Promise<{ spans: Map<string, Span>; refused: SkippedFile[] }> {
  const spans = new Map<string, Span>()
  const refused: SkippedFile[] = []
  let end = 0
  let failure: Error | null = null
  let hasEnd = false
  const parser = new Parser({ strict: true, zstd: false })
  parser.on('eof', () => (hasEnd = true))
  parser.on('error', (error: Error) => (failure ??= error))
  parser.on('entry', (entry: ReadEntry) => {
    const path = posix.normalize(entry.path)
    const reason = isFolder(entry) ? null : (refusalOf(entry, path) ?? (spans.has(path) ? heldTwice : null))
    if (isFolder(entry) || reason !== null) {
      if (reason !== null) refused.push({ path: entry.path, reason })
      entry.resume()
      return
    }
    spans.set(path, { start: end, bytes: entry.size })
    if (spans.size > limits.files || end + entry.size > limits.bytes)
      failure ??= new Error('it unpacks to far more than any release')
    entry.on('data', (part: Buffer) => {
      for (let at = 0; at < part.length && failure === null; ) at += writeSync(descriptor, part, at)
      end += part.length
    })
  })
  async function consume(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    // entries are taken as they come, so the parser never asks to wait; its errors arrive before write returns
    for await (const chunk of chunks) {
      parser.write(Buffer.from(chunk))
      if (failure !== null) throw failure
    }
    parser.end()
    if (failure !== null) throw failure
    // between two files the parser notices nothing missing
    if (!hasEnd) throw new Error('it is cut short: its end mark is missing')
  }
  const stream = createReadStream(archive)
  const streamOptions = signal === undefined ? {} : { signal }
  try {
    await ((await isGzipped(archive))
      ? pipeline(stream, createGunzip(), consume, streamOptions)
      : pipeline(stream, consume, streamOptions))
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof Error && 'syscall' in error) throw error
    throw new PrerequisiteError(
      `${archive} cannot be read as a tar archive: ${describeError(error)}. Fetch it again, or unpack it yourself and import the folder`,
      { cause: error },
    )
  }
  for (const path of spans.keys())
    if (foldersAbove(path).some((folder) => spans.has(folder))) {
      spans.delete(path)
      refused.push({ path, reason: heldTwice })
    }
  return { spans, refused }
}

const heldTwice = 'a name that the archive holds twice'
/** The longest name that file systems take. */
const longestNameBytes = 255
/** Paths grow when they are put into a run. */
const longestPathBytes = 2_000

const isFolder = ({ type }: ReadEntry): boolean => type === 'Directory' || type === 'GNUDumpDir'

/** Null for a regular file with a path that stays inside and can be a file elsewhere. */
function refusalOf({ type }: ReadEntry, path: string): string | null {
  if (type !== 'File' && type !== 'OldFile' && type !== 'ContiguousFile') return 'no regular file'
  if (posix.isAbsolute(path) || path === '..' || path.startsWith('../')) return 'a path that leads out of the archive'
  const isTooLong =
    Buffer.byteLength(path) > longestPathBytes ||
    path.split('/').some((name) => Buffer.byteLength(name) > longestNameBytes)
  return isTooLong || path === '.' || path.endsWith('/') || path.includes('\0') ? 'a name that cannot be a file' : null
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** The folder that holds everything, with its slash; '' where there is none, or it is itself one of a release's folders. */
function wrapperOf(paths: readonly string[]): string {
  const top = paths[0]?.slice(0, paths[0].indexOf('/') + 1) ?? ''
  return !topFolders.includes(top.slice(0, -1)) && paths.every((path) => path.startsWith(top)) ? top : ''
}

async function isGzipped(archive: string): Promise<boolean> {
  const file = await open(archive)
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}
