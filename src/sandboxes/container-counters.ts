import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { readCgroupCounters } from './cgroup-counters.ts'
import { parseJson } from '../base/parse-json.ts'
import { readTextIfPresent } from '../base/files.ts'
import { parseCgroupMounts, parseOwnCgroups } from './cgroup-mounts.ts'
import { type ContainerEngine, callEngine } from './container-engine.ts'
import type { ExceededLimit } from './sandbox.ts'

const stateSchema = z
  .array(z.object({ Id: z.string(), State: z.object({ Pid: z.int(), OOMKilled: z.boolean().default(false) }) }))
  .length(1)

/**
 * The limit that the kernel enforced in a container, from the counters of its control groups, which engines ask too late
 * or only for the first process; so the container must still run. Of one that is gone, what the engine says.
 */
export async function readExceededLimit(engine: ContainerEngine, name: string): Promise<ExceededLimit | null> {
  const { stdout } = await callEngine(engine, ['container', 'inspect', name])
  const container = stateSchema.safeParse(parseJson(stdout)).data?.[0]
  if (container === undefined) return null
  const { Pid, OOMKilled } = container.State
  const folders = Pid === 0 ? [] : await findGroupFolders(Pid, container.Id)
  const counted = await readCgroupCounters(folders)
  if (OOMKilled || counted.memory > 0) return 'memory'
  return counted.processes > 0 ? 'processes' : null
}

/** The groups of a container in each hierarchy, and those between them and the one that the engine made for it. */
async function findGroupFolders(processId: number, containerId: string): Promise<string[]> {
  const paths = parseOwnCgroups((await readTextIfPresent(`/proc/${processId}/cgroup`)) ?? '')
  const mounts = parseCgroupMounts((await readTextIfPresent('/proc/self/mountinfo')) ?? '')
  const folders = new Set<string>()
  for (const mount of mounts)
    for (const controller of mount.version === 2 ? [''] : mount.controllers) {
      const path = paths.get(controller)
      const below = path === undefined ? '..' : relative(mount.root, path)
      if (below.startsWith('..')) continue
      let folder = join(mount.mountPoint, below)
      folders.add(folder)
      while (dirname(folder).includes(containerId)) {
        folder = dirname(folder)
        folders.add(folder)
      }
    }
  // Groups without the container's name hold others too.
  return [...folders].filter((folder) => folder.includes(containerId))
}
