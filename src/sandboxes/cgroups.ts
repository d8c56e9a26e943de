import { mkdir, readdir, readlink, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCgroupCounters } from './cgroup-counters.ts'
import { isMissing } from '../base/files.ts'
import { type CgroupParent, type Controller, findCgroupParents, readIfReadable } from './cgroup-mounts.ts'
import { killHard, readStartTicks } from './process-tree.ts'
import type { ExceededLimit, SandboxLimits } from './sandbox.ts'

/** The control group of one sandbox: its memory and CPU are those of all its commands together. */
export interface Cgroup extends AsyncDisposable {
  /** What the kernel limits here; empty where groups cannot be made. */
  readonly controls: ReadonlySet<Controller>
  /** The groups' folders, in which each command has one of its own. */
  readonly folders: readonly string[]
  /** @param ownTasks processes and threads of the sandbox's own, on top of what the command may have */
  openCommand(ownTasks: number): Promise<CommandCgroup>
}

/**
 * The part of a sandbox's group that holds one command and limits its processes: the dead of earlier commands count until
 * someone has reaped them, which on machines without a proper init takes a while. Disposing kills what is left in it.
 */
export interface CommandCgroup extends AsyncDisposable {
  /** A process enters by writing 0 to `cgroup.procs` in each. */
  readonly folders: readonly string[]
  killAll(): Promise<void>
  /** The limit that the kernel enforced since this command began, from its counters. */
  exceededLimit(): Promise<ExceededLimit | null>
}

let groupsMade = 0

const noCgroup: Cgroup = {
  controls: new Set(),
  folders: [],
  async openCommand() {
    return {
      folders: [],
      killAll: async () => {},
      exceededLimit: async () => null,
      async [Symbol.asyncDispose]() {},
    }
  },
  async [Symbol.asyncDispose]() {},
}

/**
 * Makes a group in every hierarchy that lets us, and removes those of harness processes that died. Where no hierarchy
 * is writable the group has no controls and its commands have no folders; nor with null, for what others limit.
 */
