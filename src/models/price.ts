import { calcPrice } from '@pydantic/genai-prices'
import type { JSONObject } from '@ai-sdk/provider'
import type { Usage } from '../schema/usage.ts'
import type { ModelProvider } from './model.ts'

/**
 * Dollars for a call: what the provider itself charged where it says so (OpenRouter), else list prices.
 * @param raw usage as the provider reported it
 * @returns null when tokens or prices are not known
 */
export function priceCall(
  provider: ModelProvider,
  modelId: string,
  call: { usage: Usage; raw?: JSONObject | undefined },
): number | null {
  if (provider.prices === 'free') return 0
  if (typeof call.raw?.['cost'] === 'number') return call.raw['cost']
  const { inputTokens, outputTokens, cachedReadTokens, cachedWriteTokens } = call.usage
  if (provider.prices === null || inputTokens === null || outputTokens === null) return null
  const priced = calcPrice(
    {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cache_read_tokens: cachedReadTokens ?? 0,
      cache_write_tokens: cachedWriteTokens ?? 0,
    },
    modelId,
    { providerId: provider.prices },
  )
  return priced?.total_price ?? null
}

/** Tokens an image may count for at most, over the providers' own rules; well above what they document. */
const tokensPerImage = 6_000

/**
 * The most a call can cost: every byte a token of its own, and the answer as long as allowed. Fees for a provider's web
 * searches come on top and are not known beforehand.
 */
export function upperBoundUsd(
  provider: ModelProvider,
  modelId: string,
  size: { textBytes: number; images: number; maxOutputTokens: number },
): number | null {
  return priceCall(provider, modelId, {
    usage: {
      inputTokens: size.textBytes + size.images * tokensPerImage,
      outputTokens: size.maxOutputTokens,
      cachedReadTokens: 0,
      cachedWriteTokens: 0,
      reasoningTokens: 0,
    },
  })
}
