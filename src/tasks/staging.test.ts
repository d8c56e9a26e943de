import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStaging, sweepStaging } from './staging.ts'

let root = ''
let destination = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'staging-'))
  destination = join(root, 'tasks')
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

test('puts the prepared folder in place of an old one and leaves nothing else', async () => {
  await mkdir(destination)
  await writeFile(join(destination, 'old'), '')
  {
    await using staging = await openStaging(destination)
    await writeFile(join(staging.folder, 'new'), '')
    await staging.swapIn()
  }
  expect(await readdir(destination)).toEqual(['new'])
  expect(await readdir(root)).toEqual(['tasks'])
})

test('brings the old folder back when the new one cannot be put in', async () => {
  await mkdir(destination)
  await writeFile(join(destination, 'old'), 'kept')
  {
    await using staging = await openStaging(destination)
    await rm(staging.folder, { recursive: true })
    await expect(staging.swapIn()).rejects.toThrow('ENOENT')
  }
  expect(await readFile(join(destination, 'old'), 'utf8')).toBe('kept')
  expect(await readdir(root)).toEqual(['tasks'])
})

test('sweeps what a process left only once it is dead', async () => {
  const module = pathToFileURL(join(import.meta.dirname, 'staging.ts')).href
  const script = `import { openStaging } from ${JSON.stringify(module)}
    await openStaging(${JSON.stringify(destination)})
    console.log('open')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(child.stdout, 'data')
    await using own = await openStaging(destination)
    await mkdir(join(root, '.tasks.pull~not-ours'))
    await mkdir(join(root, '.other.pull~x~y~999999999~z~u'))
    await sweepStaging(destination)
    expect(await readdir(own.folder)).toEqual([])
    expect(await readdir(root)).toHaveLength(4)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  expect(await readdir(root)).toHaveLength(3)
  await sweepStaging(destination)
  expect((await readdir(root)).toSorted()).toEqual(['.other.pull~x~y~999999999~z~u', '.tasks.pull~not-ours'])
})

test('finds nothing to sweep where there is no folder yet', async () => {
  await expect(sweepStaging(join(root, 'not', 'yet'))).resolves.toBeUndefined()
})
