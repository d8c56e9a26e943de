import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Measured } from './measure.ts'

/** Audits run folders, all in one process and the median and largest one in a process each, again and again. */
const rounds = 7
const measureFile = join(import.meta.dirname, 'measure.ts')
const mlrbench = join(import.meta.dirname, '../../dist/cli/main.js')

const folders = process.argv.slice(2)
if (folders.length === 0) throw new Error('give folders that mlrbench audit reads, such as runs of the release')
if (!existsSync(mlrbench)) throw new Error('dist/ is missing: npm run build')

process.stdout.write(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}\n`)
const all = Array.from({ length: rounds }, () => measure(folders))
const byRun = folders.map((folder, index) => {
  const runs = all.flatMap(({ runs: measured }) => measured[index] ?? [])
  return { folder, bytes: runs[0]?.bytes ?? 0, ms: middle(runs.map(({ readMs, auditMs }) => readMs + auditMs)), runs }
})
const ordered = byRun.toSorted((a, b) => a.ms - b.ms)
for (const { folder, bytes, runs } of ordered)
  process.stdout.write(
    `${folder}  ${(bytes / 1e6).toFixed(1)} MB  read ${told(runs.map(({ readMs }) => readMs))}, audit ${told(runs.map(({ auditMs }) => auditMs))}, CPU ${told(runs.map(({ cpuMs }) => cpuMs))} ms\n`,
  )
const medians = all.map(({ runs }) => middle(runs.map(({ readMs, auditMs }) => readMs + auditMs)))
process.stdout.write(`median run, read and audit: ${told(medians)} ms\n`)
process.stdout.write(`${folders.length} runs, CPU: ${told(all.map(({ cpuMs }) => cpuMs))} ms\n`)
process.stdout.write(
  `${folders.length} runs in one process, peak memory: ${told(all.map(({ peakMb }) => peakMb))} MB\n`,
)

const medianRun = ordered[ordered.length >> 1]
const slowest = ordered.at(-1)
const largest = byRun.toSorted((a, b) => a.bytes - b.bytes).at(-1)
for (const [name, run] of Object.entries({ median: medianRun, slowest, largest })) {
  if (run === undefined) continue
  const alone = Array.from({ length: rounds }, () => measure([run.folder]))
  const whole = Array.from({ length: rounds }, () => wholeMs(run.folder))
  process.stdout.write(
    `${name}: ${run.folder} alone: audit CPU ${told(alone.map(({ cpuMs }) => cpuMs))} ms, peak memory ${told(alone.map(({ peakMb }) => peakMb))} MB; whole process of mlrbench audit ${told(whole)} ms\n`,
  )
}

function measure(of: readonly string[]): Measured {
  return JSON.parse(execFileSync(process.execPath, [measureFile, ...of], { encoding: 'utf8' })) as Measured
}

function wholeMs(folder: string): number {
  const start = performance.now()
  execFileSync(process.execPath, [mlrbench, 'audit', folder, '--json'], { maxBuffer: 256 * 1024 ** 2 })
  return performance.now() - start
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2
}

/** Median and range. */
function told(values: readonly number[]): string {
  return `${middle(values).toFixed(0)} (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`
}
