/** Why a call gave nothing usable. Stages and judges record the code; only some are worth another try. */
export type ModelCallCode =
  | 'rate-limited'
  | 'provider-failed'
  | 'connection-broken'
  | 'cut-off'
  | 'timed-out'
  | 'malformed-reply'
  | 'empty-reply'
  | 'refused'
  | 'not-authorised'
  | 'rejected-request'
  | 'budget-spent'

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
