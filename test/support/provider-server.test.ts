import { once } from 'node:events'
import { connect } from 'node:net'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV4 } from '@ai-sdk/provider'
import { createOpenRouter } from '@openrouter/ai-sdk-provider'
import { generateText, isStepCount, type ModelMessage, Output, streamText, tool } from 'ai'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startProviderServer, type WireReply, type WireRequest } from './provider-server.ts'

const models = {
  responses: (origin: string) => createOpenAI({ apiKey: 'none', baseURL: `${origin}/v1` })('o4-mini'),
  chat: (origin: string) => createOpenAI({ apiKey: 'none', baseURL: `${origin}/v1` }).chat('gpt-4o'),
  anthropic: (origin: string) =>
    createAnthropic({ apiKey: 'none', baseURL: `${origin}/v1` })('claude-3-7-sonnet-20250219'),
  openrouter: (origin: string) => createOpenRouter({ apiKey: 'none', baseURL: `${origin}/api/v1` })('a/model'),
  compatible: (origin: string) =>
    createOpenAICompatible({ name: 'local', baseURL: `${origin}/v1`, includeUsage: true })('model'),
} satisfies Record<string, (origin: string) => LanguageModelV4>
type Provider = keyof typeof models
const providers = Object.keys(models) as Provider[]
const everyWay = providers.flatMap((provider) => [
  { provider, stream: false },
  { provider, stream: true },
])

const usage = { input: 100, output: 50, cachedRead: 30, cachedWrite: 20, reasoning: 10, costUsd: 0.25 }
const text = 'Hello there, this is the reply.'

beforeAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = false
})

interface Ask {
  readonly provider: Provider
  readonly stream: boolean
  readonly prompt?: ModelMessage[]
  readonly signal?: AbortSignal
}

/** One call, with everything in it that a caller can see. Rejects with the error that came first. */
async function ask(origin: string, { provider, stream, prompt, signal }: Ask) {
  const options = {
    model: models[provider](origin),
    messages: prompt ?? [{ role: 'user' as const, content: 'hi' }],
    instructions: 'Be brief.',
    maxRetries: 0,
    tools: { look: tool({ inputSchema: z.object({ where: z.string() }), execute: ({ where }) => `seen ${where}` }) },
    stopWhen: isStepCount(2),
    ...(signal === undefined ? {} : { abortSignal: signal }),
  }
  if (!stream) {
    const { steps, usage: tokens, finishReason, reasoningText, text: said } = await generateText(options)
    return { text: said, finishReason, tokens, steps, reasoningText, error: null }
  }
  let first: unknown = null
  const told = streamText({ ...options, onError: ({ error }) => void (first ??= error) })
  try {
    const [said, finishReason, tokens, steps, reasoningText] = await Promise.all([
      told.text,
      told.finishReason,
      told.usage,
      told.steps,
      told.reasoningText,
    ])
    return { text: said, finishReason, tokens, steps, reasoningText, error: first }
  } catch (error) {
    throw first ?? error
  }
}

/** A call's end in a few words: what was said and why it ended, or the error with its status and whether to retry. */
async function outcome(reply: WireReply, way: Ask): Promise<string> {
  await using server = await startProviderServer(() => reply)
  try {
    const reached = await ask(server.origin, way)
    const ending = reached.error === null ? reached.finishReason : inWords(reached.error)
    return `"${reached.text}" ${ending}`
  } catch (error) {
    return inWords(error)
  }
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { statusCode, isRetryable } = error as { statusCode?: number; isRetryable?: boolean }
  const retry = isRetryable === undefined ? '' : isRetryable ? ' retryable' : ' final'
  return `${error.name}${statusCode === undefined ? '' : ` ${statusCode}`}${retry}`
}

