import type { LanguageModelV4 } from '@ai-sdk/provider'
import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { modelSettingsSchema } from '../schema/config.ts'
import type { ConnectedProvider } from './connections.ts'
import { generate } from './generate.ts'
import type { CallContext } from './model.ts'

/** A provider whose one model does what it is told once it is asked. */
function connect(whenAsked: (signal: AbortSignal | undefined) => Promise<never>): ConnectedProvider {
  const model: LanguageModelV4 = {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'test',
    supportedUrls: {},
    doGenerate: ({ abortSignal }) => whenAsked(abortSignal),
    doStream: ({ abortSignal }) => whenAsked(abortSignal),
  }
  return {
    name: 'test',
    provider: {
      keyVariable: null,
      defaultBaseUrl: null,
      structuredOutput: false,
      prices: 'free',
      wires: [],
      keyHeader: 'authorization',
      open: () => ({ languageModel: () => model }),
    },
    connection: { baseUrl: 'test:', apiKey: null },
    concurrency: 1,
    wires: [],
  }
}

const neverAnswers = (signal: AbortSignal | undefined) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))

const ask = (provider: ConnectedProvider, signal: AbortSignal, change: { stream: boolean; timeoutMs?: number }) => {
  const settings = modelSettingsSchema.parse({ model: 'test/test', ...change })
  const request = { system: '', messages: [{ role: 'user' as const, content: 'Hello' }], maxOutputTokens: 1 }
  const purpose = { kind: 'stage', stage: 'idea', attempt: 1, step: 1 } as const
  const context: CallContext = { purpose, cacheScope: '', append: () => {}, signal }
  return generate(provider, { settings, request }, context)
}

describe.each([
  { way: 'streaming', stream: true },
  { way: 'not streaming', stream: false },
])('one try, $way', ({ stream }) => {
  test('rejects with the reason of the signal, not with what the abort made of the call', async () => {
    const stop = new AbortController()
    const asked = Promise.withResolvers<void>()
    const provider = connect((signal) => {
      asked.resolve()
      return neverAnswers(signal)
    })
    const answer = ask(provider, stop.signal, { stream })
    await asked.promise
    stop.abort('enough')
    await expect(answer).rejects.toBe('enough')
  })

  test('is never made when the signal was aborted before', async () => {
    let asked = false
    const provider = connect((signal) => {
      asked = true
      return neverAnswers(signal)
    })
    await expect(ask(provider, AbortSignal.abort('early'), { stream })).rejects.toBe('early')
    expect(asked).toBe(false)
  })

  test('is over at its own time-out, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController()
    const answer = ask(connect(neverAnswers), signal, { stream, timeoutMs: 20 })
    await expect(answer).rejects.toMatchObject({ code: 'timed-out', retryable: true })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
