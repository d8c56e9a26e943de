import type { ContainerEngine } from './container-engine.ts'
import type { ContainerImage } from './container-image.ts'
import { type Bind, type SandboxPlan, insidePaths } from './enclosure.ts'
import type { ProcessLimits } from './launcher.ts'

/** Who the commands are inside, as the engine counts users. */
export interface InsideUser {
  readonly userId: number
  readonly groupId: number
}

export interface ContainerSettings {
  readonly engine: ContainerEngine
  readonly image: ContainerImage
  readonly plan: SandboxPlan
  readonly user: InsideUser
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Names loopback only: Podman's own would name the machines that this one knows. */
  readonly hostsFile: string
  /** A profile of system calls; null for the engine's own. */
  readonly seccompFile: string | null
  readonly processLimits: ProcessLimits
}

/** Processes of ours inside: the one that holds the container, its nap, the relay with its threads. */
const ownThreads = 24
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** Stays while the command runs, so that the container's counters can be read after its end; reaps orphans. */
const holdScript = 'while :; do sleep 86400; done'
const enterScript = 'mkdir -p -m 700 "$HOME" && exec "$@"'

/**
 * Arguments of the engine's client to start an empty container: no privileges and no way to new ones, nothing writable but
 * the workspace and temporary folders of limited size, and all limits that the engine can keep.
 * @param hardLimits of this process, in the units of `ulimit`: Podman's containers cannot have more
 */
export function startArgs(settings: ContainerSettings, hardLimits: ReadonlyMap<string, number>): string[] {
  const { engine, image, plan, user, name, labels, hostsFile, seccompFile, processLimits } = settings
  const { limits } = plan.options
  const isPodman = engine.flavour === 'podman'
  const memory = String(Math.floor(limits.memoryBytes))
  const temporaryBytes = Math.floor(limits.memoryBytes / 2)
  return [
    'run',
    '--detach',
    '--pull=never',
    `--name=${name}`,
    '--hostname=sandbox',
    '--log-driver=none',
    ...Object.entries(labels).map(([label, value]) => `--label=${label}=${value}`),
    ...(plan.network === 'none' ? ['--network=none'] : []),
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--security-opt=label=disable',
    ...(seccompFile === null ? [] : [`--security-opt=seccomp=${seccompFile}`]),
    // Podman would add writable folders to a read-only root, keep anonymous volumes, and pass proxies on.
    ...(isPodman ? ['--read-only-tmpfs=false', '--image-volume=ignore', '--http-proxy=false'] : []),
    // So that this user inside is this user outside, who owns the workspace.
    ...(isPodman && engine.rootless ? ['--userns=keep-id'] : []),
    `--user=${user.userId}:${user.groupId}`,
    '--no-healthcheck',
    '--stop-signal=SIGKILL',
    '--stop-timeout=0',
    `--memory=${memory}`,
    `--memory-swap=${memory}`,
    `--pids-limit=${limits.processes + ownThreads}`,
    ...(engine.limitsCpu ? [`--cpus=${limits.cpus}`] : []),
    ...ulimitArgs(isPodman ? hardLimits : new Map(), processLimits),
    // Podman would copy the image's own files into it, with their folder's mode.
    `--tmpfs=/tmp:rw,exec,nosuid,nodev,mode=1777,size=${temporaryBytes}${isPodman ? ',notmpcopyup' : ''}`,
    `--shm-size=${temporaryBytes}`,
    ...bindArgs({ from: plan.options.workspace, at: insidePaths.workspace }, { writable: true }),
    ...bindArgs({ from: hostsFile, at: '/etc/hosts' }, { writable: false }),
    ...plan.binds.flatMap((bind) => bindArgs(bind, { writable: false })),
    ...gpuArgs(engine, plan.options.image?.gpus ?? 0),
    `--workdir=${insidePaths.workspace}`,
    '--entrypoint=/bin/sh',
    image.digest,
    '-c',
    holdScript,
  ]
}

/** Arguments that run one command in a container that was started: standard input and both outputs are those of the client. */
export function enterArgs(
  { image, name }: Pick<ContainerSettings, 'image' | 'name'>,
  { argv, environment }: { argv: readonly string[]; environment: Readonly<Record<string, string>> },
): string[] {
  const ownEnvironment = {
    PATH: `${insidePaths.node.slice(0, insidePaths.node.lastIndexOf('/'))}:${image.path ?? usualPath}`,
    HOME: insidePaths.home,
    TMPDIR: '/tmp',
    USER: 'agent',
    LANG: 'C.UTF-8',
  }
  const variables = Object.entries({ ...ownEnvironment, ...environment })
  return [
    'exec',
    '--interactive',
    `--workdir=${insidePaths.workspace}`,
    ...variables.map(([variable, value]) => `--env=${variable}=${value}`),
    name,
    '/bin/sh',
    '-c',
    enterScript,
    'sh',
    ...argv,
  ]
}

/** Limits that Podman would otherwise raise beyond what this process may have are named, since raising them is refused. */
function ulimitArgs(hardLimits: ReadonlyMap<string, number>, processLimits: ProcessLimits): string[] {
  const wanted = new Map(hardLimits)
  for (const [limit, value] of Object.entries(processLimits) as [string, number | null][])
    if (value !== null) wanted.set(limit, Math.min(value, hardLimits.get(limit) ?? value))
  return [...wanted].map(([limit, value]) => `--ulimit=${limit}=${value}:${value}`)
}

/** Both ways of writing a bind have characters that a path may not hold. Throws on a path that no way can write. */
function bindArgs({ from, at }: Pick<Bind, 'from' | 'at'>, { writable }: { writable: boolean }): string[] {
  // `--mount` fails on a path that is not there; `--volume` would make a folder.
  if (!/[,"\n]/.test(from)) return [`--mount=type=bind,source=${from},destination=${at}${writable ? '' : ',readonly'}`]
  if (!/[:\n]/.test(from)) return [`--volume=${from}:${at}:${writable ? 'rw' : 'ro'}`]
  throw new Error(`${from} cannot be shown to a container: its path has both a comma and a colon, or a line break`)
}

/** Podman names devices of the container device interface; Docker has a flag of its own. */
function gpuArgs(engine: ContainerEngine, gpus: 'all' | number): string[] {
  if (gpus === 0) return []
  if (engine.flavour === 'docker') return [`--gpus=${gpus}`]
  const names = gpus === 'all' ? ['all'] : Array.from({ length: gpus }, (_, index) => String(index))
  return names.map((name) => `--device=nvidia.com/gpu=${name}`)
}
