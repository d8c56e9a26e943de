import { posix } from 'node:path'
import type { Cgroup } from './cgroups.ts'
import type { Enclosure, EnclosureKind } from './enclosure.ts'
import { type ProcessLimits, becomingArgv, joiningArgv, limitedArgv, startedArgv } from './launcher.ts'
import { countMemoryKills } from './memory-kills.ts'
import type { Surroundings } from './plan-sandbox.ts'
import { measureProcessTree } from './process-tree.ts'
import type { Reaper } from './reaper.ts'
import type { RelayInstruction } from './relay-protocol.ts'
import { type CommandOutcome, runCommand } from './run-command.ts'
import type { ExceededLimit, ExecOptions, ExecResult } from './sandbox.ts'
import { measureWorkspace, restoreAccess } from './workspace-disk.ts'

/** An open sandbox, as its commands need it. */
export interface SandboxParts {
  readonly kind: EnclosureKind
  readonly surroundings: Surroundings
  readonly enclosure: Enclosure
  readonly cgroup: Cgroup
  readonly reaper: Reaper
  readonly closed: AbortSignal
}

/** A file that a command may still write when the workspace is already over its limit, so that it can clean up. */
const overfullFileBytes = 1024 ** 2
/** This limit counts what a process asked for: an idle Node asks for 0.6 GB and uses 40 MB of it. */
const spareDataBytes = 1024 ** 3
const killedExitCode = 128 + 9
const fileTooLargeExitCode = 128 + 25
/** Two monitors, two inits, a shell on the way: they come on top of what the agent may have. */
const ownTasks = 8
/** Threads of the relay's Node. */
const relayTasks = 24

/** Runs one command within the sandbox's limits, and looks after what it leaves. Rejects as `Sandbox.exec` does. */
export async function runLimited(
  parts: SandboxParts,
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const { kind, surroundings, enclosure, cgroup } = parts
  const { workspace, limits } = surroundings.plan.options
  const bytesAtStart = await measureWorkspace(workspace)
  // A workspace that is already too full may shrink but not grow.
  const allowedBytes = Math.max(limits.diskBytes, bytesAtStart)
  const relay = needsRelay(parts, options) ? instructRelay(surroundings, argv, options) : null
  const tasks = ownTasks + (relay === null ? 0 : relayTasks)
  const processLimits = limitProcesses(parts, { bytesAtStart, tasks })
  const innerArgv = relay === null ? startedArgv(argv) : surroundings.relayArgv
  const memoryKillsBefore = await countMemoryKills()

  const limit = (words: readonly string[]) => limitedArgv(words, processLimits)
  const { limitedBy, alwaysRelay } = enclosure

  await using command = await enclosure.enclose({
    argv: limitedBy === 'core' && !alwaysRelay ? await limit(innerArgv) : innerArgv,
    environment: relay === null ? environmentOf(surroundings, options) : {},
    processLimits,
  })
  await using group = await cgroup.openCommand(tasks)
  let groupEnded = () => {}
  // What has only the relay inside may have none of this machine's tools there: its processes inherit the limits.
  const launchArgv = limitedBy === 'core' && alwaysRelay ? await limit(command.launch.argv) : command.launch.argv
  const outcome = await runCommand(
    { ...command.launch, argv: joiningArgv(group.folders, launchArgv, { merge: relay === null }) },
    {
      options,
      relayInstruction: relay === null ? null : JSON.stringify(relay),
      privateFolder: surroundings.plan.privateFolder,
      closed: parts.closed,
      onGroup: (processGroup) => (groupEnded = parts.reaper.watchGroup(processGroup)),
      findExceeded: async (processId) =>
        (await measureWorkspace(workspace)) > allowedBytes
          ? 'disk'
          : findUncontrolledExcess(parts, { processId, tasks }),
      killRest: async () => {
        await group.killAll()
        await command.killEscaped()
      },
    },
  ).finally(() => groupEnded())
  // So that the harness can read and remove what the command left, and nobody becomes this user by running a file of it.
  if (process.getuid?.() !== 0) await restoreAccess(workspace)
  const exceededLimit =
    outcome.exceededLimit ??
    (await group.exceededLimit()) ??
    (await command.exceededLimit()) ??
    (await findUncountedKill()) ??
    (await findDiskExcess(outcome, { workspace, allowedBytes }))
  if (outcome.obstacle !== null && exceededLimit === null)
    throw new Error(`the ${kind.name} sandbox could not start the command: ${outcome.obstacle}`)
  return describeEnd(outcome, exceededLimit)

  /**
   * Where nobody counts for us alone: the kernel ended something for memory, which on a machine that had none left was the command. What is
   * counted for us was asked before, and a kill elsewhere on the machine is none of ours.
   */
  async function findUncountedKill(): Promise<ExceededLimit | null> {
    const isCounted = enclosure.limitedBy === 'enclosure' || cgroup.controls.has('memory')
    if (outcome.exitCode !== killedExitCode || isCounted) return null
    return (await countMemoryKills()) > memoryKillsBefore ? 'memory' : null
  }
}

