import { APICallError, UnsupportedFunctionalityError } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import { classifyError, readRetryAfter } from './classify-error.ts'
import { ModelCallError } from './model-call-error.ts'

const httpError = (
  statusCode: number,
  more: { body?: string; headers?: Record<string, string>; message?: string; cause?: unknown } = {},
) =>
  new APICallError({
    message: more.message ?? 'said by the provider',
    url: 'http://127.0.0.1/v1',
    requestBodyValues: {},
    statusCode,
    cause: more.cause,
    ...(more.headers === undefined ? {} : { responseHeaders: more.headers }),
    ...(more.body === undefined ? {} : { responseBody: more.body }),
  })

const classified = (error: unknown, apiKey: string | null = null): ModelCallError => {
  const found = classifyError(error, apiKey)
  if (!(found instanceof ModelCallError)) throw new Error('not a failed call', { cause: found })
  return found
}

describe('an HTTP status', () => {
  test.each([
    [400, 'rejected-request', false],
    [401, 'not-authorised', false],
    [402, 'rejected-request', false],
    [403, 'not-authorised', false],
    [404, 'rejected-request', false],
    [408, 'provider-failed', true],
    [409, 'provider-failed', true],
    [413, 'rejected-request', false],
    [422, 'rejected-request', false],
    [429, 'rate-limited', true],
    [500, 'provider-failed', true],
    [502, 'provider-failed', true],
    [503, 'provider-failed', true],
    [504, 'provider-failed', true],
    [529, 'provider-failed', true],
    [200, 'malformed-reply', true],
  ])('%i is %s, and another try may help: %s', (status, code, retryable) => {
    expect(classified(httpError(status))).toMatchObject({ code, retryable, retryAfterMs: null })
  })

  test('stands in the message with what the provider said', () => {
    expect(classified(httpError(500)).message).toBe('HTTP 500: said by the provider')
  })

  test('429 carries what the provider asks to wait', () => {
    expect(classified(httpError(429, { headers: { 'retry-after': '7' } })).retryAfterMs).toBe(7_000)
  })

  test('429 for a spent quota is final', () => {
    const error = httpError(429, { body: '{"error":{"code":"insufficient_quota"}}' })
    expect(classified(error)).toMatchObject({ code: 'rate-limited', retryable: false })
    expect(classified(error).message).toContain('quota is spent')
  })
})

describe('an error told under status 200', () => {
  const told = (code: unknown) =>
    classified(
      httpError(200, { message: 'Invalid JSON response', body: JSON.stringify({ error: { message: 'told', code } }) }),
    )

  test.each([
    [400, 'rejected-request', false],
    [429, 'rate-limited', true],
    [502, 'provider-failed', true],
    ['server_error', 'provider-failed', true],
    [null, 'provider-failed', true],
    ['insufficient_quota', 'rate-limited', false],
  ])('with code %s is %s', (code, expected, retryable) => {
    expect(told(code)).toMatchObject({ code: expected, retryable, message: expect.stringContaining('told') })
  })
})

test.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
  '%s, however deep, is a broken connection',
  (code) => {
    const cause = new Error('fetch failed', { cause: Object.assign(new Error('low'), { code }) })
    expect(classified(new Error('Cannot connect to API', { cause }))).toMatchObject({
      code: 'connection-broken',
      retryable: true,
    })
  },
)

test('a connection that broke after the status was told cut the answer off', () => {
  const error = httpError(200, { cause: new TypeError('terminated') })
  expect(classified(error)).toMatchObject({ code: 'cut-off', retryable: true })
})

test('what the SDK refuses to send is not sent again', () => {
  const error = new UnsupportedFunctionalityError({ functionality: 'audio' })
  expect(classified(error)).toMatchObject({ code: 'rejected-request', retryable: false })
})

test('what is classified already, or for the user to mend, stays as it is', () => {
  const known = new ModelCallError('rejected-request', 'no', { retryable: false })
  const prerequisite = new PrerequisiteError('set a key')
  expect(classifyError(known, 'k')).toBe(known)
  expect(classifyError(prerequisite, 'k')).toBe(prerequisite)
})

test('a whole page in a message is shortened', () => {
  expect(classified(httpError(500, { message: 'x'.repeat(5_000) })).message.length).toBeLessThan(320)
})

describe('a key that the provider quotes', () => {
  const key = 'sk-secret-0123456789'

  test('stands neither in the message nor in anything below it', () => {
    const quoting = httpError(401, { message: `bad key ${key}, ${key}`, body: `{"error":"${key}"}` })
    const error = classified(new Error('outer', { cause: quoting }), key)
    expect(describeError(error)).not.toContain(key)
    expect(describeError(error)).toContain('bad key [key], [key]')
    expect(error.cause).toBeUndefined()
  })

  test('is not left in part where a long message is shortened', () => {
    for (let before = 260; before < 300; before += 1) {
      const error = classified(httpError(401, { message: `${'x'.repeat(before)}${key}` }), key)
      expect(error.message).not.toContain(key.slice(0, 4))
    }
  })

  test('other causes are kept', () => {
    const cause = httpError(401)
    expect(classified(cause, key).cause).toBe(cause)
  })
})

describe('what a provider asks to wait', () => {
  test.each([
    ['seconds', { 'retry-after': '3' }, 3_000],
    ['parts of a second', { 'retry-after': '0.25' }, 250],
    ['no time at all', { 'retry-after': '0' }, 0],
    ['milliseconds, which win', { 'retry-after-ms': '1500', 'retry-after': '3' }, 1_500],
    ['seconds, where the milliseconds are junk', { 'retry-after-ms': 'soon', 'retry-after': '3' }, 3_000],
    ['a date long past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, null],
    ['a negative number', { 'retry-after': '-5' }, null],
    ['junk', { 'retry-after': 'in a while' }, null],
    ['nothing', {}, null],
  ])('%s', (_, headers, expected) => {
    expect(readRetryAfter(headers as Record<string, string>)).toBe(expected)
  })

  test('an HTTP date', () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toUTCString()
    const waitMs = readRetryAfter({ 'retry-after': inAnHour })
    expect(waitMs).toBeGreaterThan(3_500_000)
    expect(waitMs).toBeLessThanOrEqual(3_600_000)
  })

  test('no headers at all', () => {
    expect(readRetryAfter(undefined)).toBeNull()
  })
})
