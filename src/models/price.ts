import { calcPrice } from '@pydantic/genai-prices'
import type { JSONObject } from '@ai-sdk/provider'
import { z } from 'zod'
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
  const charged = chargedUsd(call.raw)
  if (charged !== null) return charged
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

/** With a key of the user's own behind OpenRouter, `cost` is its fee alone and the model is charged there. */
function chargedUsd(raw: JSONObject | undefined): number | null {
  const parsed = chargeSchema.safeParse(raw)
  if (!parsed.success) return null
  const { cost, is_byok, cost_details } = parsed.data
  if (is_byok !== true) return cost
  const upstream = cost_details?.upstream_inference_cost ?? null
  return upstream === null ? null : cost + upstream
}

const chargeSchema = z.object({
  cost: z.number().nonnegative(),
  is_byok: z.boolean().nullish(),
  cost_details: z.object({ upstream_inference_cost: z.number().nonnegative().nullish() }).nullish(),
})

/**
 * Tokens that a picture may count for at most. GPT-4o mini counts up to eight tiles of 5,667 tokens and 2,833 for the whole;
 * the others count at most some 10,000 patches (OpenAI at original detail), and mostly far fewer.
 */
export const mostTokensPerImage = (modelId: string): number => (modelId.includes('gpt-4o-mini') ? 48_169 : 12_000)

/**
 * Tokens that a model reads and writes at most, by the price tables: no answer is longer.
 * @returns null where they do not say
 */
export function contextWindow({ prices }: ModelProvider, modelId: string): number | null {
  if (prices === null || prices === 'free') return null
  const priced = calcPrice({ input_tokens: 0, output_tokens: 0 }, modelId, { providerId: prices })
  return priced?.model.context_window ?? null
}

/**
 * The most a call can cost: every byte a token of its own, and the answer as long as allowed. What a provider's web
 * searches add, fees and tokens, comes on top and is not known beforehand.
 */
export function upperBoundUsd(
  provider: ModelProvider,
  modelId: string,
  size: { textBytes: number; images: number; maxOutputTokens: number },
): number | null {
  return priceCall(provider, modelId, {
    usage: {
      inputTokens: size.textBytes + size.images * mostTokensPerImage(modelId),
      outputTokens: size.maxOutputTokens,
      cachedReadTokens: 0,
      cachedWriteTokens: 0,
      reasoningTokens: 0,
    },
  })
}
