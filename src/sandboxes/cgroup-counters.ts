import { readIfReadable } from './cgroup-mounts.ts'

/** How often the kernel ended a process for memory, and refused one for their number, in these control groups together. */
export async function readCgroupCounters(
  folders: readonly string[],
): Promise<{ readonly memory: number; readonly processes: number }> {
  let memory = 0
  let processes = 0
  for (const folder of folders) {
    // version 1 and version 2
    memory += counterIn(await readIfReadable(folder, 'memory.oom_control'), 'oom_kill')
    memory += counterIn(await readIfReadable(folder, 'memory.events'), 'oom_kill')
    processes += counterIn(await readIfReadable(folder, 'pids.events'), 'max')
  }
  return { memory, processes }
}

function counterIn(text: string | null, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text ?? '')?.[1] ?? 0)
}
