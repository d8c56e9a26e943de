import type { LanguageModelUsage } from 'ai'
import { type Usage, unknownUsage } from '../schema/usage.ts'

/** Where the wire formats say how many tokens came from the cache or went into thinking. */
const cachedReadPaths = [
  'prompt_tokens_details.cached_tokens',
  'input_tokens_details.cached_tokens',
  'cache_read_input_tokens',
  'cachedContentTokenCount',
]
const reasoningPaths = [
  'completion_tokens_details.reasoning_tokens',
  'output_tokens_details.reasoning_tokens',
  'output_tokens_details.thinking_tokens',
  'thoughtsTokenCount',
]

/** Tokens as the provider reported them. The SDK says 0 for some numbers that are not in the answer; here they are null. */
export function readUsage(usage: LanguageModelUsage): Usage {
  const { raw } = usage
  if (raw === undefined && (usage.inputTokens ?? 0) === 0 && (usage.outputTokens ?? 0) === 0) return unknownUsage
  const reported = (value: number | undefined, paths: readonly string[]): number | null =>
    value === undefined || (raw !== undefined && !paths.some((path) => typeof valueAt(raw, path) === 'number'))
      ? null
      : value
  return {
    inputTokens: usage.inputTokens ?? null,
    outputTokens: usage.outputTokens ?? null,
    cachedReadTokens: reported(usage.inputTokenDetails.cacheReadTokens, cachedReadPaths),
    cachedWriteTokens: usage.inputTokenDetails.cacheWriteTokens ?? null,
    reasoningTokens: reported(usage.outputTokenDetails.reasoningTokens, reasoningPaths),
  }
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value)
}
