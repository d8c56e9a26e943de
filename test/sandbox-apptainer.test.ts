import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { apptainer } from '../src/sandboxes/apptainer.ts'
import { bubblewrap } from '../src/sandboxes/bubblewrap.ts'
import { fillRoot } from './support/container-image.ts'
import { skipUnless } from './support/require-tool.ts'
import { coreCapabilities, run, sandboxContract, shell, useTestBed } from './support/sandbox-contract.ts'

// The program itself is not to be had for tests, so a double stands in for it; see its file for what that shows.
const lacksDouble = skipUnless('bubblewrap, for the double of apptainer', await bubblewrap.unavailable())
const folder = lacksDouble ? '' : await realpath(await mkdtemp(join(tmpdir(), 'mlrbench-apptainer-')))
const root = join(folder, 'root')
const programs = join(folder, 'bin')
const ownPath = process.env['PATH'] ?? ''
if (!lacksDouble) {
  // Users that are not root reach the image by its path.
  await chmod(folder, 0o755)
  await fillRoot(root)
  await installDouble()
  process.env['PATH'] = [programs, ownPath].join(delimiter)
}

async function installDouble(prelude = ''): Promise<void> {
  await mkdir(programs, { recursive: true })
  const double = fileURLToPath(new URL('support/apptainer-double.mjs', import.meta.url))
  const script = `#!/bin/sh\n${prelude}\nexec '${process.execPath}' '${double}' "$@"\n`
  await writeFile(join(programs, 'apptainer'), script, { mode: 0o755 })
}

afterAll(async () => {
  process.env['PATH'] = ownPath
  await rm(folder, { recursive: true, force: true })
})

const image = { name: root, gpus: 0 }

sandboxContract('apptainer', lacksDouble, { ...coreCapabilities, options: { image } })

describe.skipIf(lacksDouble)('apptainer', () => {
  const bed = useTestBed()
  afterEach(() => installDouble())

  test('tells commands nothing of the host’s paths', async () => {
    await using sandbox = await bed.open('apptainer', {}, { image })
    const { output } = await shell(sandbox, 'env; cat /etc/hosts')
    expect(output).not.toContain(folder)
    expect(output).not.toContain(bed.folder)
    expect(output).toContain('127.0.0.1 localhost\n::1 localhost\n')
  })

  test('shows GPUs only when asked, and a number of them is refused', async () => {
    const log = join(folder, 'log')
    await installDouble(`echo "$@" >> '${log}'`)
    await using _with = await bed.open('apptainer', {}, { image: { name: root, gpus: 'all' } })
    expect(await readFile(log, 'utf8')).toContain(' --nv ')
    await rm(log)
    await using _without = await bed.open('apptainer', {}, { image })
    expect(await readFile(log, 'utf8')).not.toContain(' --nv ')
    await expect(bed.open('apptainer', {}, { image: { name: root, gpus: 2 } })).rejects.toThrow(
      'all GPUs of a job or none',
    )
  })

  test.each([
    ['network', 'see network interfaces', 's/ --net --network=none / /'],
    ['privileges', 'can get privileges|run as user|have privileges', 's/ --security=uid:65534 / /'],
  ])('is refused where it does not keep commands from %s', async (_what, told, substitution) => {
    // What an installation that ignores the option would do.
    const argv0 = 'first=$1; shift; [ "$first" = exec ] || set -- "$first"'
    await installDouble(
      `if [ "$1" = exec ]; then eval "set -- $(printf "'%s' " "$@" | sed "${substitution.replaceAll(' ', "' '")}")"; fi # ${argv0}`,
    )
    await expect(bed.open('apptainer', {}, { image })).rejects.toThrow(/does not isolate commands here/)
    await expect(bed.open('apptainer', {}, { image })).rejects.toThrow(new RegExp(told))
  })

  test('fetches no image', async () => {
    await expect(bed.open('apptainer', {}, { image: { name: 'docker://debian', gpus: 0 } })).rejects.toThrow(
      'no absolute path of a .sif file or folder',
    )
    await expect(bed.open('apptainer', {}, { image: { name: join(folder, 'no.sif'), gpus: 0 } })).rejects.toThrow(
      'there is no image',
    )
    expect(await apptainer.unavailable({ name: null })).toContain('apptainer needs an image')
    expect(await apptainer.unavailable()).toBeNull()
  })

  test('refuses a path that its options cannot carry', async () => {
    const workspace = join(bed.folder, 'a,b')
    await mkdir(workspace)
    await expect(bed.open('apptainer', {}, { image, workspace })).rejects.toThrow('without commas')
  })

  test('of an older version is refused', async () => {
    await installDouble('[ "$1" = --version ] && { echo "apptainer version 1.0.3"; exit; }')
    expect(await apptainer.unavailable()).toBe('apptainer 1.0 is too old: use 1.1 or later')
  })

  test('that is not there is named, with what to do', async () => {
    vi.stubEnv('PATH', '/nowhere')
    expect(await apptainer.unavailable()).toBe(
      'apptainer is not on the PATH: load its module, or ask the administrators of the machine for it',
    )
    vi.unstubAllEnvs()
  })

  test('passes on exit codes', async () => {
    await using sandbox = await bed.open('apptainer', {}, { image })
    expect((await run(sandbox, ['sh', '-c', 'exit 9'])).exitCode).toBe(9)
  })
})
