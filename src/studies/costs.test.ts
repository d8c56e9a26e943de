import { expect, test } from 'vitest'
import { deriveTrialState } from '../runs/trial-state.ts'
import type { RunEvent } from '../schema/event.ts'
import type { Stage } from '../schema/stage.ts'
import { type AgentCosts, summariseCosts } from './costs.ts'

const at = '2026-01-01T00:00:00.000Z'
const about = (stage: Stage) => ({ at, stage, attempt: 1 })
const done = (stage: Stage): RunEvent => ({
  type: 'stage-finished',
  ...about(stage),
  fingerprint: null,
  outputs: [],
  durationMs: null,
})

let calls = 0
function called(stage: Stage, costUsd: number | null, input = 5_000): RunEvent {
  calls += 1
  return {
    type: 'model-called',
    at,
    callId: String(calls),
    purpose: { kind: 'stage', stage, attempt: 1, step: 1 },
    model: 'anthropic/x',
    responseModel: null,
    usage: { inputTokens: input, outputTokens: 100, cachedReadTokens: 2, cachedWriteTokens: 0, reasoningTokens: null },
    costUsd,
    latencyMs: null,
    finishReason: 'stop',
    retries: null,
    cache: 'off',
  }
}
const session = (costUsd: number | null, totalTokens: number | null = null): RunEvent => ({
  type: 'session-reported',
  ...about('experiment'),
  costUsd,
  durationMs: 60_000,
  totalTokens,
})
const ended: RunEvent = { type: 'coder-finished', ...about('experiment'), ending: 'done', steps: 1, message: '' }

function costsOf(trials: readonly (readonly RunEvent[])[], coderModel: string | null = 'anthropic/x'): AgentCosts {
  const [costs] = summariseCosts(
    [
      {
        run: 'r',
        stages: ['idea', 'experiment'],
        agents: [{ name: 'one', coderModel }],
        trials: trials.map((events, index) => ({
          id: `t${index}/one/1`,
          task: `t${index}`,
          agent: 'one',
          state: deriveTrialState(events),
        })),
      },
    ],
    (_, tokens) => tokens / 1_000,
  )
  if (costs === undefined) throw new Error('no costs')
  return costs
}

test('costs stand by stage, and means are over trials that did everything', () => {
  const { trials, means, coderCalls, caveat } = costsOf([
    [called('idea', 0.25), done('idea'), called('experiment', null), session(2), ended, done('experiment')],
    [called('idea', 0.75), done('idea'), called('experiment', 4), done('experiment')],
    [called('idea', 9), done('idea')],
    [],
  ])
  expect(trials.map(({ task, complete, totalUsd }) => [task, complete, totalUsd])).toEqual([
    ['t0', true, 2.25],
    ['t1', true, 4.75],
    ['t2', false, 9],
  ])
  expect(means).toMatchObject({
    trials: 2,
    stages: { idea: 0.5, experiment: 3 },
    writingUsd: 0.5,
    codingUsd: 3,
    totalUsd: 3.5,
  })
  expect(coderCalls).toMatchObject({ trials: 2, calls: 1, inputTokens: 4_998, cacheReadTokens: 2, outputOnlyUsd: 0.1 })
  expect(caveat).toBeNull()
})

test('a coder that names its tokens alone has a cost nobody knows', () => {
  const { means, coderCalls } = costsOf([
    [called('idea', 1), done('idea'), session(null, 700), ended, done('experiment')],
  ])
  expect(means).toMatchObject({
    writingUsd: 1,
    codingUsd: null,
    totalUsd: null,
    sessionTokens: 700,
    sessionDurationMs: 60_000,
  })
  expect(coderCalls).toBeNull()
})

test('what is told of a trial as a whole is in its total, and its stages stay unknown', () => {
  const { means } = costsOf([[done('idea'), called('experiment', 3), done('experiment')]])
  expect(means).toMatchObject({ stages: { idea: null, experiment: 3 }, writingUsd: null, totalUsd: 3 })
})

test('calls that report no input make a cost that is not like for like, and it says so', () => {
  const { caveat } = costsOf([
    [called('idea', 1), done('idea'), called('experiment', null, 5), session(2), ended, done('experiment')],
    [called('idea', 1), done('idea'), called('experiment', null), session(2), ended, done('experiment')],
  ])
  expect(caveat).toMatch(/^In 1 of 2 trials the coder's calls report almost no input tokens .* not like for like/)
})

test('an agent that began nothing has no costs', () => {
  expect(() => costsOf([[]])).toThrow('no costs')
})
