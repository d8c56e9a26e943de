import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { list } from 'tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../src/base/hash.ts'
import type { ImportReport } from '../src/importers/import-report.ts'
import { type Cli, openCli } from './support/cli.ts'

const archive = join(import.meta.dirname, '../../shared/release/mlrbench-806a203.tar.gz')
const mainFile = join(import.meta.dirname, '../src/cli/main.ts')

interface Imported {
  readonly files: number
  readonly runs: readonly (ImportReport & { readonly status: string; readonly folder: string })[]
  readonly skipped: readonly unknown[]
}

describe.skipIf(!existsSync(archive))(
  'the import of the public release (skips without ../shared/release beside it)',
  () => {
    let cli: Cli
    let imported: Imported
    /** Regular files of the archive, without its top folder: path to hash. */
    let files: Map<string, string>
    const runOf = (id: string): Imported['runs'][number] => {
      const run = imported.runs.find((one) => one.run === id)
      if (run === undefined) throw new Error(`no run ${id}`)
      return run
    }

    beforeAll(async () => {
      cli = await openCli()
      await killHalfWay(cli)
      imported = (await cli.json(['import', archive, '--log-dir', cli.logDir])) as Imported
      files = await hashArchive()
    }, 180_000)
    afterAll(() => cli[Symbol.asyncDispose]())

    test('a killed import left nothing behind, and every file is read', () => {
      expect(imported.runs.map(({ status }) => status)).not.toContain('present')
      expect(readdirSync(cli.logDir).toSorted()).toEqual(imported.runs.map(({ run }) => run).toSorted())
      expect(imported.files).toBe(files.size)
      expect(imported.skipped).toEqual([])
    })

    test('each study is a run with all of its trials and reviews', () => {
      const counts = imported.runs.map(({ run, counts: { agents, trials, reviews, humanReviews } }) => [
        run,
        agents,
        trials,
        reviews,
        humanReviews,
      ])
      expect(counts).toEqual([
        ['mlr-bench-ideas', 9, 1215, 2412, 0],
        ['mlr-bench-proposals', 6, 1206, 2412, 0],
        ['mlr-bench-experiments', 2, 12, 24, 0],
        ['mlr-bench-papers', 3, 18, 36, 0],
        ['mlr-bench-end2end-o4-mini', 1, 10, 32, 25],
        ['mlr-bench-end2end-gemini', 1, 10, 12, 21],
        ['mlr-bench-end2end-claude', 1, 10, 12, 19],
        ['mlr-bench-end2end-codex', 1, 10, 12, 0],
        ['mlr-bench-end2end-gemini-cli', 1, 10, 12, 0],
        ['ai-scientist-v2-o4-mini', 1, 6, 24, 6],
      ])
      const reviewFiles = [...files.keys()].filter((path) => /^agent_reviews\/|\/review_[^/]*\.json$/.test(path))
      expect(reviewFiles).toHaveLength(imported.runs.reduce((sum, run) => sum + run.counts.reviews, 0))
      expect(rowsOf('human_eval/human_review.csv') + rowsOf('human_eval/Hallucination Check.csv')).toBe(
        imported.runs.reduce((sum, run) => sum + run.counts.humanReviews, 0),
      )
    })

    test('keys of reviews that are not kept are counted', () => {
      const told = runOf('mlr-bench-ideas').notes.map(({ text, count }) => [text.replace(/^.*not kept: /, ''), count])
      expect(Object.fromEntries(told)).toMatchObject({
        'justification under the overall mark': 73,
        'scale beside a mark': 1,
        'score_range beside a mark': 1,
        'score_explanation beside a mark': 1,
      })
    })

    test('what agents and coders left keeps its bytes: not UTF-8, lone CR, empty, NaN', () => {
      let compared = 0
      for (const system of ['o4-mini', 'gemini', 'claude', 'codex', 'gemini-cli']) {
        const { folder } = runOf(`mlr-bench-end2end-${system}`)
        const start = `agent_results/end2end_${system}/`
        for (const [path, hash] of files) {
          const [, task, rest] = /^([^/]+)\/(.+)$/.exec(path.startsWith(start) ? path.slice(start.length) : '') ?? []
          if (task === undefined || rest === undefined || /_token_usage\.json$|^review_/.test(rest)) continue
          const trial = join(folder, 'trials', task, system, '1')
          const attempt = join(trial, 'attempts/experiment/1')
          const places = [join(trial, rest), join(attempt, 'workspace', rest), join(attempt, `transcript.${rest}`)]
          const found = places.filter((place) => existsSync(place) && statSync(place).isFile())
          expect([path, found.map((place) => sha256(readFileSync(place)))]).toEqual([path, found.map(() => hash)])
          expect(found.length).toBeGreaterThan(0)
          compared += 1
        }
      }
      expect(compared).toBeGreaterThan(700)
    })

    test('an imported run has nothing to resume, and says so', async () => {
      const resumed = await cli.run(['resume', 'mlr-bench-papers', '--log-dir', cli.logDir])
      expect(resumed).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('there is nothing to run') as string,
      })
      const status = (await cli.json(['status', 'mlr-bench-end2end-codex', '--log-dir', cli.logDir])) as {
        trials: { status: string }[]
      }
      expect(new Set(status.trials.map((trial) => trial.status))).toEqual(new Set(['done']))
    })

    function rowsOf(path: string): number {
      const text = readFileSync(join(runOf('mlr-bench-end2end-o4-mini').folder, 'source', path), 'utf8')
      return text.trim().split(/\r?\n/).length - 1
    }
  },
)

/** Starts an import and kills it while its first run is written. */
async function killHalfWay(cli: Cli): Promise<void> {
  const child = spawn(process.execPath, [mainFile, 'import', archive, '--log-dir', cli.logDir], {
    cwd: cli.root,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.includes('mlr-bench-ideas')) setTimeout(() => child.kill('SIGKILL'), 150)
  })
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  // drafts are hidden, so that nobody takes them for runs
  expect(readdirSync(cli.logDir).filter((name) => !name.startsWith('.'))).toEqual([])
  expect(readdirSync(cli.logDir)).not.toEqual([])
}

async function hashArchive(): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  const parser = list({
    onReadEntry: (entry) => {
      if (entry.type !== 'File') return
      const parts: Buffer[] = []
      entry.on('data', (part: Buffer) => parts.push(part))
      entry.on('end', () => hashes.set(entry.path.slice(entry.path.indexOf('/') + 1), sha256(Buffer.concat(parts))))
    },
  })
  const done = once(parser, 'end')
  parser.end(gunzipSync(readFileSync(archive)))
  await done
  return hashes
}
