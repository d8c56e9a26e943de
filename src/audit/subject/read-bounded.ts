import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** The beginning of a file, at most so many bytes. It may have grown since it was listed, or be a link or a pipe by now: neither is followed or waited for. */
export async function readBounded(path: string, mostBytes: number): Promise<Buffer> {
  // Windows has neither flag
  await using file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  const buffer = Buffer.alloc(Math.min((await file.stat()).size, mostBytes))
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
  return buffer.subarray(0, bytesRead)
}
