import { basename } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { parseJson } from '../base/parse-json.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { findProgram } from './launcher.ts'

/** Docker or Podman on this machine, found to answer and to keep limits. */
export interface ContainerEngine {
  /** Podman also when it goes by Docker's name. */
  readonly flavour: 'podman' | 'docker'
  readonly program: string
  /** True when this user runs it without root: root inside is then this user. */
  readonly rootless: boolean
  /** Whether it can hold containers to a share of the CPU. */
  readonly limitsCpu: boolean
  /** The environment its client needs, and nothing else of ours. */
  readonly environment: Readonly<Record<string, string>>
}

/** What is usual on the machine is enough; this variable picks another one, by name or absolute path. */
const engineVariable = 'MLRBENCH_CONTAINER_ENGINE'
const usualEngines = ['podman', 'docker']

/** The engine to use, or in one sentence why there is none and what to do. Podman is preferred: it needs no daemon that is root. */
export async function findEngine(): Promise<ContainerEngine | { readonly obstacle: string }> {
  if (process.platform !== 'linux') return { obstacle: 'containers are run on Linux only: run there' }
  const chosen = process.env[engineVariable] ?? ''
  const obstacles: string[] = []
  for (const name of chosen === '' ? usualEngines : [chosen]) {
    const program = name.startsWith('/') ? name : await findProgram(name)
    if (program === null) continue
    const engine = await askOnce(program)
    if (!('obstacle' in engine)) return engine
    obstacles.push(engine.obstacle)
  }
  if (obstacles.length > 0) return { obstacle: obstacles.join('; ') }
  return {
    obstacle:
      chosen === ''
        ? 'neither Podman nor Docker is installed: install one (Debian and Ubuntu: apt-get install podman; Fedora: dnf install podman)'
        : `${engineVariable} names ${chosen}, which is not on the PATH: install it, or unset the variable`,
  }
}

/** As `findEngine`. Throws PrerequisiteError when there is none. */
export async function requireEngine(): Promise<ContainerEngine> {
  const engine = await findEngine()
  if ('obstacle' in engine) throw new PrerequisiteError(engine.obstacle)
  return engine
}

// What worked once is not asked again; what did not may have been started meanwhile.
const answered = new Map<string, ContainerEngine>()

async function askOnce(program: string): Promise<ContainerEngine | { readonly obstacle: string }> {
  const key = JSON.stringify([program, clientEnvironment()])
  const known = answered.get(key)
  if (known !== undefined) return known
  const engine = await askEngine(program)
  if (!('obstacle' in engine)) answered.set(key, engine)
  return engine
}

// Only what is asked of them; of the two shapes each engine has its own.
const podmanInfoSchema = z.object({
  host: z.object({
    cgroupControllers: z.array(z.string()).nullish(),
    security: z.object({ rootless: z.boolean() }),
    serviceIsRemote: z.boolean().nullish(),
  }),
})
const dockerInfoSchema = z.object({
  ServerVersion: z.string(),
  OSType: z.string(),
  MemoryLimit: z.boolean(),
  PidsLimit: z.boolean().default(false),
  CpuCfsQuota: z.boolean(),
  SecurityOptions: z.array(z.string()).nullish(),
})

async function askEngine(program: string): Promise<ContainerEngine | { readonly obstacle: string }> {
  const name = basename(program)
  const environment = clientEnvironment()
  const basics = { program, environment }
  const { exitCode, stdout, stderr } = await callEngine(basics, ['info', '--format', '{{json .}}'])
  const info = parseJson(stdout)
  const podman = podmanInfoSchema.safeParse(info)
  if (exitCode === 0 && podman.success) {
    const { cgroupControllers, security, serviceIsRemote } = podman.data.host
    if (serviceIsRemote === true)
      return {
        obstacle: `${name} drives containers of another machine, which cannot see a workspace here: run mlrbench there`,
      }
    const lacking = ['memory', 'pids'].filter((controller) => !(cgroupControllers ?? []).includes(controller))
    if (lacking.length > 0) return { obstacle: lacksLimits(name, lacking.join(' and ')) }
    const limitsCpu = (cgroupControllers ?? []).includes('cpu')
    return { ...basics, flavour: 'podman', rootless: security.rootless, limitsCpu }
  }
  const docker = dockerInfoSchema.safeParse(info)
  if (exitCode === 0 && docker.success && docker.data.ServerVersion !== '') {
    const { OSType, MemoryLimit, PidsLimit, CpuCfsQuota, SecurityOptions } = docker.data
    if (OSType !== 'linux') return { obstacle: `${name} runs ${OSType} containers: switch it to Linux containers` }
    if (!MemoryLimit || !PidsLimit) return { obstacle: lacksLimits(name, 'memory and pids') }
    const rootless = (SecurityOptions ?? []).some((option) => option.startsWith('name=rootless'))
    return { ...basics, flavour: 'docker', rootless, limitsCpu: CpuCfsQuota }
  }
  return { obstacle: describeSilence(name, `${stderr}\n${errorsOfServer(info)}`) }
}

