import { describe, expect, test } from 'vitest'
import type { Usage } from '../schema/usage.ts'
import { type ProviderName, providers } from './index.ts'
import { contextWindow, priceCall, upperBoundUsd } from './price.ts'

const none: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedReadTokens: 0,
  cachedWriteTokens: 0,
  reasoningTokens: 0,
}
const price = (provider: ProviderName, model: string, usage: Partial<Usage>) =>
  priceCall(providers[provider], model, { usage: { ...none, ...usage } })

/** Worked out by hand from the list prices in dollars a million tokens, input and output. */
describe('the price of a call', () => {
  test.each<[ProviderName, string, number]>([
    // 200,000 x 1.10 + 10,000 x 4.40 = 0.22 + 0.044
    ['openai', 'o4-mini-2025-04-16', 0.264],
    ['openai', 'o4-mini', 0.264],
    // 200,000 x 3 + 10,000 x 15 = 0.60 + 0.15
    ['anthropic', 'claude-3-7-sonnet-20250219', 0.75],
    // 200,000 x 2.50 + 10,000 x 10 = 0.50 + 0.10
    ['openai', 'gpt-4o-search-preview-2025-03-11', 0.6],
    // 200,000 x 1.25 + 10,000 x 10 = 0.25 + 0.10
    ['openrouter', 'google/gemini-2.5-pro', 0.35],
    ['openrouter', 'google/gemini-2.5-pro-preview', 0.35],
  ])('%s/%s is that of its list', (provider, model, dollars) => {
    expect(price(provider, model, { inputTokens: 200_000, outputTokens: 10_000 })).toBeCloseTo(dollars, 9)
  })

  test('takes cached input at its own prices', () => {
    // 100,000 x 3 + 60,000 x 0.30 + 40,000 x 3.75 + 10,000 x 15 = 0.30 + 0.018 + 0.15 + 0.15
    const usage = { inputTokens: 200_000, outputTokens: 10_000, cachedReadTokens: 60_000, cachedWriteTokens: 40_000 }
    expect(price('anthropic', 'claude-3-7-sonnet-20250219', usage)).toBeCloseTo(0.618, 9)
  })

  test('does not charge reasoning besides the output it is part of', () => {
    const usage = { inputTokens: 0, outputTokens: 10_000, reasoningTokens: 9_000 }
    expect(price('openai', 'o4-mini', usage)).toBeCloseTo(0.044, 9)
  })

  const some = { inputTokens: 1, outputTokens: 1 }
  test.each<{ of: string; provider: ProviderName; model: string; usage: Partial<Usage> }>([
    { of: 'a model that is not listed', provider: 'openai', model: 'no-such-model', usage: some },
    { of: 'a server without prices', provider: 'openai-compatible', model: 'o4-mini', usage: some },
    { of: 'unknown input', provider: 'openai', model: 'o4-mini', usage: { ...some, inputTokens: null } },
    { of: 'unknown output', provider: 'openai', model: 'o4-mini', usage: { ...some, outputTokens: null } },
  ])('is unknown for $of', ({ provider, model, usage }) => {
    expect(price(provider, model, usage)).toBeNull()
  })

  test.each<ProviderName>(['scripted', 'ollama'])('is nothing for %s, even where no tokens are told', (provider) => {
    expect(price(provider, 'any', { inputTokens: null, outputTokens: null })).toBe(0)
  })
})

test('a context window is that of the tables, and unknown where they do not say', () => {
  expect(contextWindow(providers.anthropic, 'claude-sonnet-4-5')).toBe(200_000)
  expect(contextWindow(providers.openai, 'no-such-model')).toBeNull()
  expect(contextWindow(providers.ollama, 'any')).toBeNull()
})

describe('what OpenRouter says it charged', () => {
  const usage = { ...none, inputTokens: 1_000_000, outputTokens: 0 }
  const charged = (raw: Record<string, unknown>, model = 'google/gemini-2.5-pro') =>
    priceCall(providers.openrouter, model, { usage, raw: raw as never })

  test('wins over the list, also for models that are not on it', () => {
    expect(charged({ cost: 0.25, is_byok: false, cost_details: { upstream_inference_cost: null } })).toBe(0.25)
    expect(charged({ cost: 0.25 }, 'some/new-model')).toBe(0.25)
    expect(charged({ cost: 0 }, 'some/free-model')).toBe(0)
  })

  test('is only its fee when the key behind it is the user’s own', () => {
    expect(charged({ cost: 0.01, is_byok: true, cost_details: { upstream_inference_cost: 0.2 } })).toBeCloseTo(0.21, 9)
  })
})

describe('the upper bound of a call', () => {
  const size = { textBytes: 10_000, images: 0, maxOutputTokens: 1_000 }

  test('takes every byte for a token and the answer as long as allowed', () => {
    // 10,000 x 3 + 1,000 x 15 dollars a million
    expect(upperBoundUsd(providers.anthropic, 'claude-3-7-sonnet-20250219', size)).toBeCloseTo(0.045, 9)
  })

  test('counts images, by what the model makes of them at most', () => {
    const bound = upperBoundUsd(providers.anthropic, 'claude-3-7-sonnet-20250219', { ...size, images: 2 })
    // 2 x 12,000 x 3
    expect(bound).toBeCloseTo(0.045 + 0.072, 9)
    // 10,000 x 0.15 + 1,000 x 0.60, and 2 x 48,169 x 0.15
    const mini = upperBoundUsd(providers.openai, 'gpt-4o-mini', { ...size, images: 2 })
    expect(mini).toBeCloseTo(0.0021 + 0.0144507, 9)
  })

  test('is unknown where the price is, and nothing where nothing is charged', () => {
    expect(upperBoundUsd(providers.openai, 'no-such-model', size)).toBeNull()
    expect(upperBoundUsd(providers.scripted, 'honest', size)).toBe(0)
  })
})
