import { calcPrice } from '@pydantic/genai-prices'
import type { JSONObject } from '@ai-sdk/provider'
import type { ConnectedProvider } from '../models/connections.ts'
import { mostTokensPerImage, priceCall } from '../models/price.ts'
import { type Usage, unknownUsage } from '../schema/usage.ts'
import type { Inputs } from './wires/gateway-wire.ts'
import { countOf, isJson } from './wires/json.ts'

export interface PricedModel {
  readonly connected: ConnectedProvider
  readonly modelId: string
}

/** Dollars of a finished call; null when tokens or prices are not known. */
export function priceAnswer({ connected, modelId }: PricedModel, answer: { usage: Usage; raw: JSONObject | null }) {
  const { provider } = connected
  const costUsd = priceCall(provider, modelId, { usage: answer.usage, raw: answer.raw ?? undefined })
  const creation = answer.raw?.['cache_creation']
  const hourTokens = isJson(creation) ? (countOf(creation['ephemeral_1h_input_tokens']) ?? 0) : 0
  if (costUsd === null || hourTokens === 0 || provider.prices === null || provider.prices === 'free') return costUsd
  // list prices of a cache kept for an hour, which the usage of our own calls has no word for
  const written = { input_tokens: answer.usage.inputTokens ?? 0, cache_write_tokens: hourTokens, output_tokens: 0 }
  const options = { providerId: provider.prices }
  const short = calcPrice(written, modelId, options)?.total_price ?? 0
  const long = calcPrice({ ...written, cache_write_1h_tokens: hourTokens }, modelId, options)?.total_price ?? 0
  return costUsd + long - short
}

/** The largest context window there is: what a file of unknown length may fill, before the provider refuses it. */
const largestWindow = 1_048_576

/** Words with which providers describe tools to the model; above the counts they document, 313 to 735 tokens and 1,200 with a screen. */
const tokensOfSetting = { call: 1_000, describedTool: 1_500 }

/**
 * The most tokens a request can count as: no tokenizer makes more tokens than a text has bytes, pictures have a largest
 * count, and a PDF at most fills the model's context window.
 * @param bytes of the whole body as it is sent
 */
export function mostInputTokens(modelId: string, size: Inputs & { readonly bytes: number }): number {
  return (
    size.bytes -
    size.dataBytes +
    size.images * mostTokensPerImage(modelId) +
    size.documents * largestWindow +
    tokensOfSetting.call +
    size.describedTools * tokensOfSetting.describedTool
  )
}

/**
 * The most dollars so many tokens can cost: at list prices, all input fresh or all of it written to a cache, whichever is dearer.
 * @returns null where no price is known
 */
export function mostUsd(
  { connected, modelId }: PricedModel,
  { inputTokens, outputTokens, hourCache }: { inputTokens: number; outputTokens: number; hourCache: boolean },
): number | null {
  const usage = { ...unknownUsage, inputTokens, outputTokens }
  const write = { ephemeral_1h_input_tokens: hourCache ? inputTokens : 0 }
  const prices = [
    priceAnswer({ connected, modelId }, { usage, raw: null }),
    priceAnswer(
      { connected, modelId },
      { usage: { ...usage, cachedWriteTokens: inputTokens }, raw: { cache_creation: write } },
    ),
  ]
  const known = prices.filter((price) => price !== null)
  return known.length === 0 ? null : Math.max(...known)
}
