import { StringDecoder } from 'node:string_decoder'
import type { OutputLine } from './sandbox.ts'

/** Bytes of a line that are kept; the rest of a longer one is dropped, and the line says so. */
const maxLineBytes = 16 * 1024 ** 2

const lineBreak = 0x0a

export interface LineSplitter {
  push(chunk: Buffer): void
  /** What follows the last line break is a line too. */
  end(): void
}

/** Calls `onLine` with each line of one stream; holds at most one line, and of that at most `maxBytes`. */
export function splitLines(
  stream: OutputLine['stream'],
  onLine: (line: OutputLine) => void,
  { maxBytes = maxLineBytes } = {},
): LineSplitter {
  let pieces: Buffer[] = []
  let keptBytes = 0
  let isCut = false

  return {
    push(chunk) {
      for (let start = 0; start < chunk.length; ) {
        const end = chunk.indexOf(lineBreak, start)
        keep(chunk.subarray(start, end === -1 ? chunk.length : end))
        if (end === -1) return
        emit()
        start = end + 1
      }
    },
    end() {
      if (keptBytes > 0 || isCut) emit()
    },
  }

  function keep(bytes: Buffer): void {
    const kept = bytes.subarray(0, maxBytes - keptBytes)
    if (kept.length < bytes.length) isCut = true
    if (kept.length === 0) return
    pieces.push(kept)
    keptBytes += kept.length
  }

  function emit(): void {
    const bytes = pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces)
    // A cut may halve a character; its beginning is then dropped.
    const text = isCut ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8')
    const line = { stream, text, isCut }
    pieces = []
    keptBytes = 0
    isCut = false
    onLine(line)
  }
}
