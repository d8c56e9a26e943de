import { readFile, readdir } from 'node:fs/promises'
import { isMissing } from '../base/files.ts'

export interface ProcessUse {
  readonly processIds: readonly number[]
  readonly threads: number
  /** Resident memory that belongs to one process only: neither files nor shared memory. */
  readonly anonymousBytes: number
}

/** What a process and all its descendants use at this moment. Zero of everything where there is no `/proc`. */
export async function measureProcessTree(rootId: number): Promise<ProcessUse> {
  const all = new Map<number, { parentId: number; threads: number; anonymousBytes: number }>()
  for (const processId of await listProcessIds()) {
    const status = await readProcessFile(processId, 'status')
    if (status === null) continue
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    all.set(processId, {
      parentId: field('PPid'),
      threads: field('Threads'),
      anonymousBytes: field('RssAnon') * 1024,
    })
  }
  const processIds = [rootId].filter((id) => all.has(id))
  // The list grows while it is walked: children of children follow.
  for (const parentId of processIds)
    for (const [processId, { parentId: itsParent }] of all) if (itsParent === parentId) processIds.push(processId)
  const sum = (key: 'threads' | 'anonymousBytes') =>
    processIds.reduce((total, processId) => total + (all.get(processId)?.[key] ?? 0), 0)
  return { processIds, threads: sum('threads'), anonymousBytes: sum('anonymousBytes') }
}

/** Processes whose environment has this `NAME=value`: finds also those that left their parent and its session. */
export async function findProcessesWithVariable(variable: string): Promise<number[]> {
  const found: number[] = []
  for (const processId of await listProcessIds()) {
    const environment = await readProcessFile(processId, 'environ')
    if (environment?.split('\0').includes(variable)) found.push(processId)
  }
  return found
}

/** Clock ticks between the start of the machine and that of a process; with its id it names a process for good. Null: no such process. */
export async function readStartTicks(processId: number): Promise<number | null> {
  const stat = await readProcessFile(processId, 'stat')
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const afterName = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return afterName?.[19] === undefined ? null : Number(afterName[19])
}

/** Kills a process or (negative) a process group; one that is already gone is fine. */
export function killHard(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function listProcessIds(): Promise<number[]> {
  const names = await readdir('/proc').catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

/** Null for a process that has ended meanwhile or belongs to someone else. */
async function readProcessFile(processId: number, name: string): Promise<string | null> {
  return readFile(`/proc/${processId}/${name}`, 'utf8').catch(() => null)
}
