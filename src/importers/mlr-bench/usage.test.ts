import { expect, test } from 'vitest'
import { unknownUsage } from '../../schema/usage.ts'
import { publishedCostUsd } from './prices.ts'
import { readTokenUsage } from './usage.ts'

test('reads both shapes of token usage, and neither guesses nor fills in', () => {
  expect(readTokenUsage('{"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}')).toEqual({
    inputTokens: 7,
    outputTokens: 2,
    cachedReadTokens: null,
    cachedWriteTokens: null,
    reasoningTokens: null,
  })
  for (const text of [
    '',
    '{}',
    '{"prompt_tokens": -1, "completion_tokens": 2}',
    '{"input_tokens": 1, "output_tokens": 1}',
  ])
    expect(readTokenUsage(text)).toBeNull()
})

test('prices cached input by itself, and models without a published price not at all', () => {
  const usage = { ...unknownUsage, inputTokens: 1_000_000, outputTokens: 0, cachedReadTokens: 400_000 }
  expect(publishedCostUsd('anthropic/claude-3-7-sonnet-20250219', usage)).toBeCloseTo(0.6 * 3 + 0.4 * 0.3, 12)
  expect(publishedCostUsd('openrouter/google/gemini-2.5-pro-preview-05-06', usage)).toBeCloseTo(1.25, 12)
  expect(publishedCostUsd('openrouter/qwen/qwen3-235b-a22b', usage)).toBeNull()
  expect(publishedCostUsd('openai/o4-mini', { ...usage, outputTokens: null })).toBeNull()
})
