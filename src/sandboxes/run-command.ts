import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { firstTextDescriptor, statusDescriptor } from './launcher.ts'
import { OutputCapture } from './output-capture.ts'
import { killHard } from './process-tree.ts'
import type { ExceededLimit, ExecOptions, ExecResult } from './sandbox.ts'

/** A program to start with all that it is given. */
export interface Launch {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  /** Readable by the program on descriptors 4, 5, …; unlike arguments they are not shown to everyone on the machine. */
  readonly texts: readonly string[]
}

export interface Supervision {
  readonly options: ExecOptions
  /** Ends the command without a result, as the caller's own signal does. */
  readonly closed: AbortSignal
  /** Asked again and again while the command runs; a limit that was exceeded ends it. */
  readonly findExceeded: (processId: number) => Promise<ExceededLimit | null>
  /** Ends what has left the command's process group. Called when the command ends, however it does. */
  readonly killRest: () => Promise<void>
}

export type CommandOutcome = Omit<ExecResult, 'exitCode'> & {
  /** Never null: a command that was killed ends with 137. */
  readonly exitCode: number
  /** False when the sandbox did not get as far as the command; `output` then says why. */
  readonly started: boolean
}

const longestTimerMs = 2 ** 31 - 1
const shortestWatchMs = 250

/**
 * Runs a launch to its end, with all its descendants. Rejects when it cannot be spawned, when `findExceeded` or `killRest`
 * does, and with the reason of a signal that was aborted.
 */
export async function runCommand(launch: Launch, supervision: Supervision): Promise<CommandOutcome> {
  const { options, findExceeded, killRest } = supervision
  const aborted = AbortSignal.any([supervision.closed, ...(options.signal === undefined ? [] : [options.signal])])
  aborted.throwIfAborted()
  const [program = '', ...args] = launch.argv
  const startedAtMs = performance.now()
  const child = spawn(program, args, {
    cwd: launch.cwd,
    env: launch.environment,
    // A group of its own: killed as a whole, and untouched by Ctrl-C in the harness's terminal.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe', ...launch.texts.map(() => 'pipe' as const)],
  })
  const exited = once(child, 'exit')
  const closed = once(child, 'close')
  // Both are awaited below; until then a failure to spawn must not count as unhandled.
  closed.catch(() => null)
  const output = new OutputCapture(options.maxOutputBytes)
  let started = false
  readableOf(child, 1).on('data', (chunk: Buffer) => output.push(chunk))
  readableOf(child, statusDescriptor).on('data', () => (started = true))
  launch.texts.forEach((text, index) => writeText(child, { descriptor: firstTextDescriptor + index, text }))

  let exceededLimit: ExceededLimit | null = null
  let watchFailure: { error: unknown } | null = null
  const ended = new AbortController()
  const killGroup = () => child.pid !== undefined && killHard(-child.pid)
  const exceed = (limit: ExceededLimit) => {
    exceededLimit ??= limit
    killGroup()
  }
  const timer = setTimeout(exceed, Math.min(options.timeoutMs, longestTimerMs), 'wall-time')
  aborted.addEventListener('abort', killGroup)
  const watching = watch().catch((error: unknown) => {
    watchFailure = { error }
    killGroup()
  })

  try {
    const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null]
    clearTimeout(timer)
    ended.abort()
    killGroup()
    await killRest()
    await Promise.race([closed, sleep(drainMs, null, { ref: false })])
    await watching
    aborted.throwIfAborted()
    if (watchFailure !== null) throw (watchFailure as { error: unknown }).error
    const captured = output.finish()
    return {
      exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
      exceededLimit,
      output: captured.text,
      outputTruncated: captured.truncated,
      outputBytes: captured.totalBytes,
      durationMs: performance.now() - startedAtMs,
      started,
    }
  } finally {
    clearTimeout(timer)
    ended.abort()
    aborted.removeEventListener('abort', killGroup)
    child.stdout?.destroy()
  }

  async function watch(): Promise<void> {
    let pauseMs = shortestWatchMs
    while (!ended.signal.aborted && child.pid !== undefined) {
      await sleep(pauseMs, null, { signal: ended.signal }).catch(() => null)
      if (ended.signal.aborted) return
      const beganAtMs = performance.now()
      const limit = await findExceeded(child.pid)
      if (limit !== null) exceed(limit)
      // Measuring a large workspace takes a while; it may take a tenth of the time at most.
      pauseMs = Math.max(shortestWatchMs, 10 * (performance.now() - beganAtMs))
    }
  }
}

/** What a process that escaped every kill still holds open must not hold us. */
const drainMs = 2_000

function readableOf(child: ChildProcess, descriptor: number): Readable {
  const stream = child.stdio[descriptor]
  if (!(stream instanceof Readable)) throw new Error(`descriptor ${descriptor} of a command is not a pipe`)
  return stream
}

function writeText(child: ChildProcess, { descriptor, text }: { descriptor: number; text: string }): void {
  const stream = child.stdio[descriptor]
  if (!(stream instanceof Writable)) throw new Error(`descriptor ${descriptor} of a command is not a pipe`)
  // The reader may die before it has read; its exit then tells the story.
  stream.on('error', () => null)
  stream.end(text)
}