describe.each(everyWay)('$provider, stream $stream', ({ provider, stream }) => {
  const way = { provider, stream }

  test('text and token counts come back as they were given', async () => {
    await using server = await startProviderServer(() => ({ kind: 'message', text, usage, chunkCharacters: 3 }))
    const { text: said, finishReason, tokens } = await ask(server.origin, way)
    expect({ said, finishReason }).toEqual({ said: text, finishReason: 'stop' })
    expect([tokens.inputTokens, tokens.outputTokens]).toEqual([100, 50])
    expect(tokens.inputTokenDetails.cacheReadTokens).toBe(30)
    expect(tokens.inputTokenDetails.cacheWriteTokens).toBe(provider === 'compatible' ? undefined : 20)
    expect(tokens.outputTokenDetails.reasoningTokens).toBe(10)
    // Of the other clients only this one's server has a price to tell.
    expect((tokens.raw as { cost?: number }).cost).toBe(
      provider === 'openrouter' || provider === 'compatible' ? 0.25 : undefined,
    )
  })

  test('reasoning comes back where the provider shows it', async () => {
    await using server = await startProviderServer(() => ({ kind: 'message', text, usage, reasoning: 'I think.' }))
    const { reasoningText } = await ask(server.origin, way)
    expect(reasoningText).toBe(provider === 'chat' ? undefined : 'I think.')
  })

  test('tools are called and their results, the prompt and the images are read', async () => {
    await using server = await startProviderServer(({ toolResults }) => ({
      kind: 'message',
      text: toolResults === 0 ? 'Looking.' : 'Done.',
      usage,
      ...(toolResults === 0
        ? {
            toolCalls: [
              { name: 'look', arguments: { where: 'left' } },
              { name: 'look', arguments: { where: 'right' } },
            ],
          }
        : {}),
    }))
    const picture = { type: 'file' as const, mediaType: 'image/png', data: new Uint8Array([137, 80, 78, 71]) }
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Find it.' }, picture] }]
    const { steps, text: said } = await ask(server.origin, { ...way, prompt })
    expect(steps[0]?.toolCalls.map(({ input }) => input)).toEqual([{ where: 'left' }, { where: 'right' }])
    expect([steps[0]?.finishReason, steps[0]?.text, said]).toEqual(['tool-calls', 'Looking.', 'Done.'])
    const { text: read, toolResults, images, tools, index } = server.requests[1] as WireRequest
    expect({ read, toolResults, images, tools, index }).toEqual({
      read: 'Be brief.\nFind it.\nseen left\nseen right',
      toolResults: 2,
      images: 1,
      tools: ['look'],
      index: 1,
    })
  })

  test('an answer cut by its limit says so', async () => {
    expect(await outcome({ kind: 'message', text, usage, finish: 'length' }, way)).toBe(`"${text}" length`)
  })

  test('a refusal is told the way the provider tells it', async () => {
    const told = await outcome({ kind: 'refusal', text: 'I will not.', usage }, way)
    // OpenRouter's client does not read the field, so nothing of the refusal is left.
    expect(told).toBe(provider === 'openrouter' ? '"" stop' : '"I will not." content-filter')
  })

  test('an answer may be empty', async () => {
    expect(await outcome({ kind: 'empty', usage }, way)).toBe('"" stop')
  })

  test.each([
    [400, 'final'],
    [401, 'final'],
    [404, 'final'],
    [429, 'retryable'],
    [500, 'retryable'],
    [529, 'retryable'],
  ])('status %i is %s', async (status, retry) => {
    expect(await outcome({ kind: 'status', status }, way)).toBe(`AI_APICallError ${status} ${retry}`)
  })

  test('an error carries the provider’s own words and when to come back', async () => {
    await using server = await startProviderServer(() => ({ kind: 'status', status: 429, retryAfterSeconds: 7 }))
    const error: unknown = await ask(server.origin, way).catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      message: expect.stringMatching(/rate limit/i) as string,
      responseHeaders: { 'retry-after': '7' },
    })
  })

  test('the error page of a proxy is not the provider’s error', async () => {
    expect(await outcome({ kind: 'html', status: 502 }, way)).toBe('AI_APICallError 502 retryable')
  })

  test('a connection closed before the answer is worth another try', async () => {
    expect(await outcome({ kind: 'reset' }, way)).toBe('AI_APICallError retryable')
  })

  test('silence lasts until the caller gives up', async () => {
    const caller = new AbortController()
    await using server = await startProviderServer(() => {
      caller.abort(new Error('enough'))
      return { kind: 'silence' }
    })
    await expect(ask(server.origin, { ...way, signal: caller.signal })).rejects.toThrow('enough')
  })
})

