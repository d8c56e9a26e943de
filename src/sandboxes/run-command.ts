import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { collectOutput } from './collect-output.ts'
import { hearDirectly, hearRelay, readableOf, writeText } from './hear-program.ts'
import { listInheritedDescriptors } from './inherited-descriptors.ts'
import { firstTextDescriptor } from './launcher.ts'
import { type NamelessPipe, openNamelessPipe } from './nameless-pipe.ts'
import { killHard } from './process-tree.ts'
import type { ExceededLimit, ExecOptions, ExecResult, OutputLine } from './sandbox.ts'

/** A program to start with all that it is given. */
export interface Launch {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  /** Readable by the program on descriptors 4, 5, …; unlike arguments they are not shown to everyone on the machine. */
  readonly texts: readonly (string | Uint8Array)[]
}

export interface Supervision {
  readonly options: ExecOptions
  /** What the relay is told on standard input; null: there is no relay, and the program prints as the command does. */
  readonly relayInstruction: string | null
  /** Where this command's own files may be made. */
  readonly privateFolder: string
  /** Ends the command without a result, as the caller's own signal does. */
  readonly closed: AbortSignal
  /** Hears the id of the process group that the program leads. */
  readonly onGroup: (processGroup: number) => void
  /** Asked again and again while the command runs; a limit that was exceeded ends it. */
  readonly findExceeded: (processId: number) => Promise<ExceededLimit | null>
  /** Ends what has left the command's process group. Called when the command ends, however it does. */
  readonly killRest: () => Promise<void>
}

export type CommandOutcome = Omit<ExecResult, 'exitCode'> & {
  /** Never null: a command that was killed ends with 137. */
  readonly exitCode: number
  /** Null when the command was started; otherwise what the sandbox said when it did not get as far. */
  readonly obstacle: string | null
}

const longestTimerMs = 2 ** 31 - 1
const shortestWatchMs = 250
/** What a process that escaped every kill still holds open must not hold us. */
const drainMs = 2_000

/**
 * Runs a launch to its end, with all its descendants. Rejects when it cannot be spawned, when `findExceeded`, `killRest` or
 * the listener to lines does, and with the reason of a signal that was aborted.
 */
export async function runCommand(launch: Launch, supervision: Supervision): Promise<CommandOutcome> {
  const { options, relayInstruction, findExceeded, killRest } = supervision
  const aborted = AbortSignal.any([supervision.closed, ...(options.signal === undefined ? [] : [options.signal])])
  aborted.throwIfAborted()
  const pipe = relayInstruction === null ? await openNamelessPipe(supervision.privateFolder) : null
  const startedAtMs = performance.now()
  const child = start(launch, pipe)
  const exited = once(child, 'exit')
  const printed = pipe === null ? readableOf(child, 1) : pipe.read()
  const drained = Promise.all([once(child, 'close'), once(printed, 'close')])
  // Both are awaited below; until then a failure to spawn must not count as unhandled.
  drained.catch(() => null)

  let exceededLimit: ExceededLimit | null = null
  let failure: { error: unknown } | null = null
  const ended = new AbortController()
  const killGroup = () => child.pid !== undefined && killHard(-child.pid)
  const exceed = (limit: ExceededLimit) => {
    exceededLimit ??= limit
    killGroup()
  }
  const fail = (error: unknown) => {
    failure ??= { error }
    killGroup()
  }

  const output = collectOutput(options, () => exceed('output'))
  const push = (stream: OutputLine['stream'], chunk: Buffer) => {
    if (failure !== null) return
    try {
      output.push(stream, chunk)
    } catch (error) {
      fail(error)
    }
  }
  const report =
    relayInstruction === null
      ? hearDirectly(child, { printed, push })
      : hearRelay(child, { instruction: relayInstruction, push, onDisturbed: killGroup })
  launch.texts.forEach((text, index) => writeText(child, { descriptor: firstTextDescriptor + index, text }))

  if (child.pid !== undefined) supervision.onGroup(child.pid)
  const timer = setTimeout(exceed, Math.min(options.timeoutMs, longestTimerMs), 'wall-time')
  aborted.addEventListener('abort', killGroup)
  const watching = watch().catch(fail)

  try {
    const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null]
    clearTimeout(timer)
    ended.abort()
    killGroup()
    await killRest()
    await Promise.race([drained, sleep(drainMs, null, { ref: false })])
    await watching
    aborted.throwIfAborted()
    if (failure !== null) throw (failure as { error: unknown }).error
    const captured = output.finish()
    const { started, exitCode: toldExitCode, complaint } = report()
    return {
      exitCode: toldExitCode ?? code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
      exceededLimit,
      output: captured.text,
      outputTruncated: captured.truncated,
      outputBytes: captured.totalBytes,
      durationMs: performance.now() - startedAtMs,
      obstacle: started ? null : (complaint ?? captured.text).trim(),
    }
  } finally {
    clearTimeout(timer)
    ended.abort()
    aborted.removeEventListener('abort', killGroup)
    printed.destroy()
    pipe?.close()
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

function start(launch: Launch, pipe: NamelessPipe | null): ChildProcess {
  const [program = '', ...args] = launch.argv
  const nothing = openSync('/dev/null', 'r')
  try {
    const own: StdioOptions = [
      ...(pipe === null ? (['pipe', 'pipe', 'pipe'] as const) : (['ignore', pipe.writeEnd, 'ignore'] as const)),
      'pipe',
      ...launch.texts.map(() => 'pipe' as const),
    ]
    const inherited = listInheritedDescriptors().filter((descriptor) => descriptor >= own.length)
    const others = Array.from({ length: Math.max(0, (inherited.at(-1) ?? 0) + 1 - own.length) }, (_, index) =>
      inherited.includes(index + own.length) ? nothing : ('ignore' as const),
    )
    return spawn(program, args, {
      cwd: launch.cwd,
      env: launch.environment,
      // A group of its own: killed as a whole, and untouched by Ctrl-C in the harness's terminal.
      detached: true,
      stdio: [...own, ...others],
    })
  } catch (error) {
    pipe?.close()
    throw error
  } finally {
    closeSync(nothing)
  }
}
