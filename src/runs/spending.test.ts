import { expect, test } from 'vitest'
import type { NewEvent, Purpose, RunEvent } from '../schema/event.ts'
import { addKnown, addUsage, countedUsd, sumSpending } from './spending.ts'
import { deriveTrialState } from './trial-state.ts'

const at = '2026-01-01T00:00:00.000Z'
const usage = { inputTokens: 10, outputTokens: 5, cachedReadTokens: 0, cachedWriteTokens: 0, reasoningTokens: 1 }
const purpose: Purpose = { kind: 'stage', stage: 'idea', attempt: 1, step: 1 }

function called(callId: string, changes: Partial<Extract<RunEvent, { type: 'model-called' }>> = {}): RunEvent {
  const reply = { responseModel: null, usage, costUsd: 0.25, latencyMs: 1, finishReason: 'stop', retries: 0 } as const
  return { type: 'model-called', at, callId, purpose, model: 'openai/x', ...reply, cache: 'miss', ...changes }
}

test('calls add up', () => {
  expect(sumSpending([called('a'), called('b')])).toEqual({
    calls: 2,
    failedCalls: 0,
    retries: 0,
    brokenTries: 0,
    brokenUpToUsd: 0,
    usage: { inputTokens: 20, outputTokens: 10, cachedReadTokens: 0, cachedWriteTokens: 0, reasoningTokens: 2 },
    costUsd: 0.5,
    knownCostUsd: 0.5,
  })
})

test('a reply from the cache counts once, also when the call itself was never announced', () => {
  expect(sumSpending([called('a'), called('a', { cache: 'hit' }), called('a', { cache: 'hit' })])).toMatchObject({
    calls: 1,
    costUsd: 0.25,
  })
  expect(sumSpending([called('a', { cache: 'hit' })])).toMatchObject({ calls: 1, costUsd: 0.25 })
})

test('a reply out of the shared cache is paid for where it was asked for', () => {
  expect(sumSpending([called('a', { cache: 'shared' }), called('b')])).toMatchObject({ calls: 1, costUsd: 0.25 })
})

test('what one call does not report is unknown in the sum, and the rest is not', () => {
  const spending = sumSpending([
    called('a'),
    called('b', { costUsd: null, usage: { ...usage, reasoningTokens: null } }),
    called('c'),
  ])
  expect(spending.usage).toMatchObject({ inputTokens: 30, reasoningTokens: null })
  expect(spending.costUsd).toBeNull()
  expect(spending.knownCostUsd).toBe(0.5)
})

test('failures and retries are counted apart', () => {
  const about = { callId: 'a', purpose, code: 'rate-limited', message: 'slow down' }
  const events: NewEvent[] = [
    { type: 'call-retried', ...about, delayMs: 5 },
    { type: 'call-retried', ...about, delayMs: 5 },
    { type: 'model-call-failed', ...about, model: 'openai/x', retries: 2 },
  ]
  expect(sumSpending(events.map((event) => ({ ...event, at })))).toMatchObject({
    calls: 0,
    failedCalls: 1,
    retries: 2,
    costUsd: 0,
  })
})

test('tries that broke off half-way are counted: nobody said what they cost', () => {
  const about = { callId: 'a', purpose, code: 'cut-off' }
  const events: NewEvent[] = [
    { type: 'call-broken', ...about, upToUsd: 0.25 },
    { type: 'call-retried', ...about, message: 'gone', delayMs: 5 },
    { type: 'call-broken', ...about, upToUsd: null },
  ]
  const spending = sumSpending([...events.map((event) => ({ ...event, at })), called('b')])
  expect(spending).toMatchObject({ brokenTries: 2, brokenUpToUsd: 0.25, costUsd: 0.25 })
  expect(countedUsd(spending)).toBe(0.5)
})

test('a trial knows what each of its stages cost', () => {
  const { spending, spendingByStage } = deriveTrialState([
    called('a'),
    called('b', { purpose: { ...purpose, stage: 'paper' }, costUsd: null }),
  ])
  expect(spending.costUsd).toBeNull()
  expect(spendingByStage.idea?.costUsd).toBe(0.25)
  expect(spendingByStage.paper?.costUsd).toBeNull()
  expect(spendingByStage.proposal).toBeUndefined()
})

test('0 is known, and unknown stays unknown', () => {
  expect(addKnown(0, 3)).toBe(3)
  expect(addKnown(0, null)).toBeNull()
  expect(addUsage(usage, { ...usage, outputTokens: null })).toMatchObject({ inputTokens: 20, outputTokens: null })
})

test('what a coder reports about its session stands in place of its calls’ unknown costs, and of nothing else', () => {
  const own: Purpose = { kind: 'stage', stage: 'experiment', attempt: 1, step: 1 }
  const about = { at, stage: 'experiment', attempt: 1 } as const
  const reported = (costUsd: number | null): RunEvent => ({
    type: 'session-reported',
    ...about,
    costUsd,
    durationMs: 1,
    totalTokens: null,
  })
  const finished: RunEvent = { type: 'coder-finished', ...about, ending: 'done', steps: 2, message: '' }
  const unpriced = called('a', { purpose: own, costUsd: null })
  expect(sumSpending([unpriced, called('b'), reported(2)])).toMatchObject({ costUsd: 2.25, knownCostUsd: 2.25 })
  expect(sumSpending([called('a', { purpose: own }), reported(2)])).toMatchObject({ costUsd: 0.25 })
  expect(sumSpending([unpriced, reported(null)])).toMatchObject({ costUsd: null, knownCostUsd: 0 })
  // the session holds the calls whose cost is known, too
  expect(sumSpending([unpriced, called('b', { purpose: own }), reported(2)])).toMatchObject({ calls: 2, costUsd: 2 })
  // a coder of which no call is known
  expect(sumSpending([reported(2), finished])).toMatchObject({ calls: 0, costUsd: 2, usage: { inputTokens: null } })
  expect(sumSpending([finished, called('b')])).toMatchObject({ calls: 1, costUsd: null, knownCostUsd: 0.25 })
  expect(deriveTrialState([reported(2), reported(3)]).sessionsByStage).toEqual({
    experiment: { costUsd: 5, durationMs: 2, totalTokens: null },
  })
})

test('a coder that a limit ended before its first step used nothing', () => {
  const about = { at, stage: 'experiment', attempt: 1 } as const
  const ended: RunEvent = { type: 'coder-finished', ...about, ending: 'cost-limit', steps: 0, message: '' }
  const opened: RunEvent = { type: 'sandbox-opened', ...about, sandbox: 'host', isolated: false, network: 'none' }
  expect(sumSpending([opened, ended])).toMatchObject({ calls: 0, costUsd: 0, usage: { inputTokens: 0 } })
  expect(sumSpending([ended])).toMatchObject({ calls: 0, costUsd: null, usage: { inputTokens: null } })
})
