import { openCgroup, ownProcesses } from './cgroups.ts'
import { type ProcessLimits, joiningArgv, startedArgv } from './launcher.ts'
import { measureProcessTree } from './process-tree.ts'
import { type CommandOutcome, type Launch, runCommand } from './run-command.ts'
import type { ExceededLimit, ExecOptions, ExecResult, OpenSandboxOptions, Sandbox } from './sandbox.ts'
import { measureWorkspace, restoreAccess } from './workspace-disk.ts'

/** What one kind of sandbox puts around a command; limits, output and the end of processes are the same for all. */
export interface Enclosure extends AsyncDisposable {
  readonly name: string
  readonly isolated: boolean
  /** True in a user namespace of its own: there a limit on the number of processes counts only those inside. */
  readonly countsOwnProcesses: boolean
  enclose(argv: readonly string[], environment: Readonly<Record<string, string>>): Promise<EnclosedCommand>
}

export interface EnclosedCommand extends AsyncDisposable {
  readonly launch: Launch
  /** Ends processes that left the command's group, where no control group tells which they are. */
  killEscaped(): Promise<void>
}

/** A file that a command may still write when the workspace is already over its limit, so that it can clean up. */
const overfullFileBytes = 1024 ** 2
/** This limit counts what a process asked for: an idle Node asks for 0.6 GB and uses 40 MB of it. */
const spareDataBytes = 1024 ** 3
const killedExitCode = 128 + 9
const fileTooLargeExitCode = 128 + 25

/**
 * A sandbox that holds its commands to `limits`: memory, processes and CPU through control groups, where none is writable
 * through limits on each process and by watching (then the CPU is not limited); the size of the workspace by watching.
 * @param options workspace must be its real path
 */
export async function openLimitedSandbox(enclosure: Enclosure, options: OpenSandboxOptions): Promise<Sandbox> {
  const { workspace, limits } = options
  const cgroup = await openCgroup(limits)
  const closed = new AbortController()
  const running = new Set<Promise<unknown>>()

  return {
    name: enclosure.name,
    isolated: enclosure.isolated,
    async exec(argv, execOptions) {
      if (argv.length === 0) throw new TypeError('a command needs at least the name of a program')
      closed.signal.throwIfAborted()
      execOptions.signal?.throwIfAborted()
      const result = run(argv, execOptions)
      running.add(result)
      try {
        return await result
      } finally {
        running.delete(result)
      }
    },
    async [Symbol.asyncDispose]() {
      if (closed.signal.aborted) return
      closed.abort(new Error(`the ${enclosure.name} sandbox is closed`))
      await Promise.allSettled(running)
      await cgroup[Symbol.asyncDispose]()
      await enclosure[Symbol.asyncDispose]()
    },
  }

  async function run(argv: readonly string[], execOptions: ExecOptions): Promise<ExecResult> {
    const bytesAtStart = await measureWorkspace(workspace)
    // A workspace that is already too full may shrink but not grow.
    const allowedBytes = Math.max(limits.diskBytes, bytesAtStart)
    const inner = await startedArgv(argv, processLimits(bytesAtStart))
    await using command = await enclosure.enclose(inner, execOptions.environment ?? {})
    await using group = await cgroup.openCommand()
    const outcome = await runCommand(
      { ...command.launch, argv: joiningArgv(group.folders, command.launch.argv) },
      {
        options: execOptions,
        closed: closed.signal,
        findExceeded: async (processId) =>
          (await measureWorkspace(workspace)) > allowedBytes ? 'disk' : findUncontrolledExcess(processId),
        killRest: async () => {
          await group.killAll()
          await command.killEscaped()
        },
      },
    )
    // So that the harness can read and remove what the command left, and nobody becomes this user by running a file of it.
    if (process.getuid?.() !== 0) await restoreAccess(workspace)
    const exceededLimit =
      outcome.exceededLimit ?? (await group.exceededLimit()) ?? (await findDiskExcess(outcome, allowedBytes))
    if (!outcome.started && exceededLimit === null)
      throw new Error(`the ${enclosure.name} sandbox could not start the command: ${outcome.output.trim()}`)
    return describeEnd(outcome, exceededLimit)
  }

  function processLimits(bytesAtStart: number): ProcessLimits {
    return {
      core: 0,
      fsize: bytesAtStart > limits.diskBytes ? overfullFileBytes : limits.diskBytes,
      // Both beyond what the watching allows, so that it sees the excess and can report it.
      data: cgroup.controls.has('memory') ? null : limits.memoryBytes + spareDataBytes,
      nproc: cgroup.controls.has('pids') || !enclosure.countsOwnProcesses ? null : limits.processes + 4 * ownProcesses,
    }
  }

  /** Stands in for the control groups that this machine does not let us make. */
  async function findUncontrolledExcess(processId: number): Promise<ExceededLimit | null> {
    if (cgroup.controls.has('memory') && cgroup.controls.has('pids')) return null
    const use = await measureProcessTree(processId)
    if (!cgroup.controls.has('memory') && use.anonymousBytes > limits.memoryBytes) return 'memory'
    return !cgroup.controls.has('pids') && use.threads > limits.processes + ownProcesses ? 'processes' : null
  }

  async function findDiskExcess(outcome: CommandOutcome, allowedBytes: number): Promise<ExceededLimit | null> {
    if (outcome.exitCode === fileTooLargeExitCode) return 'disk'
    return (await measureWorkspace(workspace)) > allowedBytes ? 'disk' : null
  }
}

function describeEnd(outcome: CommandOutcome, exceededLimit: ExceededLimit | null): ExecResult {
  const wasEnded =
    outcome.exceededLimit !== null ||
    (exceededLimit === 'memory' && outcome.exitCode === killedExitCode) ||
    (exceededLimit === 'disk' && outcome.exitCode === fileTooLargeExitCode)
  const { output, outputTruncated, outputBytes, durationMs } = outcome
  const exitCode = wasEnded ? null : outcome.exitCode
  return { exitCode, output, outputTruncated, outputBytes, durationMs, exceededLimit }
}
