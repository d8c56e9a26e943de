import { describe, expect, test } from 'vitest'
import { explainEnd, type ProgramEnd } from './explain-end.ts'

const silent = { ending: 'unknown', message: '', costUsd: null, denials: 0 } as const
const ended = (more: Partial<ProgramEnd>): ProgramEnd => ({
  result: { exitCode: 0, exceededLimit: null },
  end: silent,
  stop: null,
  lastErrors: '',
  spoke: true,
  ...more,
})
const says = (ending: ProgramEnd['end']['ending'], message = 'so it says') => ({ ...silent, ending, message })

describe('how a coder ended', () => {
  test.each([
    ['call-limit', 'step-limit'],
    ['token-limit', 'token-limit'],
    ['cost-limit', 'cost-limit'],
  ] as const)('a gateway’s %s comes before what the program says', (code, ending) => {
    const stop = { code, message: 'no more' }
    for (const result of [null, { exitCode: 0, exceededLimit: null }])
      expect(explainEnd(ended({ result, stop, end: says('done') }))).toEqual({ ending, message: 'no more' })
  })

  test.each([
    ['wall-time', 'time-limit'],
    ['memory', 'memory-limit'],
    ['processes', 'process-limit'],
    ['disk', 'disk-limit'],
    ['output', 'output-limit'],
  ] as const)('the limit on %s that ended it', (exceededLimit, ending) => {
    expect(explainEnd(ended({ result: { exitCode: null, exceededLimit } })).ending).toBe(ending)
  })

  test('a limit that one of its commands ran into is not its own', () => {
    const result = { exitCode: 0, exceededLimit: 'memory' } as const
    expect(explainEnd(ended({ result, end: says('done') })).ending).toBe('done')
    expect(explainEnd(ended({ result: { ...result, exitCode: 1 } })).ending).toBe('memory-limit')
  })

  test.each(['done', 'refused', 'denied', 'model-failed', 'step-limit'] as const)('its own word: %s', (ending) => {
    expect(explainEnd(ended({ end: says(ending), result: { exitCode: 1, exceededLimit: null } }))).toEqual({
      ending,
      message: 'so it says',
    })
  })

  test('a limit on dollars that nobody set is its provider’s', () => {
    expect(explainEnd(ended({ end: says('cost-limit', 'credit is low') }))).toEqual({
      ending: 'model-failed',
      message: 'credit is low',
    })
  })

  test('a coder knows the meaning of its own exit codes', () => {
    const program = { explainExit: () => ({ ending: 'denied', message: 'as 41 says' }) as const }
    expect(explainEnd(ended({ end: says('done') }), program)).toEqual({ ending: 'denied', message: 'as 41 says' })
    expect(explainEnd(ended({}), { explainExit: () => null }).ending).toBe('crashed')
  })
})
