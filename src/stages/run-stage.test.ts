import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCalls } from '../../test/support/model-calls.ts'
import { makeTrial, sampleAgent, sampleConfig } from '../../test/support/sample-run.ts'
import { ModelCallError } from '../models/model-call-error.ts'
import { openTrial, readTrialState } from '../runs/trial-store.ts'
import { runStage } from './run-stage.ts'
import { type Attempt, type StageDefinition, StageFailure, type StageOutcome } from './stage.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-stage-'))
  await makeTrial(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** No stage here calls a model. */
const { models } = openCalls('http://127.0.0.1:1')

interface Play {
  readonly definition?: Partial<StageDefinition>
  readonly retryFailed?: boolean
  readonly signal?: AbortSignal
}

/** One process's go at the idea stage. `run` gets the attempt; what it returns becomes the idea. */
async function play(run: (attempt: Attempt) => string, { definition, ...context }: Play = {}): Promise<StageOutcome> {
  using trial = await openTrial(folder)
  const stage: StageDefinition = {
    stage: 'idea',
    needs: ['task'],
    attempts: 3,
    resumable: true,
    settings: async () => ['model', 'prompt'],
    run: async (_context, attempt) => [await trial.write('idea.md', run(attempt))],
    ...definition,
  }
  const signal = new AbortController().signal
  const { experimentModels } = sampleConfig()
  const settled = { trial, agent: sampleAgent(), models, sandbox: null, experimentModels, retryFailed: false, signal }
  return runStage(stage, { ...settled, ...context })
}

const write = (): string => 'an idea'
const never = (): string => expect.fail('the stage was to be used again')
const fail = (code: string) => (): string => {
  throw new StageFailure(code, `because of ${code}`)
}
const eventTypes = async (): Promise<string[]> => {
  using trial = await openTrial(folder)
  return trial.events.map(({ type }) => type)
}

describe('a finished stage', () => {
  let first: StageOutcome
  beforeEach(async () => {
    first = await play(write)
  })

  test('is used again, and nothing is recorded', async () => {
    expect(first).toEqual({ status: 'done', reused: false })
    expect(await play(never)).toEqual({ status: 'done', reused: true })
    expect(await eventTypes()).toEqual(['stage-started', 'stage-finished'])
  })

  const changes: [name: string, change: () => Promise<unknown>, definition: Partial<StageDefinition>][] = [
    ['its settings are others', async () => {}, { settings: async () => ['model', 'another prompt'] }],
    ['an input has changed', () => writeFile(join(folder, 'task.md'), 'another task'), {}],
    ['its artefact has changed', () => writeFile(join(folder, 'idea.md'), 'touched up'), {}],
    ['its artefact is gone', () => rm(join(folder, 'idea.md')), {}],
  ]
  test.each(changes)('is done anew when %s', async (_name, change, definition) => {
    await change()
    const attempts: number[] = []
    const outcome = await play(
      ({ number }) => {
        attempts.push(number)
        return 'another idea'
      },
      { definition },
    )
    expect(outcome).toEqual({ status: 'done', reused: false })
    expect(attempts).toEqual([2])
    expect(await play(never, { definition })).toEqual({ status: 'done', reused: true })
  })

  test('is done anew when its artefact became a link to the same text', async () => {
    await writeFile(join(folder, 'elsewhere.md'), 'an idea')
    await rm(join(folder, 'idea.md'))
    await symlink('elsewhere.md', join(folder, 'idea.md'))
    expect(await play(write)).toEqual({ status: 'done', reused: false })
  })
})

describe('a failed stage', () => {
  test('stays failed until a retry is asked for', async () => {
    const failed = { status: 'failed', code: 'no-results', message: 'because of no-results' }
    expect(await play(fail('no-results'))).toEqual(failed)
    expect(await play(never)).toEqual(failed)
    expect((await readTrialState(folder)).stages.idea).toMatchObject({ status: 'failed', attempt: 1 })
    expect(await play(write, { retryFailed: true })).toEqual({ status: 'done', reused: false })
    expect((await readTrialState(folder)).stages.idea).toMatchObject({ status: 'done', attempt: 2 })
  })

  test.each(['empty-reply', 'output-limit', 'refused'])(
    'is attempted three times in a row for %s, in scopes of their own',
    async (code) => {
      const scopes = new Set<string>()
      const outcome = await play((attempt) => {
        scopes.add(attempt.cacheScope)
        return fail(code)()
      })
      expect(outcome).toMatchObject({ status: 'failed', code })
      expect(scopes.size).toBe(3)
      expect((await eventTypes()).filter((type) => type === 'stage-failed')).toHaveLength(3)
    },
  )

  test('is over as soon as an attempt succeeds', async () => {
    const outcome = await play(({ number }) => (number === 1 ? fail('empty-reply')() : 'an idea'))
    expect(outcome).toEqual({ status: 'done', reused: false })
    expect(await eventTypes()).toEqual(['stage-started', 'stage-failed', 'stage-started', 'stage-finished'])
  })

  test.each(['no-results', 'coder-failed'])('is attempted once for %s', async (code) => {
    await play(fail(code))
    expect(await eventTypes()).toEqual(['stage-started', 'stage-failed'])
  })

  test.each(['provider-failed', 'cut-off'] as const)(
    'is not attempted again for a call that failed for good (%s)',
    async (code) => {
      const outcome = await play(() => {
        throw new ModelCallError(code, 'all gone', { retryable: false })
      })
      expect(outcome).toEqual({ status: 'failed', code, message: 'all gone' })
      expect(await eventTypes()).toEqual(['stage-started', 'stage-failed'])
    },
  )
})

describe('what is for the user to put right', () => {
  test.each(['budget-spent', 'not-authorised'] as const)(
    '%s stops the stage, and a plain resume goes on with it',
    async (code) => {
      const stopped = await play(() => {
        throw new ModelCallError(code, 'raise it', { retryable: false })
      })
      expect(stopped).toEqual({ status: 'stopped', code, message: 'raise it' })
      expect(await eventTypes()).toEqual(['stage-started'])
      expect(await play(write)).toEqual({ status: 'done', reused: false })
      expect((await readTrialState(folder)).stages.idea).toMatchObject({ status: 'done', attempt: 1 })
    },
  )
})

test('after calls that failed, the replies before them are still used; after a useless reply they are not', async () => {
  const scopes: string[] = []
  const attempt = (fault: () => string) =>
    play(
      ({ cacheScope }) => {
        scopes.push(cacheScope)
        return fault()
      },
      { retryFailed: true },
    )
  await attempt(() => {
    throw new ModelCallError('provider-failed', 'down', { retryable: true })
  })
  await attempt(fail('coder-failed'))
  await attempt(fail('no-results'))
  await attempt(fail('no-results'))
  expect(scopes[1]).toBe(scopes[0])
  expect(scopes[2]).toBe(scopes[0])
  expect(scopes[3]).not.toBe(scopes[0])
})

describe('a stage whose input is missing', () => {
  const needy: Play = { definition: { needs: ['task', 'proposal'] } }

  test('fails, says which, and says it once however often it is resumed', async () => {
    const failure = {
      status: 'failed',
      code: 'missing-input',
      message: 'the idea stage needs proposal.md, which is not there',
    }
    for (let time = 0; time < 3; time += 1) expect(await play(never, needy)).toEqual(failure)
    expect(await eventTypes()).toEqual(['stage-failed'])
  })

  test('is done once the input is there', async () => {
    await play(never, needy)
    await writeFile(join(folder, 'proposal.md'), 'a proposal')
    expect(await play(write, needy)).toEqual({ status: 'done', reused: false })
  })

  test('takes no folder and no link for it', async () => {
    await symlink('task.md', join(folder, 'proposal.md'))
    expect(await play(never, needy)).toMatchObject({ code: 'missing-input' })
  })
})

describe('an interrupted stage', () => {
  /** As after a kill: started, and neither finished nor failed. */
  const interrupt = async (definition: Partial<StageDefinition>): Promise<Attempt | null> => {
    const controller = new AbortController()
    let seen: Attempt | null = null
    const interrupted = play(
      (attempt) => {
        seen = attempt
        controller.abort(new Error('interrupted'))
        throw controller.signal.reason
      },
      { definition, signal: controller.signal },
    )
    await expect(interrupted).rejects.toThrow('interrupted')
    return seen
  }

  test.each([
    [true, [1, 1]],
    [false, [1, 2]],
  ])(
    'goes on in its attempt or begins another (resumable: %s), with the replies it had',
    async (resumable, numbers) => {
      const before = await interrupt({ resumable })
      expect((await readTrialState(folder)).stages.idea).toMatchObject({ status: 'unfinished' })
      let after: Attempt | null = null
      await play(
        (attempt) => {
          after = attempt
          return 'an idea'
        },
        { definition: { resumable } },
      )
      expect([before, after]).toEqual(
        numbers.map((number) => expect.objectContaining({ number, cacheScope: before?.cacheScope })),
      )
    },
  )

  test('a fault of the harness is no failure of the stage', async () => {
    const broken = play(() => {
      throw new TypeError('a bug')
    })
    await expect(broken).rejects.toThrow('a bug')
    expect((await readTrialState(folder)).stages.idea?.status).toBe('unfinished')
  })
})
