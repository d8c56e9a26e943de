import { z } from 'zod'
import { parseJson } from '../../base/parse-json.ts'
import type { Stage } from '../../schema/stage.ts'
import { type Usage, unknownUsage } from '../../schema/usage.ts'
import { type SourceEvent, unreportedCall } from '../importer.ts'
import { publishedCostUsd } from './prices.ts'

const tokens = z.int().nonnegative()

/** OpenAI's shape: input with what came from a cache. */
const totalsSchema = z.object({ prompt_tokens: tokens, completion_tokens: tokens })
/** Anthropic's shape: what was written to and read from a cache stands beside the input. */
const cachingSchema = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_read_input_tokens: tokens,
})

/** Tokens of a `*_token_usage.json`; null when it has neither of the two shapes. */
export function readTokenUsage(text: string): Usage | null {
  const value = parseJson(text)
  const totals = totalsSchema.safeParse(value)
  if (totals.success)
    return {
      ...unknownUsage,
      inputTokens: totals.data.prompt_tokens,
      outputTokens: totals.data.completion_tokens,
    }
  const caching = cachingSchema.safeParse(value)
  if (!caching.success) return null
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = caching.data
  return {
    inputTokens: input_tokens + cache_creation_input_tokens + cache_read_input_tokens,
    outputTokens: output_tokens,
    cachedReadTokens: cache_read_input_tokens,
    cachedWriteTokens: cache_creation_input_tokens,
    reasoningTokens: null,
  }
}

/** The one call of a writing stage, at the published prices. */
export function callEvent(stage: Stage, model: string, usage: Usage): SourceEvent {
  return {
    ...unreportedCall,
    callId: `imported-${stage}`,
    purpose: { kind: 'stage', stage, attempt: 1, step: 1 },
    model,
    usage,
    costUsd: publishedCostUsd(model, usage),
  }
}
