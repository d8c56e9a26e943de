import { randomBytes } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readTextIfPresent } from '../base/files.ts'
import { isProcessDead, thisProcess, writerName } from '../base/process.ts'
import { type Lease, leaseSchema } from '../schema/run.ts'

const heartbeatMs = 30_000
/** A lease of another machine, whose processes cannot be seen from here, is dead after this silence. */
const remoteSilenceMs = 10 * 60_000

/**
 * Takes a trial for this process, so that no two processes work on it. A lease whose owner is dead is taken over.
 * @returns null when another living process holds the trial
 */
export async function acquireLease(trialFolder: string): Promise<AsyncDisposable | null> {
  const path = join(trialFolder, 'lease.json')
  const token = randomBytes(8).toString('hex')
  if (!(await claim(path, token))) return null

  const timer = setInterval(() => {
    writeLease(`${path}.${token}`, token)
      .then(() => rename(`${path}.${token}`, path))
      // a heartbeat that cannot be written shows as silence to others; the work itself meets the same disk and fails there
      .catch(() => undefined)
  }, heartbeatMs)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      const held = await readLease(path)
      if (typeof held === 'object' && held.token === token) await rm(path, { force: true })
    },
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
    // whoever makes this file alone may replace that one dead lease
    const takeover = `${path}.takeover-${held === 'unreadable' ? held : held.token}`
    if (!(await linkExclusively(draft, takeover))) {
      const rival = await readLease(takeover)
      if (typeof rival === 'object' && isDead(rival)) await rm(takeover, { force: true })
      return false
    }
    await rename(draft, path)
    await rm(takeover, { force: true })
    return true
  } finally {
    await rm(draft, { force: true })
  }
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
