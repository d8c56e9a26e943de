import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { oneLine, plain } from '../base/text.ts'
import type { OutputLine } from '../sandboxes/sandbox.ts'

const keptErrorCharacters = 4_000
const shownErrorCharacters = 600

/** What a coder's program printed, kept as it came. */
export interface StreamFiles {
  /** Written at once, so that a killed harness has lost nothing. Throws when the disk is full. */
  keep(line: OutputLine): void
  /** The last of what went to standard error, as one line without control characters; empty when that was nothing. */
  lastErrors(): string
  close(): void
}

/** `stream.jsonl` and `stderr.log` in a folder, both together of at most so many bytes. */
export function openStreamFiles(folder: string, maxBytes: number): StreamFiles {
  const files = {
    output: openSync(join(folder, 'stream.jsonl'), 'w'),
    error: openSync(join(folder, 'stderr.log'), 'w'),
  }
  let roomBytes = maxBytes
  let errors = ''
  return {
    keep({ stream, text }) {
      if (stream === 'error') errors = `${errors}\n${text.slice(-keptErrorCharacters)}`.slice(-keptErrorCharacters)
      const bytes = Buffer.from(`${text}\n`)
      // replaced characters are longer than what they stand for, so the sandbox's own limit alone does not hold
      const kept = bytes.subarray(0, roomBytes)
      roomBytes -= kept.length
      for (let written = 0; written < kept.length; ) written += writeSync(files[stream], kept, written)
    },
    lastErrors: () => oneLine(plain(errors).slice(-shownErrorCharacters), shownErrorCharacters),
    close() {
      closeSync(files.output)
      closeSync(files.error)
    },
  }
}
