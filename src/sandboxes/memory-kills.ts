import { readTextIfPresent } from '../base/files.ts'

/** Processes that this machine's kernel has ended for memory since its start; 0 where it does not tell. */
export async function countMemoryKills(): Promise<number> {
  const text = await readTextIfPresent('/proc/vmstat')
  return Number(/^oom_kill (\d+)$/m.exec(text ?? '')?.[1] ?? 0)
}
