import { APICallError } from '@ai-sdk/provider'
import { NoOutputGeneratedError } from 'ai'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import { ModelCallError } from './model-call-error.ts'

/**
 * What a value thrown by the AI SDK means for the call. The SDK's own idea of what to retry is about HTTP statuses; a good
 * status with an unreadable body, or an error inside a stream, is worth another try as well.
 */
export function classifyError(error: unknown): Error {
  if (error instanceof ModelCallError || error instanceof PrerequisiteError) return error
  const status = readStatus(error)
  const options = { retryable: true, retryAfterMs: readRetryAfter(readHeaders(error)), cause: error }
  const message = `${status === null ? '' : `HTTP ${status}: `}${shortMessage(error)}`
  const final = { ...options, retryable: false }
  if (isQuotaSpent(error)) return new ModelCallError('rate-limited', `${message} (the account's quota is spent)`, final)
  if (status === 401 || status === 403) return new ModelCallError('not-authorised', message, final)
  if (status === 429) return new ModelCallError('rate-limited', message, options)
  if (status !== null && (status === 408 || status === 409 || status >= 500))
    return new ModelCallError('provider-failed', message, options)
  if (status !== null && status >= 400) return new ModelCallError('rejected-request', message, final)
  if (isBrokenConnection(error))
    return new ModelCallError(status === null ? 'connection-broken' : 'cut-off', message, options)
  if (NoOutputGeneratedError.isInstance(error) || /ended without a finish/.test(message))
    return new ModelCallError('cut-off', message, options)
  if (isErrorInsideStream(error)) return new ModelCallError('provider-failed', message, options)
  return new ModelCallError('malformed-reply', `the provider's answer cannot be read: ${message}`, options)
}

/** Some messages quote a whole page of the provider's; its first words are enough to act on. */
function shortMessage(error: unknown): string {
  const message = describeError(error)
  return message.length > 300 ? `${message.slice(0, 300)} …` : message
}

/** HTTP status of an answer or of an error told inside a stream; null when there was none. */
function readStatus(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : null
}

function readHeaders(error: unknown): Record<string, string> | undefined {
  return APICallError.isInstance(error) ? error.responseHeaders : undefined
}

/** A 429 that no waiting helps against. */
function isQuotaSpent(error: unknown): boolean {
  if (APICallError.isInstance(error)) return /"insufficient_quota"/.test(error.responseBody ?? '')
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'insufficient_quota'
}

function isErrorInsideStream(error: unknown): boolean {
  return error instanceof Error && error.name === 'AI_StreamProviderError'
}

/** Milliseconds from `retry-after-ms`, or `retry-after` in seconds or as a date; null when absent, past or unreadable. */
export function readRetryAfter(headers: Record<string, string> | undefined): number | null {
  const inMs = Number.parseFloat(headers?.['retry-after-ms'] ?? '')
  if (inMs >= 0) return inMs
  const header = headers?.['retry-after']
  if (header === undefined) return null
  const seconds = Number(header)
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000
  return waitMs >= 0 ? waitMs : null
}

export function isTimeout(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === 'TimeoutError' || (error.name === 'AbortError' && isTimeout(error.cause)))
  )
}

const brokenCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (brokenCodes.has(code) || code.startsWith('UND_ERR') || error.message === 'terminated') return true
  return error.cause !== undefined && isBrokenConnection(error.cause)
}
