import { access, mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { describeError } from '../../src/base/errors.ts'
import { oneLine } from '../../src/base/text.ts'
import type { ProgramKind } from '../../src/coders/coder-program.ts'
import { coderPrograms } from '../../src/coders/index.ts'
import { acquireLease } from '../../src/runs/lease.ts'
import { sandboxes } from '../../src/sandboxes/index.ts'
import { skipUnless } from './require-tool.ts'

export interface InstalledCoder {
  /** Path of the program; empty when there is none. */
  readonly program: string
  /** Whether its tests must be skipped, which has been said. */
  readonly skipped: boolean
}

const longestInstallMs = 10 * 60_000

/**
 * The version of a coder's program that the adapter names, as its makers publish it. It is installed once, below
 * MLRBENCH_CODER_CACHE or ~/.cache/mlrbench/coders, and used again. Asked for at the top of a test file, and only for what the file needs.
 */
export async function installedCoder(kind: ProgramKind): Promise<InstalledCoder> {
  const { displayName, executable, testedVersion } = coderPrograms[kind]
  const lacksSandbox = await sandboxes.bubblewrap.unavailable()
  if (skipUnless('bubblewrap', lacksSandbox)) return { program: '', skipped: true }
  const cache = process.env['MLRBENCH_CODER_CACHE'] ?? join(homedir(), '.cache/mlrbench/coders')
  const folder = join(cache, `${kind}@${testedVersion}`)
  const missing = await installOnce(folder, packageOf(kind)).catch((error: unknown) =>
    oneLine(describeError(error), 300),
  )
  if (skipUnless(`${displayName} ${testedVersion}`, missing)) return { program: '', skipped: true }
  return { program: join(folder, 'node_modules/.bin', executable), skipped: false }
}

/** Of the install command that users are told. */
function packageOf(kind: ProgramKind): { readonly name: string; readonly version: string } {
  const [, name, version] = /^npm install -g (\S+)@([^@\s]+)$/.exec(coderPrograms[kind].install) ?? []
  if (name === undefined || version === undefined) throw new Error(`${kind} does not come from npm`)
  return { name, version }
}

/** The folder appears with all its content, so that one that is there is whole. Returns null; rejects with why it is not there. */
async function installOnce(folder: string, wanted: { name: string; version: string }): Promise<null> {
  if (await isThere(folder)) return null
  const locked = `${folder}.lock`
  await mkdir(locked, { recursive: true })
  await using lease = await waitForLease(locked)
  if (lease.lost.aborted || (await isThere(folder))) return null
  const draft = `${folder}.partial`
  await rm(draft, { recursive: true, force: true })
  await mkdir(join(draft, 'home'), { recursive: true })
  await install(draft, wanted)
  await rm(join(draft, 'home'), { recursive: true })
  await rename(draft, folder)
  return null
}

async function waitForLease(folder: string) {
  const deadline = Date.now() + longestInstallMs
  for (;;) {
    const lease = await acquireLease(folder)
    if (lease !== null) return lease
    if (Date.now() > deadline) throw new Error(`another process has been installing it for long: ${folder}`)
    await sleep(500)
  }
}

async function install(prefix: string, { name, version }: { name: string; version: string }): Promise<void> {
  const quiet = [
    '--prefix',
    prefix,
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
  ]
  const spec = `${name}@${version}`
  // npm alone reaches the network; the package's own script, which makes its program, runs without one afterwards
  await execa('npm', ['install', ...quiet, '--ignore-scripts', '--save-exact', spec], {
    cwd: prefix,
    env: environmentOfNpm(),
    extendEnv: false,
    timeout: longestInstallMs,
  })
  const alone = ['--dev-bind', '/', '/', '--unshare-net', '--die-with-parent']
  await execa('bwrap', [...alone, 'npm', 'rebuild', ...quiet, name], {
    cwd: prefix,
    env: { PATH: process.env['PATH'], HOME: join(prefix, 'home') },
    extendEnv: false,
    timeout: longestInstallMs,
  })
}

/** Where npm finds its own settings, and what leads to the registry; nothing else of this process. */
function environmentOfNpm(): Record<string, string> {
  const kept =
    /^(?:PATH|HOME|https?_proxy|no_proxy|npm_config_(?:registry|cafile)|node_extra_ca_certs|ssl_cert_(?:file|dir))$/i
  const entries = Object.entries(process.env).filter(([name]) => kept.test(name))
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']))
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
