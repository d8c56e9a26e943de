import { expect, test } from 'vitest'
import type { CoderResult } from '../coders/coder.ts'
import type { RunEvent } from '../schema/event.ts'
import { unknownUsage } from '../schema/usage.ts'
import { withGatewayView } from './gateway-view.ts'

const at = '2026-01-02T03:04:05.678Z'
const purpose = { kind: 'stage', stage: 'experiment', attempt: 1, step: 1 } as const
const done: CoderResult = { ending: 'done', steps: 1, message: 'Well.', transcript: '' }
const failed: CoderResult = { ending: 'model-failed', steps: 1, message: 'we are busy', transcript: '' }

function replied(finishReason: 'stop' | 'content-filter'): RunEvent {
  const call = { callId: finishReason, purpose, model: 'google/a', responseModel: null, usage: unknownUsage }
  return { type: 'model-called', at, ...call, costUsd: null, latencyMs: 1, finishReason, retries: 0, cache: 'off' }
}

test('a coder whose last reply was withheld was refused, whatever it calls it', () => {
  const events = [replied('stop'), replied('content-filter')]
  expect(withGatewayView(done, { kind: 'gemini-cli', events })).toMatchObject({
    ending: 'refused',
    message: 'the provider withheld the last reply. Well.',
  })
  expect(withGatewayView(done, { kind: 'gemini-cli', events: events.toReversed() })).toBe(done)
  expect(withGatewayView(done, { kind: 'command', events })).toBe(done)
})

test('a coder that lost its model says what the provider said, beside its own words', () => {
  const told = { callId: 'a', purpose, model: 'openai/a', retries: 0 } as const
  const events: RunEvent[] = [{ type: 'model-call-failed', at, ...told, code: 'server-error', message: 'status 500' }]
  expect(withGatewayView(failed, { kind: 'codex', events }).message).toBe(
    'server-error: status 500 (the coder says: we are busy)',
  )
  expect(withGatewayView(failed, { kind: 'codex', events: [] })).toBe(failed)
})

test('a call that no limit had room for is named', () => {
  const where = { stage: 'experiment', attempt: 1, caller: 'coder', count: 1 } as const
  const refused = { type: 'gateway-refused', at, ...where, code: 'call-too-large', message: 'too large' } as const
  expect(withGatewayView(failed, { kind: 'codex', events: [refused] }).message).toContain('call-too-large: too large')
})