describe('faults inside an answer with status 200', () => {
  const broken = 'AI_APICallError 200 retryable'
  const unreadable = 'AI_APICallError 200 final'
  const part = { afterCharacters: 10, text, usage }
  const failed = { kind: 'stream-error', message: 'It broke', text: 'The first words' } as const
  const first = { ...failed, text: '' }
  const every = (told: string): Record<Provider, string> => ({
    responses: told,
    chat: told,
    anthropic: told,
    openrouter: told,
    compatible: told,
  })

  interface Fault {
    readonly fault: string
    readonly reply: WireReply
    readonly stream: boolean
    readonly outcomes: Record<Provider, string>
  }

  test.each<Fault>([
    { fault: 'not JSON', reply: { kind: 'invalid-json' }, stream: false, outcomes: every(unreadable) },
    {
      fault: 'not JSON',
      reply: { kind: 'invalid-json' },
      stream: true,
      outcomes: { ...every('"" AI_JSONParseError'), anthropic: 'Error' },
    },
    {
      fault: 'another shape',
      reply: { kind: 'wrong-shape' },
      stream: false,
      outcomes: { ...every(unreadable), responses: 'AI_APICallError 500 final' },
    },
    {
      fault: 'another shape',
      reply: { kind: 'wrong-shape' },
      stream: true,
      outcomes: { ...every('"" AI_TypeValidationError'), anthropic: 'Error' },
    },
    { fault: 'cut', reply: { kind: 'cut', ...part }, stream: false, outcomes: every(broken) },
    {
      fault: 'cut',
      reply: { kind: 'cut', ...part },
      stream: true,
      outcomes: { ...every(broken), openrouter: `"Hello ther" ${broken}` },
    },
    { fault: 'cut politely', reply: { kind: 'cut-clean', ...part }, stream: false, outcomes: every(unreadable) },
    {
      fault: 'cut politely',
      reply: { kind: 'cut-clean', ...part },
      stream: true,
      outcomes: {
        ...every('"Hello ther" interrupted'),
        openrouter: '"Hello ther" other',
        compatible: '"Hello ther" AI_InvalidResponseDataError',
      },
    },
    {
      fault: 'a failure',
      reply: failed,
      stream: false,
      outcomes: { ...every(unreadable), anthropic: 'AI_APICallError 529 retryable' },
    },
    {
      fault: 'a failure half-way',
      reply: failed,
      stream: true,
      outcomes: {
        responses: '"The first words" AI_StreamProviderError 500 retryable',
        chat: '"The first words" AI_StreamProviderError 500 retryable',
        anthropic: '"The first words" AI_StreamProviderError 529 retryable',
        openrouter: '"The first words" AI_StreamProviderError final',
        compatible: '"The first words" AI_StreamProviderError final',
      },
    },
    {
      fault: 'a failure at once',
      reply: first,
      stream: true,
      outcomes: {
        responses: 'AI_APICallError 500 retryable',
        chat: 'AI_APICallError 500 retryable',
        anthropic: 'AI_APICallError 529 retryable',
        openrouter: '"" AI_StreamProviderError final',
        compatible: '"" AI_StreamProviderError final',
      },
    },
  ])('$fault, stream $stream', async ({ reply, stream, outcomes }) => {
    const seen = await Promise.all(
      providers.map(async (provider) => [provider, await outcome(reply, { provider, stream })] as const),
    )
    expect(Object.fromEntries(seen)).toEqual(outcomes)
  })
})

describe('structured output', () => {
  const schema = z.object({ score: z.number() })
  const asking: Record<string, (origin: string) => LanguageModelV4> = {
    ...models,
    'claude with formats': (origin) =>
      createAnthropic({ apiKey: 'none', baseURL: `${origin}/v1` })('claude-sonnet-4-5'),
    'compatible with schemas': (origin) =>
      createOpenAICompatible({ name: 'local', baseURL: `${origin}/v1`, supportsStructuredOutputs: true })('model'),
  }

  test.each(Object.keys(asking))('%s gives the object', async (name) => {
    await using server = await startProviderServer(() => ({ kind: 'message', text: '{"score": 7}', usage }))
    const options = { model: asking[name]?.(server.origin) ?? '', prompt: 'Judge.', maxRetries: 0 }
    const whole = await generateText({ ...options, output: Output.object({ schema }) })
    const told = streamText({ ...options, output: Output.object({ schema }) })
    expect([whole.output, whole.finishReason]).toEqual([{ score: 7 }, 'stop'])
    expect([await told.output, await told.finishReason]).toEqual([{ score: 7 }, 'stop'])
    // A client that was not told of the server's schemas sends none.
    const properties = name === 'compatible' ? undefined : { score: { type: 'number' } }
    expect(server.requests.map((request) => request.schema?.['properties'])).toEqual([properties, properties])
  })

  test('models without it are offered a tool, and may still answer in words', async () => {
    await using server = await startProviderServer(() => ({ kind: 'message', text: 'Seven.', usage }))
    const model = models.anthropic(server.origin)
    const call = generateText({ model, prompt: 'Judge.', maxRetries: 0, output: Output.object({ schema }) })
    await expect(call).rejects.toMatchObject({ name: 'AI_NoObjectGeneratedError', text: 'Seven.' })
    expect(server.requests[0]?.tools).toEqual(['json'])
  })
})

