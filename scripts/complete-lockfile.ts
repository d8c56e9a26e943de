import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Run after changing dependencies. A registry mirror may not carry the binary packages of other platforms; npm then leaves
 * them out of the lockfile and refuses it at `npm ci`. This adds them: version and platform are known from the package that
 * lists them, and npm fetches and checks them only on the platform they are for.
 */
interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: string[]
  readonly cpu?: string[]
  readonly libc?: string[]
  readonly optionalDependencies?: Record<string, string>
}

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'wasm32',
]
const processors = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32']

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockedPackage> }
const added: string[] = []

for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const key = `node_modules/${name}`
    if (lock.packages[key] !== undefined || !/^\d+\.\d+\.\d+/.test(version)) continue
    const words = name.split(/[/.-]/)
    const os = systems.filter((system) => words.includes(system))
    const cpu = processors.filter((processor) => words.includes(processor))
    const libc = ['musl', 'gnu']
      .filter((library) => name.includes(library))
      .map((library) => (library === 'gnu' ? 'glibc' : library))
    lock.packages[key] = {
      version,
      ...(dev ? { dev } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(libc.length > 0 && os.includes('linux') ? { libc } : {}),
    }
    added.push(`${name}@${version}`)
  }
}

const [root = {}, ...rest] = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries([root as [string, LockedPackage], ...rest])
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(
  added.length === 0
    ? 'nothing was missing'
    : `added ${added.length}:\n${added.map((entry) => `  ${entry}`).join('\n')}`,
)
