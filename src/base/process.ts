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
  return {
    host: hostname(),
    bootId: bootId(),
    pid: process.pid,
    processStart: readProcess(process.pid)?.start ?? 'unknown',
  }
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
    // EPERM: there is one, of another user; whether it is the same one is seen below
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return true
  }
  const found = readProcess(identity.pid)
  return found !== null && (found.ended || found.start !== identity.processStart)
}

const uniquePart = randomBytes(4).toString('hex')

/** A name no other process has, on any machine: for files that only this process writes. */
export function writerName(): string {
  return `${hostname().replace(/[^A-Za-z0-9.-]/g, '-')}-${process.pid}-${uniquePart}`
}

function bootId(): string {
  return readKernelFile('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown'
}

/** From /proc/<pid>/stat; null where that cannot be read. `ended`: it is dead, and only its parent has not noticed. */
function readProcess(pid: number): { start: string; ended: boolean } | null {
  const stat = readKernelFile(`/proc/${pid}/stat`)
  // the second field is the program's name in parentheses, which may itself hold spaces and parentheses
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const start = fields?.[19]
  return start === undefined ? null : { start, ended: fields?.[0] === 'Z' || fields?.[0] === 'X' }
}

function readKernelFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
