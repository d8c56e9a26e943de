import type { GatewayStop } from './gateway.ts'

/** Why a call is not forwarded. Those of the limits end a caller's calls; the others are about one call. */
export type RefusalCode =
  | GatewayStop['code']
  | 'token-wrong'
  | 'not-found'
  | 'model-not-allowed'
  | 'wire-not-spoken'
  | 'body-too-large'
  | 'encoding-not-taken'
  | 'invalid-request'
  | 'hosted-tool'
  | 'kept-state'
  | 'remote-file'
  | 'uncounted-input'
  | 'uncounted-output'
  | 'other-model'
  | 'dearer-tier'
  | 'unknown-field'
  | 'call-too-large'
  | 'too-many-counts'
  | 'too-many-calls'
  | 'too-many-failures'
  | 'provider-failed'
  | 'timed-out'

/** What a caller is told when the gateway answers itself. */
export interface ErrorReply {
  readonly status: number
  readonly code: RefusalCode
  readonly message: string
}

/** A request that goes no further; the caller is told so in its provider's own words. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError'
  readonly code: RefusalCode

  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * The status of each refusal. A stop is 402, on which the coding agents we know give up at once: most of them try again for
 * minutes after 429, and Claude Code after 401.
 */
export function statusOf(code: RefusalCode): number {
  switch (code) {
    case 'token-wrong':
      return 401
    case 'call-limit':
    case 'token-limit':
    case 'cost-limit':
    case 'budget-spent':
    case 'not-authorised':
    case 'too-many-failures':
      return 402
    case 'not-found':
    case 'model-not-allowed':
    case 'wire-not-spoken':
      return 404
    case 'body-too-large':
      return 413
    case 'encoding-not-taken':
      return 415
    case 'provider-failed':
      return 502
    case 'too-many-calls':
      return 503
    case 'timed-out':
      return 504
    case 'invalid-request':
    case 'hosted-tool':
    case 'kept-state':
    case 'remote-file':
    case 'uncounted-input':
    case 'uncounted-output':
    case 'other-model':
    case 'dearer-tier':
    case 'unknown-field':
    case 'call-too-large':
    case 'too-many-counts':
      return 400
  }
}

const stopCodes: ReadonlySet<RefusalCode> = new Set<GatewayStop['code']>([
  'call-limit',
  'token-limit',
  'cost-limit',
  'budget-spent',
  'not-authorised',
])
/**
 * Whether it counts among the failures that a caller may have: it was sent and came to nothing, or would be refused as often as it is tried
 * again.
 */
export const isFailure = (code: RefusalCode): boolean =>
  code === 'provider-failed' || code === 'timed-out' || code === 'call-too-large'

/** Whether it ends all calls of its caller. */
export const isStop = (code: RefusalCode): code is GatewayStop['code'] => stopCodes.has(code)

/** Whether a client that tries again may have more luck. */
export const isWorthRetrying = (status: number): boolean => status >= 500

const plainStops: Partial<Record<RefusalCode, string>> = {
  'call-limit': 'all calls of this experiment are made',
  'token-limit': 'the tokens of this experiment are used up',
  'cost-limit': 'the dollars of this experiment are spent',
  'budget-spent': 'the budget of this run is spent',
}

/**
 * What a caller is told: of a limit that is reached not the figures, which stand in the event. opencode takes a 429, 500 or 503 anywhere in an
 * error's text for a passing fault, and tries again.
 */
export function wordsFor({ code, message }: RefusalError): string {
  return /\d/.test(message) ? (plainStops[code] ?? message) : message
}
