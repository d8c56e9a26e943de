import { randomUUID } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { PrerequisiteError } from '../base/errors.ts'
import { isMissing } from '../base/files.ts'
import { sha256File } from '../base/hash.ts'
import type { Network } from '../schema/config.ts'
import { type ApptainerSettings, execArgs, nobody } from './apptainer-options.ts'
import { type EnclosedCommand, type Enclosure, type EnclosureKind, type SandboxPlan, insidePaths } from './enclosure.ts'
import { findProgram } from './launcher.ts'
import { openLimitedSandbox } from './limited-sandbox.ts'
import { findProcessesWithVariable, killHard } from './process-tree.ts'
import type { OpenSandboxOptions, SandboxKind } from './sandbox.ts'
import { changeOwner } from './workspace-disk.ts'

const oldestVersion = [1, 1] as const
/** Set for the program of each command outside; inside the environment is clean. */
const markName = 'MLRBENCH_APPTAINER'

/** Apptainer, for machines without containers, such as clusters: each command in the same read-only image. */
export const apptainer = {
  open: (options: OpenSandboxOptions) => openLimitedSandbox(kind(options.network), options),
  /** @param image to look for as well; left out, only the program is asked for */
  async unavailable(image?: { readonly name: string | null }) {
    const found = await findApptainer()
    if ('obstacle' in found) return found.obstacle
    return image === undefined ? null : findImageObstacle(image.name)
  },
} satisfies SandboxKind

const kind = (network: Network): EnclosureKind => ({
  name: 'apptainer',
  isolated: true,
  // It has no network of its own but none at all.
  sharesLoopback: network === 'full',
  open: openApptainer,
})

async function openApptainer(plan: SandboxPlan): Promise<Enclosure> {
  const { workspace, image: wanted } = plan.options
  const found = await findApptainer()
  if ('obstacle' in found) throw new PrerequisiteError(found.obstacle)
  const { program } = found
  const obstacle = await findImageObstacle(wanted?.name ?? null)
  if (obstacle !== null || wanted?.name == null) throw new PrerequisiteError(obstacle ?? 'apptainer needs an image')
  if (wanted.gpus !== 'all' && wanted.gpus !== 0)
    throw new PrerequisiteError('apptainer shows all GPUs of a job or none: set gpus to "all" or 0')
  const hostsFile = join(plan.privateFolder, 'hosts')
  await writeFile(hostsFile, '127.0.0.1 localhost\n::1 localhost\n')
  const settings = { plan, image: wanted.name, hostsFile }
  await requireIsolation(program, settings)
  const { uid, gid } = await stat(workspace)
  const handsOver = process.getuid?.() === 0

  return {
    imageDigest: await digestOf(wanted.name),
    limitedBy: 'core',
    countsOwnProcesses: false,
    alwaysRelay: true,
    afterDeath: null,
    async enclose({ argv }) {
      if (handsOver) await changeOwner(workspace, nobody)
      return describeCommand(program, execArgs(settings, argv))
    },
    async [Symbol.asyncDispose]() {
      if (handsOver) await changeOwner(workspace, { userId: uid, groupId: gid })
    },
  }
}

function describeCommand(program: string, args: readonly string[]): EnclosedCommand {
  const mark = randomUUID()
  return {
    launch: {
      argv: [program, ...args],
      cwd: '/',
      environment: { ...clientEnvironment(), [markName]: mark },
      texts: [],
    },
    async killEscaped() {
      const deadlineMs = performance.now() + 10_000
      for (;;) {
        const escaped = await findProcessesWithVariable(`${markName}=${mark}`)
        if (escaped.length === 0) return
        if (performance.now() > deadlineMs) throw new Error(`processes ${escaped.join(', ')} survive being killed`)
        for (const processId of escaped) killHard(processId)
        await sleep(2)
      }
    },
    // Its limits are the core's.
    exceededLimit: async () => null,
    async [Symbol.asyncDispose]() {},
  }
}

