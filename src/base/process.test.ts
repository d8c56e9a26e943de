import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { isProcessDead, type ProcessIdentity, thisProcess, writerName } from './process.ts'

const children: { kill(signal: NodeJS.Signals): boolean }[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A process that says who it is, and stays. */
async function startProcess(): Promise<{ identity: ProcessIdentity; kill: () => Promise<unknown> }> {
  const module = join(import.meta.dirname, 'process.ts')
  const script = `import { thisProcess } from ${JSON.stringify(module)}
    console.log(JSON.stringify(thisProcess())); setInterval(() => {}, 1e6)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    identity: JSON.parse(line.toString()) as ProcessIdentity,
    kill: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      return gone
    },
  }
}

test('a process is dead from when it was killed, and not before', async () => {
  const { identity, kill } = await startProcess()
  expect(isProcessDead(identity)).toBe(false)
  await kill()
  expect(isProcessDead(identity)).toBe(true)
})

test('another process under the same number is not taken for it', () => {
  expect(isProcessDead(thisProcess())).toBe(false)
  expect(isProcessDead({ ...thisProcess(), processStart: '12345' })).toBe(true)
})

test('an earlier boot took all its processes along; another machine may still have its own', () => {
  expect(isProcessDead({ ...thisProcess(), bootId: 'before' })).toBe(true)
  expect(isProcessDead({ ...thisProcess(), host: 'elsewhere', bootId: 'other', pid: 999_999_999 })).toBe(false)
})

test.runIf(process.platform === 'linux')('a killed process whose parent has not noticed is dead', async () => {
  // the shell becomes a program that never asks after its children
  const parent = spawn('bash', ['-c', 'sleep 1000 & echo $!; exec sleep 1001'], { stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(parent)
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const identity = { ...thisProcess(), pid, processStart: stat()[19] ?? '' }
  while (!readFileSync(`/proc/${parent.pid}/cmdline`, 'utf8').startsWith('sleep')) execFileSync('true')
  expect(isProcessDead(identity)).toBe(false)
  process.kill(pid, 'SIGKILL')
  while (stat()[0] !== 'Z') execFileSync('true')
  expect(isProcessDead(identity)).toBe(true)
})

test('the name of a writer is its own and fits a file name', async () => {
  expect(writerName()).toBe(writerName())
  expect(writerName()).toMatch(/^[A-Za-z0-9.-]+-\d+-[0-9a-f]{8}$/)
})
