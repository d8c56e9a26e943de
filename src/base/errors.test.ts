import { expect, test } from 'vitest'
import { describeError, PrerequisiteError } from './errors.ts'

test('an error is told with all its causes, on one line', () => {
  const error = new PrerequisiteError('cannot go on:\n  no key', {
    cause: new Error('lookup failed', { cause: 'EPERM' }),
  })
  expect(describeError(error)).toBe('cannot go on: no key: lookup failed: EPERM')
})

test('what is no error is told as it is', () => {
  expect(describeError(undefined)).toBe('undefined')
  expect(describeError({ toString: () => 'odd' })).toBe('odd')
})
