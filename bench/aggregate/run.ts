import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Imports the release's reviews of ideas and proposals and makes tables of them, ours and pandas in turn. */
const bench = join(import.meta.dirname, '..')
const mlrbench = join(bench, '../dist/cli/main.js')
const rounds = { import: 3, tables: 9 }

const [release] = process.argv.slice(2)
if (release === undefined || !existsSync(join(release, 'agent_reviews')))
  throw new Error('give the folder of the unpacked MLR-Bench release')
if (!existsSync(mlrbench)) throw new Error('dist/ is missing: npm run build')

const python = preparePython()
const work = mkdtempSync(join(tmpdir(), 'mlrbench-bench-'))
try {
  const source = join(work, 'release')
  const kept = ['tasks', 'agent_results/ideas_and_proposals']
  const judges = ['claude-3-7-sonnet-20250219', 'gemini-2.5-pro-preview-03-25']
  for (const path of [...kept, ...judges.map((judge) => `agent_reviews/idea_proposal_reviews_${judge}`)])
    cpSync(join(release, path), join(source, path), { recursive: true })

  const table = join(work, 'reviews.parquet')
  const logDir = join(work, 'logs')
  const imports = { ours: [] as number[], pandas: [] as number[] }
  for (let round = 0; round < rounds.import; round += 1) {
    rmSync(logDir, { recursive: true, force: true })
    imports.ours.push(time(process.execPath, [mlrbench, 'import', source, '--log-dir', logDir, '--json']))
    imports.pandas.push(time(python, [join(import.meta.dirname, 'pandas_import.py'), source, table]))
  }
  print('import of 4,824 reviews', imports)

  const report = ['report', 'mlr-bench-ideas', 'mlr-bench-proposals', '--log-dir', logDir]
  const tables = { ours: [] as number[], pandas: [] as number[] }
  const documents: number[] = []
  // the first report leaves the index that makes the store warm
  const cold = time(process.execPath, [mlrbench, ...report])
  for (let round = 0; round < rounds.tables; round += 1) {
    tables.ours.push(time(process.execPath, [mlrbench, ...report]))
    documents.push(time(process.execPath, [mlrbench, ...report, '--json']))
    tables.pandas.push(time(python, [join(import.meta.dirname, 'pandas_tables.py'), table]))
  }
  process.stdout.write(`first report, cold store: ${cold.toFixed(2)} s\n`)
  print('tables over them, warm store', tables)
  print('with self-preference and length, as JSON', { ours: documents, pandas: tables.pandas })
  const imported = time(python, ['-c', 'import numpy, pandas, scipy.stats'])
  process.stdout.write(`of pandas, importing the libraries alone: ${imported.toFixed(2)} s\n`)
} finally {
  rmSync(work, { recursive: true, force: true })
}

function preparePython(): string {
  const folder = join(bench, '.python')
  const own = join(folder, 'bin/python')
  if (!existsSync(own)) {
    execFileSync('python3', ['-m', 'venv', folder])
    execFileSync(own, ['-m', 'pip', 'install', '--quiet', '--requirement', join(bench, 'requirements.txt')])
  }
  return own
}

/** Seconds of a whole process; throws when it fails. */
function time(file: string, args: readonly string[]): number {
  const start = performance.now()
  execFileSync(file, args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 256 * 1024 ** 2 })
  return (performance.now() - start) / 1_000
}

function print(what: string, { ours, pandas }: { ours: readonly number[]; pandas: readonly number[] }): void {
  const describe = (seconds: readonly number[]): string => {
    const sorted = seconds.toSorted((a, b) => a - b)
    const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
    return `${middle.toFixed(2)} s (${sorted[0]?.toFixed(2)} to ${sorted.at(-1)?.toFixed(2)}, n ${sorted.length})`
  }
  const median = (seconds: readonly number[]): number =>
    seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? 0
  process.stdout.write(
    `${what}: mlrbench ${describe(ours)}, pandas ${describe(pandas)}, ratio ${(median(ours) / median(pandas)).toFixed(2)}\n`,
  )
}
