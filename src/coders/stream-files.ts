import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { oneLine, plain } from '../base/text.ts'
import type { OutputLine } from '../sandboxes/sandbox.ts'

const keptErrorCharacters = 4_000
const shownErrorCharacters = 600

/** What a coder's program printed, kept as it came. */
export interface StreamFiles {
  /** Written with the other lines that came at once, so that a killed harness has lost nothing. Throws when the disk was full. */
  keep(line: OutputLine): void
  /** The last of what went to standard error, as one line without control characters; empty when that was nothing. */
  lastErrors(): string
  /** Throws like `keep`. */
  close(): void
}

/** `stream.jsonl` and `stderr.log` in a folder, both together of at most so many bytes. */
export function openStreamFiles(folder: string, maxBytes: number): StreamFiles {
  const files = {
    output: openSync(join(folder, 'stream.jsonl'), 'w'),
    error: openSync(join(folder, 'stderr.log'), 'w'),
  }
  const waiting: Record<OutputLine['stream'], Buffer[]> = { output: [], error: [] }
  let roomBytes = maxBytes
  let errors = ''
  let isWriting = false
  let fault: { readonly error: unknown } | null = null

  /** One write for all lines of a chunk: a program may print millions of short ones. */
  function write(): void {
    isWriting = false
    try {
      for (const stream of ['output', 'error'] as const) {
        const bytes = Buffer.concat(waiting[stream].splice(0))
        for (let written = 0; written < bytes.length; ) written += writeSync(files[stream], bytes, written)
      }
    } catch (error) {
      // nobody would hear of it from here
      fault ??= { error }
    }
  }

  function throwFault(): void {
    if (fault !== null) throw fault.error
  }

  return {
    keep({ stream, text }) {
      throwFault()
      if (stream === 'error') errors = `${errors}\n${text.slice(-keptErrorCharacters)}`.slice(-keptErrorCharacters)
      const bytes = Buffer.from(`${text}\n`)
      // replaced characters are longer than what they stand for, so the sandbox's own limit alone does not hold
      const kept = bytes.subarray(0, roomBytes)
      roomBytes -= kept.length
      waiting[stream].push(kept)
      if (isWriting) return
      isWriting = true
      queueMicrotask(write)
    },
    lastErrors: () => oneLine(plain(errors).slice(-shownErrorCharacters), shownErrorCharacters),
    close() {
      write()
      closeSync(files.output)
      closeSync(files.error)
      throwFault()
    },
  }
}
