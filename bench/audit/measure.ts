import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { auditSubject } from '../../src/audit/audit.ts'
import { readFolderSubject } from '../../src/audit/subject/read-folder.ts'

/** Audits folders one after the other in this process, and prints what each took as JSON. */
export interface Measured {
  readonly runs: readonly {
    readonly folder: string
    /** Of all files, figures and models among them. */
    readonly bytes: number
    readonly readMs: number
    readonly auditMs: number
    /** Of all threads: the engine collects garbage and compiles beside. */
    readonly cpuMs: number
  }[]
  readonly cpuMs: number
  readonly peakMb: number
}

const runs: Measured['runs'][number][] = []
const before = process.cpuUsage()
for (const folder of process.argv.slice(2)) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const subject = await readFolderSubject(folder)
  const read = performance.now()
  await auditSubject(subject)
  const end = performance.now()
  runs.push({ folder, bytes: bytesOf(folder), readMs: read - start, auditMs: end - read, cpuMs: spent(cpu) })
}
const measured: Measured = { runs, cpuMs: spent(before), peakMb: process.resourceUsage().maxRSS / 1024 }
process.stdout.write(JSON.stringify(measured))

function spent(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
