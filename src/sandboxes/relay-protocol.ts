import type { OutputLine } from './sandbox.ts'

/** The whole of what `inside/relay.mjs` is told, as JSON on its standard input. */
export interface RelayInstruction {
  /** Ports of loopback inside, each leading to a socket by its path inside. */
  readonly listeners: readonly { readonly port: number; readonly socket: string }[]
  /** Texts by path relative to `HOME`. */
  readonly homeFiles: Readonly<Record<string, string>>
  /** Standard input of the command; null: it has none. */
  readonly input: string | null
  /** Whether its two outputs are told apart; otherwise they come as one, in order. */
  readonly separate: boolean
  /** Of the command, on top of the relay's own. */
  readonly environment: Readonly<Record<string, string>>
  readonly argv: readonly string[]
}

export interface FrameListener {
  /** The command is about to be started: everything around it is in place. */
  started(): void
  output(stream: OutputLine['stream'], bytes: Buffer): void
  exited(exitCode: number): void
  /** What kept the relay from running the command. */
  failed(reason: string): void
}

const headerBytes = 5
const frameTypes = { started: 1, output: 2, error: 3, exited: 4, failed: 5 } as const
const maxReasonBytes = 65_536

/**
 * Reads the relay's frames: one byte of type, four of length (big-endian), then that many bytes. Whatever comes, and in
 * whatever pieces, no more than a header and a short reason is kept.
 * @returns takes the next bytes; false when they are no frames, after which it must not be called again
 */
export function openFrameReader(listener: FrameListener): (chunk: Buffer) => boolean {
  let header = Buffer.alloc(0)
  let type = 0
  let missingBytes = 0
  let small = Buffer.alloc(0)

  return (given) => {
    let chunk = given
    while (chunk.length > 0) {
      if (missingBytes === 0) {
        const taken = chunk.subarray(0, headerBytes - header.length)
        header = Buffer.concat([header, taken])
        chunk = chunk.subarray(taken.length)
        if (header.length < headerBytes) return true
        type = header.readUInt8(0)
        missingBytes = header.readUInt32BE(1)
        header = Buffer.alloc(0)
        small = Buffer.alloc(0)
        if (!isPlausible(type, missingBytes)) return false
        if (missingBytes === 0) finish()
        continue
      }
      const payload = chunk.subarray(0, missingBytes)
      chunk = chunk.subarray(payload.length)
      missingBytes -= payload.length
      if (type === frameTypes.output) listener.output('output', payload)
      else if (type === frameTypes.error) listener.output('error', payload)
      else {
        small = Buffer.concat([small, payload])
        if (missingBytes === 0) finish()
      }
    }
    return true
  }

  function finish(): void {
    if (type === frameTypes.started) listener.started()
    else if (type === frameTypes.exited) listener.exited(small.readUInt32BE(0))
    else if (type === frameTypes.failed) listener.failed(small.toString('utf8'))
  }
}

function isPlausible(type: number, bytes: number): boolean {
  if (type === frameTypes.output || type === frameTypes.error) return true
  if (type === frameTypes.started) return bytes === 0
  if (type === frameTypes.exited) return bytes === 4
  return type === frameTypes.failed && bytes <= maxReasonBytes
}
