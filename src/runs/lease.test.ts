import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { thisProcess } from '../base/process.ts'
import { acquireLease, isLeaseHeld } from './lease.ts'

let folder = ''
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lease-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** Tries for the lease in another process as soon as it is told `go`, says `held` or `refused`, and stays. */
async function startTaker(): Promise<{ take: () => Promise<string>; kill: () => Promise<unknown> }> {
  const script = `import { acquireLease } from ${JSON.stringify(join(import.meta.dirname, 'lease.ts'))}
    process.stdout.write('ready')
    process.stdin.once('data', async () => {
      const lease = await acquireLease(${JSON.stringify(folder)})
      process.stdout.write(lease ? 'held' : 'refused')
    })
    setInterval(() => {}, 1e6)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const said = async (): Promise<string> => String(((await once(child.stdout, 'data')) as [Buffer])[0])
  expect(await said()).toBe('ready')
  return {
    take: () => {
      const answer = said()
      child.stdin.write('go')
      return answer
    },
    kill: () => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      return gone
    },
  }
}

const leaseOf = (owner: object, heartbeatAt = new Date().toISOString()): string =>
  JSON.stringify({ schema: 'mlrbench/lease@1', token: 'theirs', ...thisProcess(), ...owner, heartbeatAt })

test('a second taker is refused until the first lets go', async () => {
  const first = await acquireLease(folder)
  expect(await acquireLease(folder)).toBeNull()
  expect(await isLeaseHeld(folder)).toBe(true)
  await first?.[Symbol.asyncDispose]()
  expect(await isLeaseHeld(folder)).toBe(false)
  expect(await readdir(folder)).toEqual([])
  await using again = await acquireLease(folder)
  expect(again).not.toBeNull()
})

test('a living process keeps its lease; a killed one loses it', async () => {
  const owner = await startTaker()
  expect(await owner.take()).toBe('held')
  expect(await acquireLease(folder)).toBeNull()
  await owner.kill()
  expect(await isLeaseHeld(folder)).toBe(false)
  await using taken = await acquireLease(folder)
  expect(taken).not.toBeNull()
  expect(await readdir(folder)).toEqual(['lease.json'])
})

test('of several processes at once exactly one gets a free lease, and one the lease of a dead owner', async () => {
  const takers = await Promise.all([startTaker(), startTaker(), startTaker(), startTaker()])
  const count = (answers: string[]) => answers.filter((answer) => answer === 'held').length
  const answers = await Promise.all(takers.map(({ take }) => take()))
  expect(count(answers)).toBe(1)
  await takers[answers.indexOf('held')]?.kill()
  const rivals = await Promise.all([acquireLease(folder), acquireLease(folder), acquireLease(folder)])
  expect(rivals.filter((lease) => lease !== null)).toHaveLength(1)
})

test('the lock of a process that died while it took over is in nobody’s way', async () => {
  await writeFile(join(folder, 'lease.json'), leaseOf({ pid: 999_999_999 }))
  await writeFile(join(folder, 'lease.json.takeover-theirs'), leaseOf({ pid: 999_999_998 }))
  await using taken = await acquireLease(folder)
  expect(taken).not.toBeNull()
  expect(await readdir(folder)).toEqual(['lease.json'])
})

test('a lease without content, as a power cut may leave it, is taken over', async () => {
  await writeFile(join(folder, 'lease.json'), '')
  await using taken = await acquireLease(folder)
  expect(taken).not.toBeNull()
})

test('another machine keeps its lease as long as its heart beats', async () => {
  const elsewhere = { host: `not-${hostname()}`, bootId: 'another' }
  const longAgo = new Date(Date.now() - 11 * 60_000).toISOString()
  await writeFile(join(folder, 'lease.json'), leaseOf(elsewhere))
  expect(await acquireLease(folder)).toBeNull()
  await writeFile(join(folder, 'lease.json'), leaseOf(elsewhere, longAgo))
  await using taken = await acquireLease(folder)
  expect(taken).not.toBeNull()
})

test('the heart beats while a lease is held, and not after', async () => {
  const lease = await acquireLease(folder, { heartbeatMs: 5 })
  const beat = async () =>
    (JSON.parse(await readFile(join(folder, 'lease.json'), 'utf8')) as { heartbeatAt: string }).heartbeatAt
  const first = await beat()
  await expect.poll(beat).not.toBe(first)
  expect(lease?.lost.aborted).toBe(false)
  await lease?.[Symbol.asyncDispose]()
  expect(await readdir(folder)).toEqual([])
})

test('who was taken for dead and lives learns of it, and leaves the new owner alone', async () => {
  const lease = await acquireLease(folder, { heartbeatMs: 5 })
  const theirs = leaseOf({ host: 'elsewhere' })
  await expect
    .poll(async () => {
      await writeFile(join(folder, 'new'), theirs)
      await rename(join(folder, 'new'), join(folder, 'lease.json'))
      return lease?.lost.aborted
    })
    .toBe(true)
  await lease?.[Symbol.asyncDispose]()
  expect(await readFile(join(folder, 'lease.json'), 'utf8')).toBe(theirs)
})