describe('the wire itself', () => {
  async function post(origin: string, path: string, body: object): Promise<Response> {
    return fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify({ model: 'm', ...body }) })
  }
  async function streamed(path: string, body: object = {}): Promise<{ names: string[]; data: string[] }> {
    await using server = await startProviderServer(() => ({
      kind: 'message',
      text: 'Hi',
      usage: { input: 7, output: 3 },
    }))
    const lines = (await (await post(server.origin, path, { stream: true, ...body })).text()).split('\n')
    const field = (name: string) =>
      lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))
    return { names: field('event'), data: field('data') }
  }

  test('Responses numbers its events and ends with the whole response', async () => {
    const { names, data } = await streamed('/v1/responses')
    const events = data.map((line) => JSON.parse(line) as { type: string; sequence_number: number })
    expect(events.map(({ type }) => type)).toEqual(names)
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index))
    expect(names.slice(0, 2)).toEqual(['response.created', 'response.in_progress'])
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed', usage: { input_tokens: 7, total_tokens: 10 } },
    })
  })

  test('Chat reports usage in a stream only when asked', async () => {
    const plain = await streamed('/v1/chat/completions')
    const asked = await streamed('/v1/chat/completions', { stream_options: { include_usage: true } })
    expect(plain.data.join()).not.toContain('usage')
    expect([plain.data.at(-1), asked.data.at(-1)]).toEqual(['[DONE]', '[DONE]'])
    expect(JSON.parse(asked.data.at(-2) ?? '')).toMatchObject({ choices: [], usage: { prompt_tokens: 7 } })
  })

  test('Messages tells input tokens first and output tokens last', async () => {
    const { names, data } = await streamed('/v1/messages')
    expect(names).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(JSON.parse(data[0] ?? '')).toMatchObject({ message: { usage: { input_tokens: 7 } } })
    expect(JSON.parse(data[5] ?? '')).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } })
  })

  test('a server may report no usage, except Anthropic’s', async () => {
    const server = await startProviderServer(() => ({ kind: 'message', text: 'Hi', usage: null }))
    const { tokens } = await ask(server.origin, { provider: 'compatible', stream: true })
    expect(tokens.inputTokens).toBeUndefined()
    expect((await post(server.origin, '/v1/messages', {})).status).toBe(500)
    await expect(server[Symbol.asyncDispose]()).rejects.toThrow('usage')
  })

  test('what is not the API is answered like the API', async () => {
    await using server = await startProviderServer(() => ({ kind: 'empty', usage }))
    const unknown = await post(server.origin, '/v1/embeddings', {})
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }])
    const garbled = await fetch(`${server.origin}/v1/messages`, { method: 'POST', body: '{' })
    expect([garbled.status, await garbled.json()]).toMatchObject([400, { error: { type: 'invalid_request_error' } }])
    const list = await fetch(`${server.origin}/v1/models`)
    expect(await list.json()).toMatchObject({ object: 'list' })
    expect(server.requests).toEqual([])
    expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test('a caller may leave in the middle of its request', async () => {
    await using server = await startProviderServer(() => ({ kind: 'empty', usage }))
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1')
    socket.write('POST /v1/messages HTTP/1.1\r\nhost: here\r\ncontent-length: 100\r\n\r\n{"model":')
    await once(socket, 'connect')
    socket.resetAndDestroy()
    expect((await post(server.origin, '/v1/messages', {})).status).toBe(200)
  })

  test('closing the server ends the calls that got no answer', async () => {
    const asked = Promise.withResolvers<void>()
    const server = await startProviderServer(() => {
      asked.resolve()
      return { kind: 'silence' }
    })
    const call = ask(server.origin, { provider: 'chat', stream: false }).catch(inWords)
    await asked.promise
    await server[Symbol.asyncDispose]()
    expect(await call).toBe('AI_APICallError retryable')
  })
})
