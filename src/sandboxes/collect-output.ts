import { OutputCapture, type CapturedOutput } from './output-capture.ts'
import type { ExecOptions, OutputLine } from './sandbox.ts'
import { type LineSplitter, splitLines } from './split-lines.ts'

/** Takes what a command prints: captures it and, for a conversation, hands it on line by line. */
export interface OutputCollector {
  /** Throws what the listener to lines throws. */
  push(stream: OutputLine['stream'], chunk: Buffer): void
  finish(): CapturedOutput
}

/** @param onTooMuch called when a conversation printed more than it may; no line is told after that */
export function collectOutput(options: ExecOptions, onTooMuch: () => void): OutputCollector {
  const capture = new OutputCapture(options.maxOutputBytes)
  const { conversation } = options
  if (conversation === undefined)
    return { push: (_stream, chunk) => capture.push(chunk), finish: () => capture.finish() }

  const splitters: Record<OutputLine['stream'], LineSplitter> = {
    output: splitLines('output', conversation.onLine),
    error: splitLines('error', conversation.onLine),
  }
  let leftBytes = conversation.endAfterBytes
  return {
    push(stream, chunk) {
      capture.push(chunk)
      const allowed = chunk.subarray(0, Math.max(0, leftBytes))
      leftBytes -= chunk.length
      splitters[stream].push(allowed)
      if (leftBytes < 0) onTooMuch()
    },
    finish() {
      if (leftBytes >= 0) {
        splitters.output.end()
        splitters.error.end()
      }
      return capture.finish()
    },
  }
}
