import type { ChildProcess } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import { statusDescriptor } from './launcher.ts'
import { openFrameReader } from './relay-protocol.ts'
import type { OutputLine } from './sandbox.ts'

/** What is known of a command when its program has ended. */
export interface ProgramReport {
  /** False when the sandbox did not get as far as the command. */
  readonly started: boolean
  /** Of the command itself, where the relay told it. */
  readonly exitCode: number | null
  /** What the sandbox's own tools said; null where that comes as output of the command. */
  readonly complaint: string | null
}

type Push = (stream: OutputLine['stream'], chunk: Buffer) => void

const maxComplaintBytes = 4_000
const disturbance = '\n[the command wrote into the channel of its sandbox and was ended]\n'

/** A program that becomes the command: all it prints is the command's, both outputs in one. */
export function hearDirectly(
  child: ChildProcess,
  { printed, push }: { printed: Readable; push: Push },
): () => ProgramReport {
  let started = false
  printed.on('data', (chunk: Buffer) => push('output', chunk))
  readableOf(child, statusDescriptor).on('data', () => (started = true))
  return () => ({ started, exitCode: null, complaint: null })
}

/**
 * A program that becomes the relay: told what to do on standard input, it answers in frames on standard output; on standard
 * error there is only what the tools around it have to complain of.
 */
export function hearRelay(
  child: ChildProcess,
  { instruction, push, onDisturbed }: { instruction: string; push: Push; onDisturbed: () => void },
): () => ProgramReport {
  let started = false
  let isSound = true
  let toldExitCode: number | null = null
  let complaint = ''
  const complain = (text: string) => {
    complaint = (complaint + text).slice(0, maxComplaintBytes)
  }
  const readFrames = openFrameReader({
    started: () => (started = true),
    output: push,
    exited: (exitCode) => (toldExitCode = exitCode),
    failed: complain,
  })
  readableOf(child, 1).on('data', (chunk: Buffer) => {
    if (!isSound) return
    isSound = readFrames(chunk)
    if (isSound) return
    // Before the start the tools around the relay are at fault, after it the command, which then ends as if killed.
    if (started) push('output', Buffer.from(disturbance))
    else complain(chunk.subarray(0, maxComplaintBytes).toString('utf8'))
    onDisturbed()
  })
  readableOf(child, 2).on('data', (chunk: Buffer) => complain(chunk.subarray(0, maxComplaintBytes).toString('utf8')))
  writeText(child, { descriptor: 0, text: instruction })
  return () => ({ started, exitCode: toldExitCode, complaint })
}

export function readableOf(child: ChildProcess, descriptor: number): Readable {
  const stream = child.stdio[descriptor]
  if (!(stream instanceof Readable)) throw new Error(`descriptor ${descriptor} of a command is not a pipe`)
  return stream
}

export function writeText(
  child: ChildProcess,
  { descriptor, text }: { descriptor: number; text: string | Uint8Array },
): void {
  const stream = child.stdio[descriptor]
  if (!(stream instanceof Writable)) throw new Error(`descriptor ${descriptor} of a command is not a pipe`)
  // The reader may die before it has read; its exit then tells the story.
  stream.on('error', () => null)
  stream.end(text)
}
