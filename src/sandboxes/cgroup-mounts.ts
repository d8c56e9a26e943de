import { constants } from 'node:fs'
import { access, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { readTextIfPresent } from '../base/files.ts'

export const controllers = ['memory', 'pids', 'cpu'] as const
export type Controller = (typeof controllers)[number]

/** A folder of the control-group file system in which groups of our own can be made. */
export interface CgroupParent {
  readonly version: 1 | 2
  readonly folder: string
  /** What groups made here can limit. */
  readonly controllers: readonly Controller[]
}

/**
 * Where this process may make groups, each controller at most once; empty where it may not at all. Groups go below the
 * process's own group, so that limits set on the harness itself (by Slurm, by a container) hold for its sandboxes too.
 */
export async function findCgroupParents(): Promise<CgroupParent[]> {
  const mounts = parseCgroupMounts((await readTextIfPresent('/proc/self/mountinfo')) ?? '')
  const ownPaths = parseOwnCgroups((await readTextIfPresent('/proc/self/cgroup')) ?? '')
  const parents: CgroupParent[] = []
  for (const mount of mounts) {
    const ownPath = ownPaths.get(mount.version === 2 ? '' : (mount.controllers[0] ?? ''))
    const own = ownPath === undefined ? null : resolveInMount(mount, ownPath)
    if (own === null) continue
    if (mount.version === 2) parents.push(...(await findUnifiedParents(own, mount.mountPoint)))
    else if (await isWritable(join(own, 'cgroup.procs')))
      parents.push({ version: 1, folder: own, controllers: mount.controllers })
  }
  const taken = new Set<Controller>()
  return parents.flatMap((parent) => {
    const free = parent.controllers.filter((controller) => !taken.has(controller))
    for (const controller of free) taken.add(controller)
    return free.length === 0 ? [] : [{ ...parent, controllers: free }]
  })
}

/**
 * Version 2 lets a group either hold processes or hand controllers to child groups; only the root of all may do both. The
 * harness sits in its own group, so the parent of that has to do, unless the harness's group has a limit of its own, which
 * a sibling would escape.
 */
async function findUnifiedParents(own: string, mountPoint: string): Promise<CgroupParent[]> {
  const folder = (await isRootGroup(own)) ? own : dirname(own)
  if (own === mountPoint && folder !== own) return []
  if (folder !== own && (await hasLimits(own))) return []
  // Moving a process needs write access to the nearest common ancestor of both groups, which is this folder.
  if (!(await isWritable(join(folder, 'cgroup.procs')))) return []
  // The kernel would still hand on some controllers here, but in a mode that our groups cannot use.
  if (!(await isRootGroup(folder)) && (await readIfReadable(folder, 'cgroup.procs')) !== '') return []
  const offered = wordsOf(await readIfReadable(folder, 'cgroup.controllers'))
  for (const controller of controllers)
    if (offered.has(controller))
      // Refused when the folder belongs to someone else; what counts is read back below.
      await writeFile(join(folder, 'cgroup.subtree_control'), `+${controller}`).catch(() => null)
  const enabled = wordsOf(await readIfReadable(folder, 'cgroup.subtree_control'))
  return [{ version: 2, folder, controllers: controllers.filter((controller) => enabled.has(controller)) }]
}

/** The root of all groups has no type; the root that a container sees has one. */
async function isRootGroup(folder: string): Promise<boolean> {
  return (await readIfReadable(folder, 'cgroup.type')) === null
}

async function hasLimits(folder: string): Promise<boolean> {
  const limits = await Promise.all(['memory.max', 'pids.max', 'cpu.max'].map((name) => readIfReadable(folder, name)))
  return limits.some((text) => text !== null && !text.startsWith('max'))
}

interface CgroupMount {
  readonly version: 1 | 2
  readonly mountPoint: string
  /** The group that appears at the mount point; not `/` in a container. */
  readonly root: string
  /** Of version 1 only; version 2 says it per group. */
  readonly controllers: readonly Controller[]
}

/** Lines such as `31 23 0:28 /docker/ab /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids`. */
export function parseCgroupMounts(mountInfo: string): CgroupMount[] {
  return mountInfo.split('\n').flatMap((line): CgroupMount[] => {
    const [mount = '', fileSystem = ''] = line.split(' - ')
    const [, , , root = '/', mountPoint = ''] = mount.split(' ')
    const [type, , options = ''] = fileSystem.split(' ')
    if (type === 'cgroup2') return [{ version: 2, mountPoint, root, controllers: [] }]
    const own = controllers.filter((controller) => options.split(',').includes(controller))
    return type === 'cgroup' && own.length > 0 ? [{ version: 1, mountPoint, root, controllers: own }] : []
  })
}

/** Lines such as `8:cpu,cpuacct:/user.slice` and, for version 2, `0::/user.slice`. Keyed by controller; version 2 is ''. */
export function parseOwnCgroups(text: string): Map<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const match = /^\d+:([^:]*):(\/.*)$/.exec(line)
      const path = match?.[2]
      return path === undefined ? [] : (match?.[1] ?? '').split(',').map((name): [string, string] => [name, path])
    }),
  )
}

/** Null when the group lies outside what this mount shows. */
function resolveInMount(mount: CgroupMount, ownPath: string): string | null {
  const below = relative(mount.root, ownPath)
  return below.startsWith('..') ? null : join(mount.mountPoint, below)
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
}

/** Null also for a file that is not there or not ours: which files a group has depends on the kernel and its controllers. */
export async function readIfReadable(folder: string, name: string): Promise<string | null> {
  return readFile(join(folder, name), 'utf8').catch(() => null)
}

function wordsOf(text: string | null): Set<string> {
  return new Set((text ?? '').split(/\s+/))
}
