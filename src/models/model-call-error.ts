/** Why a call gave nothing usable. Stages and judges record the code; only some are worth another try. */
const modelCallCodes = [
  'rate-limited',
  'provider-failed',
  'connection-broken',
  'cut-off',
  'timed-out',
  'malformed-reply',
  'not-authorised',
  'rejected-request',
  'budget-spent',
  'cost-limit',
] as const
export type ModelCallCode = (typeof modelCallCodes)[number]

const codes: ReadonlySet<string> = new Set(modelCallCodes)
export const isModelCallCode = (code: string): code is ModelCallCode => codes.has(code)

/** Faults after the provider may have begun to answer: what they cost is never told, and may be anything up to the bound. */
const costlyCodes: ReadonlySet<string> = new Set<ModelCallCode | 'aborted'>([
  'cut-off',
  'timed-out',
  'malformed-reply',
  'aborted',
])
export const mayHaveCost = (code: string): boolean => costlyCodes.has(code)

/** What the user must put right: no answer of any model would change it, so it ends the work and is nobody's failure. */
const userCodes: ReadonlySet<string> = new Set<ModelCallCode>(['budget-spent', 'not-authorised'])
export const isForUser = (code: string): boolean => userCodes.has(code)

/** A model call that failed for good, or one try of it. */
export class ModelCallError extends Error {
  override readonly name = 'ModelCallError'
  readonly code: ModelCallCode
  /** Whether sending the same request again may help. */
  readonly retryable: boolean
  /** What the provider asked to wait, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null

  constructor(
    code: ModelCallCode,
    message: string,
    options: { retryable: boolean; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}
