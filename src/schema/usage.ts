import { z } from 'zod'

const tokens = z.int().nonnegative().nullable()

/** Tokens of one call or a sum of calls, as providers report them. Null: not reported, which is not 0. */
export const usageSchema = z.strictObject({
  /** All input, cached input included. */
  inputTokens: tokens,
  /** All output, reasoning included. */
  outputTokens: tokens,
  cachedReadTokens: tokens,
  cachedWriteTokens: tokens,
  reasoningTokens: tokens,
})
export type Usage = z.infer<typeof usageSchema>

export const unknownUsage: Usage = {
  inputTokens: null,
  outputTokens: null,
  cachedReadTokens: null,
  cachedWriteTokens: null,
  reasoningTokens: null,
}
