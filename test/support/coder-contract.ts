import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { coderPrograms } from '../../src/coders/index.ts'
import { turnOf } from './coder-acts.ts'
import {
  type CoderFacts,
  codeModel,
  expectAccounts,
  expectEventsOfExperiment,
  expectFiles,
  expectSecrets,
  expectToHaveEndedItself,
  experiment,
  lastWords,
  lookedElsewhere,
  processesOf,
  writeReport,
} from './coder-checks.ts'
import { type CoderPlay, playCoder, readTree } from './coder-run.ts'
import { installedCoder } from './installed-coder.ts'
import type { WireReply, WireRequest } from './provider-server.ts'

/** What has to hold for every coder that is a program of others, shown with the program itself. */
export async function coderContract(facts: CoderFacts): Promise<void> {
  const { kind, model } = facts
  const { displayName, testedVersion } = coderPrograms[kind]
  const { program, skipped } = await installedCoder(kind)
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), `${kind}-`))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  const play = (changes: Partial<CoderPlay>) => playCoder({ kind, program, model, folder, ...changes })

  describe.skipIf(skipped)(`${displayName} ${testedVersion}`, () => {
    test('works through an experiment, and all it did is told', async () => {
      const settings = { reasoning: 'low', maxOutputTokens: 10_000, temperature: 0.5 } as const
      const played = await play({ turns: experiment, codeModel, settings })
      expect(played.outcome).toEqual({ status: 'done', reused: false })
      for (const { body } of played.requests) expect(facts.settings(body)).toEqual(facts.told)
      expectEventsOfExperiment(played, facts)
      await expectAccounts(played, facts)
      await expectFiles(played)
      await expectSecrets(played, facts, folder)
      expect(await lookedElsewhere(played)).toBe(facts.looksAround)
    })

    test.skipIf(!facts.endsCommands)('ends a command over its time, and goes on', async () => {
      const turns = [writeReport, { act: { run: 'echo begun; tail -f /dev/null' } }, { say: lastWords }]
      const played = await play({ turns, spec: { commandTimeoutMs: 2_000 } })
      expect(played.outcome).toEqual({ status: 'done', reused: false })
      expect(played.eventsOf('command-executed')).toEqual([
        expect.objectContaining({
          exitCode: null,
          exceededLimit: 'wall-time',
          output: expect.stringContaining('begun') as string,
        }),
      ])
    })

    describe('that is killed', () => {
      test('by its own command has crashed, and what it was served is accounted for', async () => {
        const played = await play({ turns: [writeReport, { act: { run: 'kill -9 $PPID' } }] })
        expect(played.eventsOf('coder-finished')).toEqual([
          expect.objectContaining({ ending: 'crashed', message: expect.stringContaining('137') as string }),
        ])
        expect(played.outcome).toMatchObject({ status: 'failed', code: 'coder-crashed' })
        expect(played.requests).toHaveLength(2)
        await expectAccounts(played, facts)
        expect(played.eventsOf('file-written').map(({ path }) => path)).toContain('results/results.md')
      })

      test('from outside while a command runs is interrupted, and nothing of it runs on', async () => {
        const controller = new AbortController()
        const reason = new Error('interrupted by the user')
        const started = join(folder, 'attempts/experiment/1/workspace/started')
        const playing = play({
          turns: [writeReport, { act: { run: 'touch started; tail -f /dev/null' } }],
          signal: controller.signal,
        })
        await expect.poll(() => readFile(started).then(String, () => null), { timeout: 30_000 }).toBe('')
        expect(await processesOf(kind)).not.toEqual([])
        controller.abort(reason)
        const played = await playing
        expect(played.outcome).toEqual({ status: 'rejected', error: reason })
        await expectAccounts(played, facts)
        expect(played.eventsOf('file-written').map(({ path }) => path)).toContain('results/results.md')
        expect(await processesOf(kind)).toEqual([])
        expect(played.eventsOf('stage-finished')).toEqual([])
      })
    })

    describe('whose model fails', () => {
      test('with a model it does not have gives up at once', async () => {
        const played = await play({ answer: () => ({ kind: 'status', status: 404 }) })
        expect(played.outcome).toMatchObject({ status: 'failed', code: 'coder-failed' })
        expect(played.requests.length).toBeLessThanOrEqual(2)
        expect(played.eventsOf('model-call-failed')).toHaveLength(played.requests.length)
        await expectAccounts(played, facts)
      })

      test('with the key of the user leaves that to the user', async () => {
        const played = await play({
          answer: () => ({ kind: 'status', status: 401, body: '{"error":"the key dummy-1 is bad"}' }),
        })
        expect(played.outcome).toMatchObject({ status: 'stopped', code: 'not-authorised' })
        expect(played.requests).toHaveLength(1)
        await expectToHaveEndedItself(played, kind)
        for (const bytes of (await readTree(folder)).values()) expect(bytes.includes('dummy-1')).toBe(false)
      })

      test('now and then goes on, until it is not understood', async () => {
        const faults: WireReply[] = [
          { kind: 'status', status: 429, retryAfterSeconds: 1 },
          { kind: 'status', status: 500 },
          ...(facts.outlivesCuts ? [cut] : []),
        ]
        const turns = [...faults, null].map(() => ({ act: { run: 'echo on' } }))
        const last: WireReply = { kind: 'status', status: 400 }
        const played = await play({ turns, answer: firstOf([...faults, last]) })
        expect(played.outcome).toMatchObject({ status: 'failed', code: 'coder-failed' })
        const told = ['rate-limited', 'provider-failed', ...(facts.outlivesCuts ? ['cut-off'] : []), 'rejected-request']
        expect(played.eventsOf('model-call-failed').map(({ code }) => code)).toEqual(told)
        expect(played.eventsOf('command-executed')).toHaveLength(faults.length)
        const broken = played.eventsOf('call-broken')
        expect(broken.map(({ code }) => code)).toEqual(facts.outlivesCuts ? ['cut-off'] : [])
        // what nobody charges for is no step
        expect(played.eventsOf('coder-finished')).toMatchObject([{ steps: faults.length + broken.length }])
        await expectAccounts(played, facts)
      })

      test.skipIf(facts.outlivesCuts)('in the middle of an answer gives up', async () => {
        const played = await play({ turns: [writeReport], answer: firstOf([null, cut]) })
        expect(played.outcome).toMatchObject({ status: 'failed', code: 'coder-failed' })
        expect(played.eventsOf('call-broken')).toMatchObject([{ code: 'cut-off' }])
        await expectAccounts(played, facts)
      })

      test('to be reached at all has it asked again or gives up, and each try is told', async () => {
        const controller = new AbortController()
        let tries = 0
        const played = await play({
          origin: 'http://127.0.0.1:9',
          signal: controller.signal,
          onEvent({ type }) {
            if (type === 'model-call-failed' && (tries += 1) === 2) controller.abort(new Error('waited enough'))
          },
        })
        const isEnded = played.outcome.status === 'rejected'
        expect(played.outcome).toMatchObject(
          isEnded ? { error: { message: 'waited enough' } } : { code: 'coder-failed' },
        )
        expect(tries).toBeGreaterThan(0)
        expect(played.eventsOf('model-called')).toEqual([])
        expect(played.eventsOf('call-broken')).toEqual([])
      })
    })

    describe('at the end of what it may spend', () => {
      const forEver: Partial<CoderPlay> = {
        turns: [writeReport, { act: { run: 'echo on and on' } }],
        outputTokens: 30_000,
      }
      // twice what the longest answer to the longest question costs, and half of it
      const limitUsd = (2.5 * (60_000 * facts.prices.input + 32_000 * facts.prices.output)) / 1e6

      test.each<[string, CoderPlay['spec'] & object, string]>([
        ['calls', { maxSteps: 3 }, 'step-limit'],
        ['dollars', { maxCostUsd: limitUsd }, 'cost-limit'],
      ])('in %s ends by itself, and its results count', async (_name, spec, ending) => {
        const played = await play({ ...forEver, spec })
        expect(played.outcome).toEqual({ status: 'done', reused: false })
        expect(played.eventsOf('coder-finished')).toEqual([expect.objectContaining({ ending })])
        await expectToHaveEndedItself(played, kind)
        await expectAccounts(played, facts)
      })

      test('of the run’s budget ends by itself, and the run stops there', async () => {
        const played = await play({ ...forEver, budgetUsd: limitUsd })
        expect(played.outcome).toMatchObject({ status: 'stopped', code: 'budget-spent' })
        await expectToHaveEndedItself(played, kind)
        await expectAccounts(played, facts)
      })
    })
  })

  test('that is not there is told of with how to install it', async () => {
    const played = await play({ program: join(folder, 'nothing') })
    expect(played.outcome).toMatchObject({
      status: 'rejected',
      error: { name: 'PrerequisiteError', message: expect.stringContaining(coderPrograms[kind].install) as string },
    })
  })
}

const usage = { input: 1_000, output: 10 }
const cut: WireReply = { kind: 'cut', text: 'I begin to say what cannot be ended', afterCharacters: 16, usage }

/** Answers the first request of each turn with that turn's fault, and leaves all others to the turns. */
function firstOf(faults: readonly (WireReply | null)[]): (request: WireRequest) => WireReply | null {
  const left = new Map(faults.entries())
  return (request) => {
    const reply = left.get(turnOf(request)) ?? null
    left.delete(turnOf(request))
    return reply
  }
}
