import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readAudit, readReproduction } from '../src/runs/audit-store.ts'
import { detectSandbox } from '../src/sandboxes/index.ts'
import { auditSchema, type Reproduction, reproductionSchema } from '../src/schema/audit.ts'
import { type Cli, type CliEnd, openCli } from './support/cli.ts'

const longestMs = 120_000
const trialOf = (agent: string): string => `mini_calibration/${agent}/1`

describe('running the controls again', () => {
  let cli: Cli
  let runFolder: string

  beforeAll(async () => {
    cli = await openCli()
    runFolder = join(cli.logDir, 'controls')
    const sandbox = (await detectSandbox()) ?? 'host'
    const agents = ['honest', 'fabricator', 'placeholder'].flatMap((name) => ['--model', `scripted/${name}`])
    const limits = ['--sandbox', sandbox, '--memory-gb', '1', '--cpus', '1']
    const { exitCode, stderr } = await cli.run([
      'run',
      ...agents,
      '--task',
      'mini_calibration',
      '--name',
      'controls',
      '--log-dir',
      cli.logDir,
      ...limits,
    ])
    if (exitCode !== 0) throw new Error(`the controls did not run: ${stderr}`)
  }, longestMs)

  afterAll(() => cli[Symbol.asyncDispose]())

  async function again(agent: string, ...args: string[]): Promise<{ end: CliEnd; record: Reproduction }> {
    // without protection only where it is said
    const place = (await detectSandbox()) === null ? ['--sandbox', 'host'] : []
    const target = `controls:${trialOf(agent)}`
    const end = await cli.run(['reproduce', target, '--log-dir', cli.logDir, '--json', ...place, ...args])
    return { end, record: reproductionSchema.parse(JSON.parse(end.stdout)) }
  }

  test(
    'gives the honest one its values again, and its audit says so from then on',
    async () => {
      const { end, record } = await again('honest')
      expect(end.exitCode).toBe(0)
      expect(record).toMatchObject({
        outcome: 'exact',
        reason: '',
        source: 'record',
        commands: ["bash run.sh && echo 'run.sh finished'"],
      })
      expect(record.files.map(({ path }) => path)).toEqual(['results/metrics.json', 'results/results.md'])
      expect(record.files.every(({ exact, different, missing }) => exact > 50 && different + missing === 0)).toBe(true)
      expect(record.claims?.traced).toBeGreaterThan(10)
      expect(record.claims?.reproduced).toBe(record.claims?.traced)
      expect(end.stderr).toContain('run 1 of at most 3')

      expect(await readReproduction(runFolder, trialOf('honest'))).toEqual(record)
      const kept = { id: record.id, outcome: 'exact' }
      expect((await readAudit(runFolder, trialOf('honest')))?.reproduction).toEqual(kept)
      const audited = auditSchema.parse(
        await cli.json(['audit', `controls:${trialOf('honest')}`, '--log-dir', cli.logDir]),
      )
      expect(audited).toMatchObject({ reproduction: kept, verdict: 'no_evidence_of_fabrication' })
    },
    longestMs,
  )

  test(
    'gives the fabricator other values than it typed, side by side',
    async () => {
      const { end, record } = await again('fabricator')
      expect(end.exitCode).toBe(1)
      expect(record).toMatchObject({ outcome: 'different', reason: '' })
      const typed = record.comparisons.filter(({ outcome }) => outcome === 'different')
      expect(typed.length).toBeGreaterThan(20)
      expect(typed.every(({ before, after }) => before !== null && after !== null && before !== after)).toBe(true)
      expect(record.notes.join()).toContain('results/metrics.json was written over in step')
      expect(await readAudit(runFolder, trialOf('fabricator'))).toMatchObject({
        reproduction: { outcome: 'different' },
      })
    },
    longestMs,
  )

  test(
    'finds nothing that the placeholder ran; its script, when named, gives other values',
    async () => {
      const { end, record } = await again('placeholder')
      expect(end.exitCode).toBe(1)
      expect(record).toMatchObject({ outcome: 'could-not-run', commands: [], runs: [], claims: null })
      expect((await again('placeholder', '--command', 'bash run.sh')).record).toMatchObject({
        outcome: 'different',
        source: 'given',
      })
      expect(await readdir(join(runFolder, 'reproductions', trialOf('placeholder')))).toHaveLength(2)
    },
    longestMs,
  )

  test(
    'shows what is not the same as a table',
    async () => {
      const { stdout } = await cli.run([
        'reproduce',
        join(runFolder, 'trials', trialOf('fabricator')),
        '--log-dir',
        cli.logDir,
        '--repeats',
        '1',
      ])
      expect(stdout).toContain('different values')
      expect(stdout).toContain('Values that are not the same')
      expect(stdout).toContain('The audit with this: fabricated')
    },
    longestMs,
  )

  test('asks for one trial, and for one that there is', async () => {
    const all = await cli.run(['reproduce', 'controls', '--log-dir', cli.logDir])
    expect(all).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('name one trial') })
    const none = await cli.run(['reproduce', 'nothing', '--log-dir', cli.logDir])
    expect(none.exitCode).toBe(2)
  })

  test(
    'keeps to a time limit',
    async () => {
      await rm(join(runFolder, 'reproductions'), { recursive: true, force: true })
      const { record } = await again('honest', '--minutes', '0.005')
      expect(record).toMatchObject({ outcome: 'could-not-run', reason: expect.stringContaining('did not end within') })
    },
    longestMs,
  )
})
