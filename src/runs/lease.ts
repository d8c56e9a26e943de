import { randomBytes } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readTextIfPresent } from '../base/files.ts'
import { isProcessDead, thisProcess, writerName } from '../base/process.ts'
import { type Lease, leaseSchema } from '../schema/run.ts'

const ordinaryHeartbeatMs = 30_000
/** A lease of another machine, whose processes cannot be seen from here, is dead after this silence. */
const remoteSilenceMs = 10 * 60_000

export interface HeldLease extends AsyncDisposable {
  /** Aborts when another process took the trial over, because this one had been silent for so long that it counted as dead. */
  readonly lost: AbortSignal
}

/**
 * Takes a trial for this process, so that no two processes work on it. A lease whose owner is dead is taken over.
 * @returns null when another living process holds the trial
 */
export async function acquireLease(
  trialFolder: string,
  { heartbeatMs = ordinaryHeartbeatMs } = {},
): Promise<HeldLease | null> {
  const path = join(trialFolder, 'lease.json')
  const token = randomBytes(8).toString('hex')
  if (!(await claim(path, token))) return null

  const lost = new AbortController()
  let beating = Promise.resolve()
  const timer = setInterval(() => {
    // a heartbeat that cannot be written shows as silence to others; the work itself meets the same disk and fails there
    beating = beat().catch(() => undefined)
  }, heartbeatMs)
  timer.unref()
  return {
    lost: lost.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      // one still on its way would bring the lease back
      await beating
      if (tokenOf(await readLease(path)) === token) await rm(path, { force: true })
    },
  }

  async function beat(): Promise<void> {
    const held = await readLease(path)
    if (typeof held === 'object' && held.token !== token) {
      clearInterval(timer)
      return lost.abort(new Error(`${held.host} took over ${trialFolder} while this process was silent`))
    }
    await writeLease(`${path}.${token}`, token)
    await rename(`${path}.${token}`, path)
  }
}

async function claim(path: string, token: string): Promise<boolean> {
  const draft = `${path}.${writerName()}.${token}`
  await writeLease(draft, token)
  try {
    // a link fails when the name exists, and appears with its whole content: no one sees half a lease
    if (await linkExclusively(draft, path)) return true
    const held = await readLease(path)
    if (held === 'missing') return await linkExclusively(draft, path)
    if (held !== 'unreadable' && !isDead(held)) return false
    return await takeOver(draft, path, tokenOf(held))
  } finally {
    await rm(draft, { force: true })
  }
}

/** Replaces one dead lease. Of several that try, only the one that makes the lock file does. */
async function takeOver(draft: string, path: string, deadToken: string): Promise<boolean> {
  const lock = `${path}.takeover-${deadToken}`
  const earlier = await readLease(lock)
  if (typeof earlier === 'object' && isDead(earlier)) await rm(lock, { force: true })
  if (!(await linkExclusively(draft, lock))) return false
  try {
    // between our look at the dead lease and our lock, another may have replaced it and gone
    if (tokenOf(await readLease(path)) !== deadToken) return false
    await rename(draft, path)
    return true
  } finally {
    await rm(lock, { force: true })
  }
}

function tokenOf(lease: Lease | 'missing' | 'unreadable'): string {
  return typeof lease === 'object' ? lease.token : lease
}

function isDead(lease: Lease): boolean {
  return (
    isProcessDead(lease) ||
    (lease.host !== thisProcess().host && Date.now() - Date.parse(lease.heartbeatAt) > remoteSilenceMs)
  )
}

async function linkExclusively(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function writeLease(path: string, token: string): Promise<void> {
  const lease: Lease = {
    schema: 'mlrbench/lease@1',
    token,
    ...thisProcess(),
    heartbeatAt: new Date().toISOString(),
  }
  await writeFile(path, `${JSON.stringify(lease, null, 2)}\n`)
}

async function readLease(path: string): Promise<Lease | 'missing' | 'unreadable'> {
  const text = await readTextIfPresent(path)
  if (text === null) return 'missing'
  try {
    return leaseSchema.parse(JSON.parse(text))
  } catch {
    // a power failure may leave a file without its content
    return 'unreadable'
  }
}

/** Whether a living process works on the trial, as far as can be seen from here. */
export async function isLeaseHeld(trialFolder: string): Promise<boolean> {
  const held = await readLease(join(trialFolder, 'lease.json'))
  return typeof held === 'object' && !isDead(held)
}
