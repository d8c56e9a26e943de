import type { LanguageModelUsage } from 'ai'
import { expect, test } from 'vitest'
import { readUsage } from './read-usage.ts'

const unknown = {
  inputTokens: null,
  outputTokens: null,
  cachedReadTokens: null,
  cachedWriteTokens: null,
  reasoningTokens: null,
}

/** As the SDK reports it. */
const reported = (usage: {
  tokens?: [input: number, output: number]
  read?: number
  write?: number
  reasoning?: number
  raw?: LanguageModelUsage['raw']
}): LanguageModelUsage => ({
  inputTokens: usage.tokens?.[0],
  outputTokens: usage.tokens?.[1],
  totalTokens: undefined,
  inputTokenDetails: { noCacheTokens: undefined, cacheReadTokens: usage.read, cacheWriteTokens: usage.write },
  outputTokenDetails: { textTokens: undefined, reasoningTokens: usage.reasoning },
  ...(usage.raw === undefined ? {} : { raw: usage.raw }),
})

test('nothing reported is unknown, not 0', () => {
  expect(readUsage(reported({}))).toEqual(unknown)
})

test('zeros that the SDK made up for an answer without usage are unknown', () => {
  expect(readUsage(reported({ tokens: [0, 0] }))).toEqual(unknown)
})

test('details that the answer does not have are unknown, though the SDK says 0', () => {
  const raw = { prompt_tokens: 100, completion_tokens: 50 }
  expect(readUsage(reported({ tokens: [100, 50], read: 0, reasoning: 0, raw }))).toEqual({
    ...unknown,
    inputTokens: 100,
    outputTokens: 50,
  })
})

test('a null in the answer is unknown as well', () => {
  const raw = { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: null }, completion_tokens_details: null }
  const usage = readUsage(reported({ tokens: [100, 50], read: 0, reasoning: 0, raw }))
  expect([usage.cachedReadTokens, usage.reasoningTokens]).toEqual([null, null])
})

test.each([
  ['Chat', { prompt_tokens_details: { cached_tokens: 0 }, completion_tokens_details: { reasoning_tokens: 0 } }],
  ['Responses', { input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } }],
  ['Anthropic', { cache_read_input_tokens: 0, output_tokens_details: { thinking_tokens: 0 } }],
  ['Google', { cachedContentTokenCount: 0, thoughtsTokenCount: 0 }],
])('a 0 that %s did say is a 0', (_, raw) => {
  expect(readUsage(reported({ tokens: [100, 50], read: 0, write: 0, reasoning: 0, raw }))).toEqual({
    inputTokens: 100,
    outputTokens: 50,
    cachedReadTokens: 0,
    cachedWriteTokens: 0,
    reasoningTokens: 0,
  })
})

test('a model without a wire format is taken at its word', () => {
  expect(readUsage(reported({ tokens: [7, 3], read: 0, write: 0, reasoning: 0 }))).toEqual({
    inputTokens: 7,
    outputTokens: 3,
    cachedReadTokens: 0,
    cachedWriteTokens: 0,
    reasoningTokens: 0,
  })
})