function needsRelay({ surroundings, enclosure }: SandboxParts, options: ExecOptions): boolean {
  return (
    enclosure.alwaysRelay ||
    options.conversation !== undefined ||
    Object.keys(options.homeFiles ?? {}).length > 0 ||
    surroundings.endpoints.listeners.length > 0
  )
}

function instructRelay(surroundings: Surroundings, argv: readonly string[], options: ExecOptions): RelayInstruction {
  const { homeFiles = {}, conversation } = options
  for (const path of Object.keys(homeFiles))
    if (path === '' || posix.isAbsolute(path) || posix.normalize(path) !== path || path.startsWith('..'))
      throw new TypeError(`${path} is no plain path of a file below HOME`)
  return {
    listeners: surroundings.endpoints.listeners,
    homeFiles,
    input: conversation?.input ?? null,
    separate: conversation !== undefined,
    environment: environmentOf(surroundings, options),
    argv: becomingArgv(argv),
  }
}

function environmentOf({ environment }: Surroundings, options: ExecOptions): Readonly<Record<string, string>> {
  return { ...environment, ...options.environment }
}

function limitProcesses(
  { surroundings, enclosure, cgroup }: SandboxParts,
  { bytesAtStart, tasks }: { bytesAtStart: number; tasks: number },
): ProcessLimits {
  const { limits } = surroundings.plan.options
  const holds = (controller: 'memory' | 'pids') =>
    enclosure.limitedBy === 'enclosure' || cgroup.controls.has(controller)
  return {
    core: 0,
    fsize: bytesAtStart > limits.diskBytes ? overfullFileBytes : limits.diskBytes,
    // Both beyond what the watching allows, so that it sees the excess and can report it.
    data: holds('memory') ? null : limits.memoryBytes + spareDataBytes,
    nproc: holds('pids') || !enclosure.countsOwnProcesses ? null : limits.processes + 4 * tasks,
  }
}

/** Stands in for the control groups that this machine does not let us make. */
async function findUncontrolledExcess(
  { surroundings, enclosure, cgroup }: SandboxParts,
  { processId, tasks }: { processId: number; tasks: number },
): Promise<ExceededLimit | null> {
  const { limits } = surroundings.plan.options
  const watchesMemory = enclosure.limitedBy === 'core' && !cgroup.controls.has('memory')
  const watchesProcesses = enclosure.limitedBy === 'core' && !cgroup.controls.has('pids')
  if (!watchesMemory && !watchesProcesses) return null
  const use = await measureProcessTree(processId)
  if (watchesMemory && use.anonymousBytes > limits.memoryBytes) return 'memory'
  return watchesProcesses && use.threads > limits.processes + tasks ? 'processes' : null
}

async function findDiskExcess(
  outcome: CommandOutcome,
  { workspace, allowedBytes }: { workspace: string; allowedBytes: number },
): Promise<ExceededLimit | null> {
  if (outcome.exitCode === fileTooLargeExitCode) return 'disk'
  return (await measureWorkspace(workspace)) > allowedBytes ? 'disk' : null
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
