import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, jsonSchema, type LanguageModel, streamText, tool } from 'ai'
import { Agent, fetch as undiciFetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { gatewayToken, openTestGateway } from './support/gateway.ts'
import { startProviderServer } from './support/provider-server.ts'

/** The clients that programs use, pointed at the gateway as a program inside a sandbox would be. */
function clientsAt(socketPath: string): Record<string, LanguageModel> {
  const dispatcher = new Agent({ connect: { socketPath } })
  const fetch = ((input: string, init: object) =>
    undiciFetch(input, { ...init, dispatcher })) as unknown as typeof globalThis.fetch
  const at = (path: string) => ({ baseURL: `http://127.0.0.1/coder/${path}`, apiKey: gatewayToken, fetch })
  return {
    anthropic: createAnthropic(at('anthropic/v1'))('claude-sonnet-4-5'),
    responses: createOpenAI(at('openai/v1')).responses('o4-mini'),
    chat: createOpenAI(at('openai/v1')).chat('gpt-4o'),
    compatible: createOpenAICompatible({ name: 'gateway', ...at('openai/v1') })('gpt-4o'),
    google: createGoogleGenerativeAI(at('google/v1beta'))('gemini-2.5-pro'),
  }
}

const names = Object.keys(clientsAt('nowhere'))
const usage = { input: 100, output: 50 }
const run = tool({
  inputSchema: jsonSchema({ type: 'object', properties: { command: { type: 'string' } } }),
  execute: () => 'done',
})

describe.each(names)("%s's own client", (name) => {
  test.each([true, false])('works with tools, pictures and answers: streaming %s', async (stream) => {
    const toolCalls = [{ name: 'run', arguments: { command: 'ls' } }]
    await using server = await startProviderServer(({ index }) =>
      index === 0 ? { kind: 'message', text: '', usage, toolCalls } : { kind: 'message', text: 'All is done.', usage },
    )
    await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 50 } })
    const model = clientsAt(way.socketPath)[name]
    if (model === undefined) throw new Error(`no client ${name}`)
    const asked = {
      model,
      tools: { run },
      maxRetries: 0,
      stopWhen: ({ steps }: { steps: readonly unknown[] }) => steps.length > 4,
      messages: [
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'List the files.' },
            { type: 'file' as const, mediaType: 'image/png', data: new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]) },
          ],
        },
      ],
    }
    const text = stream ? await streamText(asked).text : (await generateText(asked)).text
    expect(text).toBe('All is done.')
    expect(server.requests.map(({ images, toolResults }) => [images, toolResults])).toEqual([
      [1, 0],
      [1, 1],
    ])
    // they send no field that the gateway does not know
    expect(way.eventsOf('gateway-refused')).toEqual([])
    expect(way.eventsOf('model-called').map((event) => event.usage)).toMatchObject([
      { inputTokens: 100, outputTokens: 50 },
      { inputTokens: 100, outputTokens: 50 },
    ])
  })

  test('does not try again when a limit is reached, and shows why', async () => {
    await using server = await startProviderServer(() => ({ kind: 'message', text: 'Yes.', usage }))
    await using way = await openTestGateway(server.origin, { limits: { maxCalls: 1 } })
    const model = clientsAt(way.socketPath)[name]
    if (model === undefined) throw new Error(`no client ${name}`)
    await generateText({ model, prompt: 'Well?', maxRetries: 0 })
    const error: unknown = await generateText({ model, prompt: 'Well?', maxRetries: 0 }).catch(
      (thrown: unknown) => thrown,
    )
    expect(APICallError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ message: 'all calls of this experiment are made' })
    expect(server.requests).toHaveLength(1)
  })
})
