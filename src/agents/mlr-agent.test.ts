import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCalls } from '../../test/support/model-calls.ts'
import { startProviderServer } from '../../test/support/provider-server.ts'
import { makeTrial, sampleAgent, sampleConfig } from '../../test/support/sample-run.ts'
import { openTrial } from '../runs/trial-store.ts'
import type { Stage } from '../schema/stage.ts'
import type { AgentResult } from './agent.ts'
import { mlrAgent } from './mlr-agent.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlr-agent-'))
  await makeTrial(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** @param refused number of the request from which on the model refuses */
async function play(
  stages: readonly Stage[],
  { refused = Infinity, signal = new AbortController().signal } = {},
): Promise<AgentResult> {
  await using server = await startProviderServer(({ index }) => ({
    kind: 'message',
    text: index >= refused ? 'I cannot do that.' : `# Text ${index}\n\nBody.`,
    usage: { input: 1, output: 1 },
  }))
  using trial = await openTrial(folder)
  return await mlrAgent.run(stages, {
    trial,
    agent: sampleAgent(),
    models: openCalls(server.origin).models,
    sandbox: null,
    experimentModels: sampleConfig().experimentModels,
    retryFailed: false,
    signal,
  })
}

const told = ({ outcomes }: AgentResult): string[] => outcomes.map(({ stage, outcome }) => `${stage} ${outcome.status}`)

test('goes through the stages in their own order, whatever order they are named in', async () => {
  const result = await play(['proposal', 'idea', 'literature'])
  expect(result.status).toBe('done')
  expect(told(result)).toEqual(['idea done', 'literature done', 'proposal done'])
})

test('stops at the first stage that fails', async () => {
  const result = await play(['idea', 'literature', 'proposal'], { refused: 1 })
  expect(result.status).toBe('failed')
  expect(told(result)).toEqual(['idea done', 'literature failed'])
})

test('begins nothing after an abort', async () => {
  await expect(play(['idea'], { signal: AbortSignal.abort(new Error('interrupted')) })).rejects.toThrow('interrupted')
  using trial = await openTrial(folder)
  expect(trial.events).toEqual([])
})