/** What is asked for is not always what an installation does, so it is looked at from inside. Throws PrerequisiteError. */
async function requireIsolation(program: string, settings: ApptainerSettings): Promise<void> {
  const look =
    'id -u; while read -r name value; do case $name in CapEff:|NoNewPrivs:) echo "$name$value" ;; esac; done < /proc/self/status; ' +
    'while read -r name rest; do case $name in *:*) echo "$name" ;; esac; done < /proc/net/dev; node --version'
  const { exitCode, stdout, stderr } = await callApptainer(program, execArgs(settings, ['/bin/sh', '-c', look]))
  if (exitCode !== 0)
    throw new PrerequisiteError(`apptainer cannot run a command in ${settings.image}: ${lastLine(stderr)}`)
  const seen = stdout.split('\n').filter((line) => line !== '')
  const isRoot = process.getuid?.() === 0
  const user = String(isRoot ? nobody.userId : process.getuid?.())
  const faults = [
    seen[0] === user ? null : `commands run as user ${seen[0]} and not as ${user}`,
    seen.includes('CapEff:0000000000000000') ? null : 'commands have privileges',
    seen.includes('NoNewPrivs:1') ? null : 'commands can get privileges',
    settings.plan.network === 'full' || seen.filter((line) => line.includes(':')).length === 3
      ? null
      : 'commands see network interfaces',
    seen.at(-1) === process.version ? null : `${insidePaths.node} does not run: the image needs glibc and libstdc++`,
  ].filter((fault) => fault !== null)
  if (faults.length > 0) throw new PrerequisiteError(`apptainer does not isolate commands here: ${faults.join('; ')}`)
}

async function findApptainer(): Promise<{ readonly program: string } | { readonly obstacle: string }> {
  if (process.platform !== 'linux') return { obstacle: 'apptainer works on Linux only: run there' }
  const program = await findProgram('apptainer')
  if (program === null)
    return {
      obstacle: 'apptainer is not on the PATH: load its module, or ask the administrators of the machine for it',
    }
  const { exitCode, stdout, stderr } = await callApptainer(program, ['--version'])
  const version = /(\d+)\.(\d+)/.exec(stdout)
  if (exitCode !== 0 || version === null)
    return { obstacle: `apptainer does not work here (${lastLine(stderr)}): see what \`apptainer --version\` says` }
  const [major, minor] = [Number(version[1]), Number(version[2])]
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1]))
    return { obstacle: `apptainer ${version[0]} is too old: use ${oldestVersion.join('.')} or later` }
  return { program }
}

/** Only images that are files here: others would be fetched. */
async function findImageObstacle(name: string | null): Promise<string | null> {
  const howToMake = 'apptainer build experiment.sif docker-daemon:mlrbench/experiment:latest'
  if (name === null)
    return `apptainer needs an image: name the path of a .sif file, such as one made by \`${howToMake}\``
  if (!name.startsWith('/'))
    return `"${name}" is no absolute path of a .sif file or folder: make one (\`${howToMake}\`)`
  return stat(name).then(
    () => null,
    (error: unknown) => {
      if (!isMissing(error)) throw error
      return `there is no image ${name}: make it (\`${howToMake}\`)`
    },
  )
}

// By what tells that a file is still the same one: hashing some gigabytes takes a while.
const digests = new Map<string, string>()

/** Of a `.sif` file that of its bytes; null for a folder. */
async function digestOf(path: string): Promise<string | null> {
  const found = await stat(path)
  if (!found.isFile()) return null
  const key = [found.dev, found.ino, found.size, found.mtimeMs].join()
  const digest = digests.get(key) ?? `sha256:${await sha256File(path)}`
  digests.set(key, digest)
  return digest
}

function callApptainer(program: string, args: readonly string[]) {
  return execa(program, args, {
    reject: false,
    stdin: 'ignore',
    cwd: '/',
    env: clientEnvironment(),
    extendEnv: false,
    timeout: 120_000,
    forceKillAfterDelay: 1_000,
    maxBuffer: 1024 ** 2,
  })
}

/** Its own variables could add binds and change options, so only places for its files are passed on. */
function clientEnvironment(): Record<string, string> {
  const names = [
    'PATH',
    'HOME',
    'XDG_RUNTIME_DIR',
    'DBUS_SESSION_BUS_ADDRESS',
    'APPTAINER_TMPDIR',
    'APPTAINER_CACHEDIR',
  ]
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function lastLine(said: string): string {
  return (said.trim().split('\n').at(-1) ?? '').slice(0, 300)
}
