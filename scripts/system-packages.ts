// Installs what `npm run demo` and `npm test` need from the system, where that is possible, and never stands in their way:
// without these packages the demo and the tests go on, and one line here says what is different.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

interface SystemPackage {
  readonly name: string
  /** That it is there is seen by this. */
  readonly program: string
  /** What is different without it; null where it is not needed. */
  readonly without: { readonly demo: string | null; readonly test: string | null }
}

const packages: readonly SystemPackage[] = [
  {
    name: 'bubblewrap',
    program: 'bwrap',
    without: {
      demo: 'the demo runs its own experiments without isolation',
      test: 'tests of the bubblewrap sandbox are skipped',
    },
  },
  {
    name: 'podman',
    program: 'podman',
    without: { demo: null, test: 'tests of the container sandbox are skipped' },
  },
  {
    // Podman's other runtime, which it brings along, does not work on machines that still have control groups of version 1.
    name: 'runc',
    program: 'runc',
    without: { demo: null, test: 'where control groups are of version 1, tests of the container sandbox are skipped' },
  },
]

main(process.argv[2])

function main(purpose: string | undefined): void {
  if (purpose !== 'demo' && purpose !== 'test') {
    console.error('usage: node scripts/system-packages.ts <demo|test>')
    process.exitCode = 2
    return
  }
  const missing = packages.filter(({ program, without }) => without[purpose] !== null && !isInstalled(program))
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name)
  const obstacle = findObstacle() ?? install(names)
  if (obstacle === null) return
  const consequences = missing.map(({ without }) => without[purpose]).join('; ')
  console.log(`${names.join(', ')} not installed (${obstacle}): ${consequences}`)
}

function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Why nothing can be installed from here, or null. */
function findObstacle(): string | null {
  if (!isInstalled('apt-get')) return 'no apt-get here; use your package manager'
  if (process.getuid?.() !== 0) return 'run as root to install them'
  return null
}

/** The reason in one line when it fails. Package lists are fetched only when those at hand do not do. */
function install(names: readonly string[]): string | null {
  if (aptGet('install', ...names) === null) return null
  const updateFailure = aptGet('update')
  const installFailure = aptGet('install', ...names)
  return installFailure === null ? null : (updateFailure ?? installFailure)
}

function aptGet(command: 'update' | 'install', ...names: readonly string[]): string | null {
  const flags = ['-qq', '-o', 'DPkg::Lock::Timeout=60']
  if (command === 'install') flags.push('--yes', '--no-install-recommends')
  const { error, status, stderr } = spawnSync('apt-get', [command, ...flags, ...names], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    timeout: 5 * 60_000,
  })
  if (error !== undefined) return error.message
  if (status === 0) return null
  const firstError = stderr.split('\n').find((line) => line.startsWith('E:'))
  return (firstError ?? `apt-get ${command} exited with ${status}`).trim()
}
