import type { Usage } from '../../schema/usage.ts'

/** Dollars per million tokens. */
interface Price {
  readonly input: number
  readonly output: number
  readonly cachedWrite?: number
  readonly cachedRead?: number
}

/**
 * What the published costs were computed with (arXiv 2505.19955): list prices of spring 2025, kept here because a price table
 * of today would give other sums. By the model's name without date and provider.
 */
const prices: readonly (readonly [model: RegExp, price: Price])[] = [
  [/\/gpt-4o-search-preview/, { input: 2.5, output: 10 }],
  [/\/o4-mini/, { input: 1.1, output: 4.4 }],
  [/\/gemini-2\.5-pro/, { input: 1.25, output: 10 }],
  [/\/claude-3-7-sonnet/, { input: 3, output: 15, cachedWrite: 3.75, cachedRead: 0.3 }],
]

/**
 * Dollars for a call at the published prices.
 * @param model `provider/model`
 * @returns null when the model has no published price, or the tokens are not known
 */
export function publishedCostUsd(model: string, usage: Usage): number | null {
  const price = prices.find(([pattern]) => pattern.test(model))?.[1]
  if (price === undefined || usage.inputTokens === null || usage.outputTokens === null) return null
  const written = usage.cachedWriteTokens ?? 0
  const read = usage.cachedReadTokens ?? 0
  const plain = usage.inputTokens - written - read
  const dollars =
    plain * price.input +
    written * (price.cachedWrite ?? price.input) +
    read * (price.cachedRead ?? price.input) +
    usage.outputTokens * price.output
  return dollars / 1_000_000
}
