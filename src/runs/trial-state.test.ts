import { expect, test } from 'vitest'
import type { NewEvent, RunEvent } from '../schema/event.ts'
import { trialStateSchema } from '../schema/state.ts'
import { deriveTrialState } from './trial-state.ts'

const hash = 'a'.repeat(64)
const at = '2026-01-01T00:00:00.000Z'
const stamped = (events: NewEvent[]): RunEvent[] => events.map((event) => ({ ...event, at }))
const started = (stage: 'idea' | 'experiment', attempt = 1): NewEvent => ({
  type: 'stage-started',
  stage,
  attempt,
  fingerprint: hash,
  inputs: [],
})
const finished = (stage: 'idea' | 'experiment', attempt = 1): NewEvent => ({
  type: 'stage-finished',
  stage,
  attempt,
  fingerprint: hash,
  outputs: [],
  durationMs: 7,
})
const failed = (stage: 'idea' | 'experiment', attempt = 1): NewEvent => ({
  type: 'stage-failed',
  stage,
  attempt,
  code: 'refused',
  message: 'no',
  durationMs: 3,
})

test('a trial without events has done nothing and cost nothing', () => {
  const state = deriveTrialState([])
  expect(trialStateSchema.parse(state)).toEqual(state)
  expect(state.stages).toEqual({})
  expect(state.spending).toMatchObject({ calls: 0, costUsd: 0, knownCostUsd: 0 })
  expect(state.sandbox).toBeNull()
})

test.each<[name: string, events: NewEvent[], expected: object]>([
  ['started is unfinished', [started('idea')], { status: 'unfinished', attempt: 1, durationMs: null }],
  ['finished is done', [started('idea'), finished('idea')], { status: 'done', attempt: 1, durationMs: 7, code: null }],
  [
    'failed says why',
    [started('idea'), failed('idea')],
    { status: 'failed', code: 'refused', message: 'no', durationMs: 3 },
  ],
  ['failed without a start has its attempt too', [failed('idea', 2)], { status: 'failed', attempt: 2 }],
  [
    'started again forgets the failure',
    [started('idea'), failed('idea'), started('idea', 2)],
    { status: 'unfinished', attempt: 2, code: null, message: null },
  ],
  [
    'done after a failure keeps nothing of it',
    [failed('idea'), started('idea', 2), finished('idea', 2)],
    { status: 'done', attempt: 2, code: null },
  ],
])('a stage that %s', (_name, events, expected) => {
  expect(deriveTrialState(stamped(events)).stages).toEqual({ idea: expect.objectContaining(expected) })
})

test('stages are told apart, and the sandbox opened last is the one named', () => {
  const opened = (sandbox: string, isolated: boolean): NewEvent => ({
    type: 'sandbox-opened',
    stage: 'experiment',
    attempt: 1,
    sandbox,
    isolated,
    network: 'none',
  })
  const ran: NewEvent = {
    type: 'command-executed',
    stage: 'experiment',
    attempt: 1,
    step: 1,
    command: 'ls',
    exitCode: 0,
    exceededLimit: null,
    durationMs: 1,
    output: '',
    outputBytes: 0,
    outputTruncated: false,
  }
  const state = deriveTrialState(
    stamped([finished('idea'), started('experiment'), opened('host', false), ran, opened('bubblewrap', true), ran]),
  )
  expect(Object.keys(state.stages)).toEqual(['idea', 'experiment'])
  expect(state.stages.experiment?.status).toBe('unfinished')
  expect(state.commands).toBe(2)
  expect(state.sandbox).toEqual({ name: 'bubblewrap', isolated: true })
})
