import { randomUUID } from 'node:crypto'
import { closeSync, constants, openSync } from 'node:fs'
import { chmod, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'

export interface NamelessPipe {
  /** For a child's standard output. */
  readonly writeEnd: number
  /** Closes our write end, so that the stream ends when the children's are closed. */
  read(): Socket
  /** Closes what `read` has not taken over. */
  close(): void
}

/**
 * A true pipe: what Node makes of 'pipe' is a socket, which commands cannot open again as `/dev/stdout` or `/dev/stderr`.
 * @param folder closed to everyone else; the pipe has a name there for a moment
 */
export async function openNamelessPipe(folder: string): Promise<NamelessPipe> {
  const path = join(folder, `pipe-${randomUUID()}`)
  await execa('mkfifo', [path], { stdin: 'ignore' })
  try {
    // A command that runs as another user may open it again too, once it holds it.
    await chmod(path, 0o666)
    const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writeEnd = openSync(path, constants.O_WRONLY)
    const open = new Set([readEnd, writeEnd])
    return {
      writeEnd,
      read() {
        closeSync(writeEnd)
        open.clear()
        return new Socket({ fd: readEnd, readable: true, writable: false })
      },
      close() {
        for (const descriptor of open) closeSync(descriptor)
        open.clear()
      },
    }
  } finally {
    await rm(path, { force: true })
  }
}
