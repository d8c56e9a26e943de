import { expect, test } from 'vitest'
import type { NewEvent, Purpose, RunEvent } from '../schema/event.ts'
import { unknownUsage } from '../schema/usage.ts'
import { usedByInterrupted } from './used-before.ts'

const at = '2026-01-02T03:04:05.678Z'
const coder: Purpose = { kind: 'stage', stage: 'experiment', attempt: 1, step: 1 }
const code: Purpose = { kind: 'experiment-code', attempt: 1, step: 1 }
const stamp = (events: readonly NewEvent[]): RunEvent[] => events.map((event) => ({ ...event, at }) as RunEvent)

function called(callId: string, purpose: Purpose, told: { tokens: number | null; costUsd: number | null }): NewEvent {
  const usage = { ...unknownUsage, inputTokens: told.tokens, outputTokens: told.tokens }
  const { costUsd } = told
  const rest = { responseModel: null, latencyMs: 1, finishReason: 'stop', retries: 0, cache: 'off' } as const
  return { type: 'model-called', callId, purpose, model: 'openai/a', usage, costUsd, ...rest }
}

const broken: NewEvent = {
  type: 'call-broken',
  callId: 'b',
  purpose: coder,
  code: 'cut',
  upToUsd: 0.5,
  upToTokens: 700,
}
const failed: NewEvent = {
  type: 'stage-failed',
  stage: 'experiment',
  attempt: 1,
  code: 'no-results',
  message: '',
  durationMs: 1,
}

test('calls count with what they used, broken ones with what was set aside, each once', () => {
  const paid = called('a', coder, { tokens: 10, costUsd: 0.25 })
  expect(usedByInterrupted(stamp([paid, paid, broken]), 'coder')).toEqual({ calls: 2, tokens: 720, costUsd: 0.75 })
})

test('of a call that nobody told the tokens of, the others do not suffer', () => {
  const events = [
    called('a', coder, { tokens: 10, costUsd: 0.25 }),
    called('c', coder, { tokens: null, costUsd: null }),
  ]
  expect(usedByInterrupted(stamp(events), 'coder')).toEqual({ calls: 2, tokens: 20, costUsd: 0.25 })
})

test('the coder and the code of its experiment count apart, and nothing counts of an attempt that came to its end', () => {
  const events = [called('a', coder, { tokens: 1, costUsd: 1 }), called('c', code, { tokens: 2, costUsd: 2 })]
  expect(usedByInterrupted(stamp(events), 'experiment-code')).toEqual({ calls: 1, tokens: 4, costUsd: 2 })
  expect(usedByInterrupted(stamp([...events, failed]), 'coder')).toEqual({ calls: 0, tokens: 0, costUsd: 0 })
})
