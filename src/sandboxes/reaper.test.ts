import { spawn } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findProcessesWithVariable } from './process-tree.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-reaper-test-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function findCommandLines(text: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(text))
}

/** A process with a reaper of its own that says what it knows and then waits to be killed, or ends by itself. */
async function holdReaper(mark: string, ending: string) {
  const remains = {
    groupFolders: [],
    mark,
    folder: join(folder, 'own'),
    workspace: { path: join(folder, 'work'), userId: 0, groupId: 0 },
    command: ['touch', join(folder, 'ran last')],
  }
  await mkdir(join(folder, 'own'))
  await writeFile(join(folder, 'own', 'file'), '')
  await mkdir(join(folder, 'work'))
  const program = `
    import { startReaper } from ${JSON.stringify(new URL('reaper.ts', import.meta.url).href)}
    const reaper = startReaper(${JSON.stringify(remains)})
    const ended = reaper.watchGroup(2 ** 22 + 1)
    ended()
    ${ending}
    console.log('ready')`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  return holder
}

test('when its harness is killed, marked processes die, the last command runs, and the folder goes', async () => {
  const name = `MLRBENCH_REAPER_TEST`
  const mark = `${name}=${randomUUID()}`
  const child = spawn('sleep', [`1000.${randomInt(10 ** 9)}`], {
    detached: true,
    env: { PATH: process.env['PATH'], [name]: mark.slice(name.length + 1) },
  })
  const exited = once(child, 'exit')
  const holder = await holdReaper(mark, 'setInterval(() => null, 1000)')
  await vi.waitFor(async () => expect(await findProcessesWithVariable(mark)).toHaveLength(1))
  holder.kill('SIGKILL')
  expect(await exited).toEqual([null, 'SIGKILL'])
  await vi.waitFor(async () => expect(await readdir(folder)).toEqual(['ran last', 'work']), 10_000)
})

test('dismissed, it ends with its harness and does nothing', async () => {
  const mark = `MLRBENCH_REAPER_TEST=${randomUUID()}`
  const holder = await holdReaper(mark, 'reaper.dismiss()')
  await once(holder, 'exit')
  await vi.waitFor(async () => expect(await findCommandLines(mark)).toEqual([]), 10_000)
  expect(await readdir(folder)).toEqual(['own', 'work'])
})
