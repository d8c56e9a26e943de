import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { readTextIfPresent } from '../base/files.ts'

/** File descriptor on which `startedArgv` reports that everything around the command is in place. */
export const statusDescriptor = 3
/** First of the descriptors on which a launch hands texts to its own tools. */
export const firstTextDescriptor = 4

/** Absolute path of a program of this machine, or null. */
export async function findProgram(name: string): Promise<string | null> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin']
  for (const folder of folders) {
    if (!folder.startsWith('/')) continue
    const path = join(folder, name)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return null
}

// All scripts are constant: whatever varies is an argument, never part of the text. A process joins its groups itself,
// before it becomes the command, so that not even its first child can be outside; one pipe keeps both outputs in order.
const joinScript = 'while [ "$1" != -- ]; do echo 0 > "$1/cgroup.procs" || exit; shift; done; shift; exec "$@"'
const mergeScript = `exec 2>&1; ${joinScript}`
const startedScript = `echo started >&${statusDescriptor}; exec "$@" ${statusDescriptor}>&-`
const becomeScript = 'exec "$@"'

/** Outermost: enters the control groups, and merges both output streams when they come over one pipe. */
export function joiningArgv(
  groupFolders: readonly string[],
  argv: readonly string[],
  { merge }: { merge: boolean },
): string[] {
  return ['/bin/sh', '-c', merge ? mergeScript : joinScript, 'sh', ...groupFolders, '--', ...argv]
}

/** Innermost without a relay: reports the start and becomes the command. */
export function startedArgv(argv: readonly string[]): string[] {
  return ['/bin/sh', '-c', startedScript, 'sh', ...argv]
}

/** Innermost under the relay: becomes the command, or says as a shell does that it is not there. */
export function becomingArgv(argv: readonly string[]): string[] {
  return ['/bin/sh', '-c', becomeScript, 'sh', ...argv]
}

/** Sets the limits of each process (all bytes; null leaves one as it is). */
export async function limitedArgv(argv: readonly string[], limits: ProcessLimits): Promise<string[]> {
  const prlimit = await findProgram('prlimit')
  if (prlimit === null) return [...argv]
  const hard = await readHardLimits()
  const flags = Object.entries(limits).flatMap(([name, value]: [string, number | null]) => {
    if (value === null) return []
    const allowed = Math.min(value, hard.get(name) ?? value)
    return [`--${name}=${allowed}:${allowed}`]
  })
  return [prlimit, ...flags, ...argv]
}

/** Named as `prlimit` names them. */
export interface ProcessLimits {
  readonly core: number | null
  readonly fsize: number | null
  /** Private writable memory of one process. Not its address space: Node reserves far more of that than it uses. */
  readonly data: number | null
  /** Threads of the user; within a user namespace only those inside count. */
  readonly nproc: number | null
}

/** Raising a hard limit is refused, so what this process itself may not exceed caps what is asked for. */
async function readHardLimits(): Promise<Map<string, number>> {
  const text = (await readTextIfPresent('/proc/self/limits')) ?? ''
  const titles = { core: 'Max core file size', fsize: 'Max file size', data: 'Max data size', nproc: 'Max processes' }
  const hard = new Map<string, number>()
  for (const [name, title] of Object.entries(titles)) {
    const match = new RegExp(`^${title} +\\S+ +(\\d+)`, 'm').exec(text)
    if (match?.[1] !== undefined) hard.set(name, Number(match[1]))
  }
  return hard
}
