import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  readonly host: string
  readonly bootId: string
  readonly pid: number
  readonly processStart: string
}

/** Who this process is, so that another one can tell later whether it still lives. */
export function thisProcess(): ProcessIdentity {
  return { host: hostname(), bootId: bootId(), pid: process.pid, processStart: processStart(process.pid) ?? 'unknown' }
}

/**
 * Whether a process is surely gone. Processes of another machine cannot be seen from here and count as alive;
 * an earlier boot of this machine took all its processes with it.
 */
export function isProcessDead(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return false
  if (identity.bootId !== bootId()) return true
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
  return processStart(identity.pid) !== identity.processStart
}

const uniquePart = randomBytes(4).toString('hex')

/** A name no other process has, on any machine: for files that only this process writes. */
export function writerName(): string {
  return `${hostname().replace(/[^A-Za-z0-9.-]/g, '-')}-${process.pid}-${uniquePart}`
}

function bootId(): string {
  return readKernelFile('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown'
}

/** Field 22 of /proc/<pid>/stat; null where there is no such file. */
function processStart(pid: number): string | null {
  const stat = readKernelFile(`/proc/${pid}/stat`)
  if (stat === null) return process.platform === 'linux' ? null : 'unknown'
  return (
    stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19) ?? null
  )
}

function readKernelFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
