import { inspect } from 'node:util'
import { APICallError, InvalidPromptError, UnsupportedFunctionalityError } from '@ai-sdk/provider'
import { InvalidArgumentError, NoOutputGeneratedError } from 'ai'
import { z } from 'zod'
import { parseJson } from '../base/parse-json.ts'
import { describeError, PrerequisiteError } from '../base/errors.ts'
import { ModelCallError } from './model-call-error.ts'

/**
 * What a value thrown by the AI SDK means for the call. The SDK's own idea of what to retry is about HTTP statuses; a good
 * status with an unreadable body, or an error inside a stream, is worth another try as well.
 * @param apiKey blotted out wherever the provider quotes it
 */
export function classifyError(error: unknown, apiKey: string | null): Error {
  if (error instanceof ModelCallError || error instanceof PrerequisiteError) return error
  const told = readToldError(error)
  const status = typeof told?.code === 'number' ? told.code : readStatus(error)
  // a cause that quotes the key would carry it to wherever errors are printed
  const cause = apiKey && inspect(error, everything).includes(apiKey) ? undefined : error
  const options = { retryable: true, retryAfterMs: readRetryAfter(readHeaders(error)), cause }
  const message = shorten(
    `${status === null ? '' : `HTTP ${status}: `}${told?.message ?? describeError(error)}`,
    apiKey,
  )
  const final = { ...options, retryable: false }
  if (told?.code === 'insufficient_quota' || isQuotaSpent(error))
    return new ModelCallError('rate-limited', `${message} (the account's quota is spent)`, final)
  if (status === 401 || status === 403) return new ModelCallError('not-authorised', message, final)
  if (status === 429) return new ModelCallError('rate-limited', message, options)
  if (status !== null && (status === 408 || status === 409 || status >= 500))
    return new ModelCallError('provider-failed', message, options)
  if (status !== null && status >= 400) return new ModelCallError('rejected-request', message, final)
  if (isBrokenConnection(error))
    return new ModelCallError(status === null ? 'connection-broken' : 'cut-off', message, options)
  if (NoOutputGeneratedError.isInstance(error) || /ended without a finish/.test(message))
    return new ModelCallError('cut-off', message, options)
  if (told !== null || isErrorInsideStream(error)) return new ModelCallError('provider-failed', message, options)
  if (isFaultyRequest(error)) return new ModelCallError('rejected-request', message, final)
  return new ModelCallError('malformed-reply', `the provider's answer cannot be read: ${message}`, options)
}

const everything = { depth: null, maxStringLength: null, maxArrayLength: null }

/** Some messages quote a whole page of the provider's; its first words are enough to act on. */
function shorten(text: string, apiKey: string | null): string {
  const message = apiKey ? text.replaceAll(apiKey, '[key]') : text
  return message.length > 300 ? `${message.slice(0, 300)} …` : message
}

const toldErrorSchema = z.object({ message: z.string(), code: z.union([z.number(), z.string()]).nullish() })
const errorBodySchema = z
  .string()
  .transform(parseJson)
  .pipe(z.object({ error: toldErrorSchema }))

/** An error told under a good status, as OpenRouter does when the model behind it fails late; its code is then a status. */
function readToldError(error: unknown): z.infer<typeof toldErrorSchema> | null {
  if (!APICallError.isInstance(error) || error.statusCode !== 200) return null
  // one client hands on the error itself, the others the whole body
  return toldErrorSchema.safeParse(error.data).data ?? errorBodySchema.safeParse(error.responseBody).data?.error ?? null
}

/** What the SDK refuses to send, and would refuse again. */
function isFaultyRequest(error: unknown): boolean {
  return (
    InvalidPromptError.isInstance(error) ||
    InvalidArgumentError.isInstance(error) ||
    UnsupportedFunctionalityError.isInstance(error)
  )
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