export async function openCgroup(limits: SandboxLimits | null): Promise<Cgroup> {
  if (limits === null) return noCgroup
  const owner = await describeOwner(process.pid)
  const groups: (CgroupParent & { readonly path: string })[] = []
  groupsMade += 1
  const name = `${owner}-${groupsMade}`
  for (const parent of await findCgroupParents()) {
    await removeStaleGroups(parent.folder)
    const path = join(parent.folder, name)
    const made = await makeGroup(parent, { path, limits })
    if (made) groups.push({ ...parent, path })
  }
  let commands = 0
  return {
    controls: new Set(groups.flatMap((group) => group.controllers)),
    folders: groups.map((group) => group.path),
    async openCommand(ownTasks) {
      commands += 1
      const processes = String(limits.processes + ownTasks)
      const folders = groups.map((group) => join(group.path, `command-${commands}`))
      for (const [index, folder] of folders.entries()) {
        await mkdir(folder)
        if (groups[index]?.controllers.includes('pids')) await writeFile(join(folder, 'pids.max'), processes)
      }
      // Of memory, version 1 counts in the command's own group, version 2 in the sandbox's, which has the limit.
      const counting = [...folders, ...groups.map((group) => group.path)]
      const before = await readCgroupCounters(counting)
      return {
        folders,
        killAll: () => killGroup(folders),
        async exceededLimit() {
          const now = await readCgroupCounters(counting)
          if (now.memory > before.memory) return 'memory'
          return now.processes > before.processes ? 'processes' : null
        },
        async [Symbol.asyncDispose]() {
          await killGroup(folders)
          for (const folder of folders) await removeGroup(folder)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      for (const group of groups) await removeTree(group.path)
    },
  }
}

/** False when the kernel or the file system does not let us. */
async function makeGroup(
  parent: CgroupParent,
  { path, limits }: { path: string; limits: SandboxLimits },
): Promise<boolean> {
  try {
    await mkdir(path)
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
  try {
    // Swap accounting is off on many kernels; the limit on memory itself is not optional.
    for (const controller of parent.controllers)
      for (const [file, value] of settingsOf(controller, { version: parent.version, limits }))
        if (!file.includes('sw') || (await readIfReadable(path, file)) !== null)
          await writeFile(join(path, file), value)
    return true
  } catch (error) {
    await removeGroup(path)
    if (isRefusal(error)) return false
    throw error
  }
}

const cpuPeriodMicroseconds = 100_000

function settingsOf(
  controller: Controller,
  { version, limits }: { version: 1 | 2; limits: SandboxLimits },
): [file: string, value: string][] {
  const bytes = String(Math.floor(limits.memoryBytes))
  const quota = String(Math.max(1_000, Math.round(limits.cpus * cpuPeriodMicroseconds)))
  switch (controller) {
    case 'memory':
      return version === 1
        ? [
            ['memory.limit_in_bytes', bytes],
            ['memory.memsw.limit_in_bytes', bytes],
          ]
        : [
            ['memory.max', bytes],
            ['memory.swap.max', '0'],
          ]
    case 'pids':
      return version === 1 ? [] : [['cgroup.subtree_control', '+pids']]
    case 'cpu':
      return version === 1
        ? [
            ['cpu.cfs_period_us', String(cpuPeriodMicroseconds)],
            ['cpu.cfs_quota_us', quota],
          ]
        : [['cpu.max', `${quota} ${cpuPeriodMicroseconds}`]]
  }
}

/** Ends every process of a group, also one that forks as fast as we kill. */
async function killGroup(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    // Whichever the kernel has: no more forks (version 1 and 2), or all killed at once (version 2 since Linux 5.14).
    await writeFile(join(folder, 'pids.max'), '0', { flag: 'r+' }).catch(() => null)
    await writeFile(join(folder, 'cgroup.kill'), '1', { flag: 'r+' }).catch(() => null)
  }
  const deadlineMs = performance.now() + 10_000
  for (;;) {
    const listed = await Promise.all(folders.map((folder) => readIfReadable(folder, 'cgroup.procs')))
    const processIds = listed.flatMap((text) => (text ?? '').split('\n').filter((line) => line !== ''))
    if (processIds.length === 0) return
    if (performance.now() > deadlineMs) throw new Error(`processes ${processIds.join(', ')} survive being killed`)
    for (const processId of processIds) if (processId !== '0') killHard(Number(processId))
    await sleep(2)
  }
}

/** A group stays busy for a moment after its last process is gone. */
async function removeGroup(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rmdir(folder)
      return
    } catch (error) {
      if (isMissing(error)) return
      if (attempt === 200) throw error
      await sleep(5)
    }
  }
}

async function removeTree(folder: string): Promise<void> {
  for (const child of await listGroups(folder)) {
    await killGroup([join(folder, child)])
    await removeGroup(join(folder, child))
  }
  await removeGroup(folder)
}

async function listGroups(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

/** Names a process for good: an id alone is used again, and means something else in another process namespace. */
async function describeOwner(processId: number): Promise<string> {
  const namespace = /\d+/.exec(await readlink('/proc/self/ns/pid').catch(() => ''))?.[0] ?? 'none'
  return `mlrbench-${namespace}-${processId}-${(await readStartTicks(processId)) ?? 'gone'}`
}

async function removeStaleGroups(parentFolder: string): Promise<void> {
  for (const name of await listGroups(parentFolder)) {
    const processId = /^mlrbench-\w+-(\d+)-\d+-\d+$/.exec(name)?.[1]
    if (processId === undefined) continue
    const [, namespace, , startTicks] = name.split('-')
    const today = await describeOwner(Number(processId))
    const [, ourNamespace, , todaysTicks] = today.split('-')
    if (namespace !== ourNamespace || startTicks === todaysTicks) continue
    await removeTree(join(parentFolder, name)).catch((error: unknown) => {
      // Another user's: theirs to remove.
      if (!isRefusal(error)) throw error
    })
  }
}

function isRefusal(error: unknown): boolean {
  const refusals = ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EAGAIN', 'ENOENT', 'ENOTSUP']
  return error instanceof Error && 'code' in error && refusals.includes(String(error.code))
}
