import { calcPrice } from '@pydantic/genai-prices'
import { modelId } from './model-id.ts'

/**
 * Dollars for so many output tokens at list prices, without loading any provider.
 * @param model `provider/model`
 * @returns null when its price is not known
 */
export function priceOutput(model: string, outputTokens: number): number | null {
  const providerId = model.slice(0, model.indexOf('/'))
  const priced = calcPrice({ input_tokens: 0, output_tokens: outputTokens }, modelId({ model }), { providerId })
  return priced?.total_price ?? null
}
