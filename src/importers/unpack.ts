import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import type { SkippedFile } from './importer.ts'

/** Bounds on what an archive may unpack to. The public release has 13,000 files and 400 MB. */
export const unpackLimits = { files: 500_000, bytes: 20_000_000_000 }

/**
 * Unpacks a tar archive, gzipped or not, into an empty folder of ours. Only regular files are written, below that folder alone:
 * links, devices, absolute paths and `..` are refused and said.
 * @returns what was refused, in the order of the archive
 * @throws PrerequisiteError when the file is no archive, is damaged, or unpacks beyond the limits
 */
export async function unpackArchive(
  archive: string,
  folder: string,
  options: { limits?: typeof unpackLimits; signal?: AbortSignal } = {},
): Promise<SkippedFile[]> {
  const { limits = unpackLimits, signal } = options
  const refused: SkippedFile[] = []
  let failure: Error | null = null
  const left = { ...limits }
  const parser = new Parser({ strict: true, zstd: false })
  parser.on('error', (error: Error) => (failure ??= error))
  parser.on('entry', (entry: ReadEntry) => {
    const reason = refusalOf(entry)
    if (reason !== null) {
      if (reason !== 'a folder') refused.push({ path: entry.path, reason })
      entry.resume()
      return
    }
    left.files -= 1
    left.bytes -= entry.size
    if (left.files < 0 || left.bytes < 0) failure ??= new Error('it unpacks to far more than any release')
    const descriptor = failure === null ? openTarget(join(folder, posix.normalize(entry.path))) : 'left out'
    if (typeof descriptor === 'string') {
      refused.push({ path: entry.path, reason: descriptor })
      entry.resume()
      return
    }
    entry.on('data', (part: Buffer) => {
      for (let at = 0; at < part.length; ) at += writeSync(descriptor, part, at)
    })
    entry.on('end', () => closeSync(descriptor))
  })
  async function consume(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    // entries are written as they come, so the parser never asks to wait; its errors arrive before write returns
    for await (const chunk of chunks) {
      parser.write(Buffer.from(chunk))
      if (failure !== null) throw failure
    }
    parser.end()
    if (failure !== null) throw failure
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
      `${archive} cannot be unpacked as a tar archive: ${describeError(error)}. Fetch it again, or unpack it yourself and import the folder`,
      { cause: error },
    )
  }
  return refused
}

/** Null for a regular file with a path that stays inside. */
function refusalOf({ type, path }: ReadEntry): string | null {
  if (type === 'Directory' || type === 'GNUDumpDir') return 'a folder'
  if (type !== 'File' && type !== 'OldFile' && type !== 'ContiguousFile') return 'no regular file'
  const inside = posix.normalize(path)
  const leads = posix.isAbsolute(inside) || inside === '..' || inside.startsWith('../') || inside.includes('\0')
  return leads ? 'a path that leads out of the archive' : null
}

/** An open file, or why there can be none of that name. */
function openTarget(path: string): number | string {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'wx')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') return 'a name that the archive holds twice'
    if (code === 'ENAMETOOLONG' || code === 'EINVAL') return 'a name that cannot be a file here'
    throw error
  }
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