function lacksLimits(name: string, controllers: string): string {
  return (
    `${name} cannot limit ${controllers} of containers here: ` +
    'run as root, or on a machine with cgroup version 2 let systemd delegate them to your user (Delegate=cpu memory pids for user@.service)'
  )
}

function describeSilence(name: string, said: string): string {
  const reason = firstLine(said)
  if (/permission denied/i.test(said))
    return `${name} does not let this user in (${reason}): add the user to its group, or use rootless Podman`
  if (/daemon|connect|socket/i.test(said))
    return `${name}'s daemon does not answer (${reason}): start it (systemctl start ${name}), or install podman, which needs none`
  return `${name} does not work here (${reason}): see what \`${name} info\` says`
}

/** Docker's client reports of a server that it cannot reach within what it prints. */
function errorsOfServer(info: unknown): string {
  const parsed = z.object({ ServerErrors: z.array(z.string()) }).safeParse(info)
  return parsed.success ? parsed.data.ServerErrors.join('\n') : ''
}

/** What an engine says when it fails, without its warnings, at most 300 characters. */
export function firstLine(said: string): string {
  const lines = said.split('\n').map((line) => line.trim())
  const telling = lines.filter((line) => line !== '' && !line.includes('level=warning'))
  return (telling[0] ?? 'it said nothing').slice(0, 300)
}

interface EngineAnswer {
  /** Null when it was ended for taking too long. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const answerWithinMs = 120_000

/**
 * Calls the engine's client to its end; any exit code is a value. Not ended by Ctrl-C in the harness's terminal.
 * @param folder where it runs: what watches over a container stays there, and may leave a file
 */
export async function callEngine(
  engine: Pick<ContainerEngine, 'program' | 'environment'>,
  args: readonly string[],
  folder = '/',
): Promise<EngineAnswer> {
  const { exitCode, stdout, stderr, failed, shortMessage } = await execa(engine.program, args, {
    reject: false,
    cwd: folder,
    stdin: 'ignore',
    detached: true,
    cleanup: false,
    env: engine.environment,
    extendEnv: false,
    timeout: answerWithinMs,
    forceKillAfterDelay: 1_000,
    maxBuffer: 16 * 1024 ** 2,
  })
  const isSilent = failed && stderr === ''
  return { exitCode: exitCode ?? null, stdout, stderr: isSilent ? (shortMessage ?? '') : stderr }
}

/** The output of the engine's client. Throws with what it said when it fails. */
export async function requireAnswer(
  engine: ContainerEngine,
  args: readonly string[],
  folder?: string,
): Promise<string> {
  const { exitCode, stdout, stderr } = await callEngine(engine, args, folder)
  if (exitCode !== 0) throw new Error(`${engine.program} ${args[0] ?? ''} failed: ${firstLine(stderr)}`)
  return stdout
}

const passedOn =
  /^(?:PATH|HOME|LANG|TMPDIR|XDG_RUNTIME_DIR|XDG_CONFIG_HOME|XDG_DATA_HOME|DBUS_SESSION_BUS_ADDRESS|CONTAINERS?_\w+|DOCKER_\w+|STORAGE_\w+)$/

function clientEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]),
  )
  return Object.fromEntries(entries)
}
