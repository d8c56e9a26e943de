import { type ModelMessage, tool, type ToolSet } from 'ai'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ModelReply } from '../src/models/model.ts'
import { everyWire, openCalls, question, secrets, type Way, ways, waysOf, type Wire } from './support/model-calls.ts'
import { startProviderServer, type WireReply, type WireRequest } from './support/provider-server.ts'

const usage = { input: 100, output: 50 }
const good: WireReply = { kind: 'message', text: 'Light scatters.', usage }
/** The one request that a question becomes. */
async function sent(wire: Wire, ask: Parameters<ReturnType<typeof openCalls>['ask']>[1] = {}): Promise<WireRequest> {
  await using server = await startProviderServer(() => good)
  await openCalls(server.origin).ask(wire, ask)
  const [request, ...others] = server.requests
  if (request === undefined || others.length > 0) throw new Error(`${server.requests.length} requests were sent`)
  return request
}

/** A body that the support server has no words for, as JSON or as the events of a stream. */
const raw = (body: unknown): WireReply => ({ kind: 'status', status: 200, body: JSON.stringify(body) })
const rawStream = (events: readonly unknown[]): WireReply => ({
  kind: 'status',
  status: 200,
  body: events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join(''),
})

describe('what arrives at the provider', () => {
  test.each(everyWire)('system and user message, model and key: %s', async (wire) => {
    const request = await sent(wire)
    expect(request.text).toBe('Be brief.\nWhy is the sky blue?')
    const expected = {
      responses: ['openai-responses', 'o4-mini', `Bearer ${secrets.OPENAI_API_KEY}`],
      chat: ['openai-chat', 'gpt-4o', `Bearer ${secrets.OPENAI_API_KEY}`],
      anthropic: ['anthropic-messages', 'claude-3-7-sonnet-20250219', secrets.ANTHROPIC_API_KEY],
      openrouter: ['openai-chat', 'google/gemini-2.5-pro', `Bearer ${secrets.OPENROUTER_API_KEY}`],
      compatible: ['openai-chat', 'qwen3', `Bearer ${secrets.OPENAI_COMPATIBLE_API_KEY}`],
    }[wire]
    const key = request.headers[wire === 'anthropic' ? 'x-api-key' : 'authorization']
    expect([request.api, request.model, key]).toEqual(expected)
  })

  test.each<[Wire, string]>([
    ['responses', 'max_output_tokens'],
    ['chat', 'max_tokens'],
    ['anthropic', 'max_tokens'],
    ['openrouter', 'max_tokens'],
    ['compatible', 'max_tokens'],
  ])('the limit on output, where the settings win over the request: %s', async (wire, field) => {
    expect((await sent(wire)).body[field]).toBe(1_000)
    expect((await sent(wire, { settings: { maxOutputTokens: 77 } })).body[field]).toBe(77)
  })

  test.each(everyWire)('the temperature, when there is one: %s', async (wire) => {
    // o4-mini takes none
    const model = wire === 'responses' ? { model: 'openai/gpt-4o' } : {}
    expect((await sent(wire, { settings: { temperature: 0, ...model } })).body['temperature']).toBe(0)
    expect((await sent(wire, { settings: model })).body).not.toHaveProperty('temperature')
  })

  test.each<{ wire: Wire; model: string; expected: Record<string, unknown> }>([
    { wire: 'responses', model: 'openai/o4-mini', expected: { reasoning: { effort: 'high' } } },
    {
      wire: 'chat',
      model: 'openai/o4-mini',
      expected: { reasoning_effort: 'high', max_completion_tokens: 1_000 },
    },
    {
      wire: 'anthropic',
      model: 'anthropic/claude-sonnet-4-5',
      expected: { thinking: { type: 'enabled', budget_tokens: 38_400 }, max_tokens: 39_400 },
    },
    {
      wire: 'openrouter',
      model: 'openrouter/deepseek/deepseek-r1',
      expected: { reasoning: { effort: 'high' }, max_tokens: 1_000 },
    },
    { wire: 'compatible', model: 'openai-compatible/qwen3', expected: { reasoning_effort: 'high' } },
  ])('the reasoning effort, in the words of each: $wire', async ({ wire, model, expected }) => {
    const { body } = await sent(wire, { settings: { model, reasoning: 'high' } })
    // each is equal and not just similar: no summary of thoughts is asked for beside the effort
    for (const [field, value] of Object.entries(expected)) expect(body[field]).toEqual(value)
    const without = await sent(wire, { settings: { model } })
    for (const field of ['reasoning', 'reasoning_effort', 'thinking']) expect(without.body).not.toHaveProperty(field)
  })

  test('the wish that OpenAI keeps nothing', async () => {
    expect((await sent('responses')).body['store']).toBe(false)
    expect((await sent('chat')).body['store']).not.toBe(true)
  })

  test('the wish that OpenRouter tells what it charges', async () => {
    expect((await sent('openrouter')).body['usage']).toEqual({ include: true })
  })

  test('figures, as images: every wire', async () => {
    const image = { type: 'file' as const, mediaType: 'image/png', data: 'iVBORw0KGgo=' }
    const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: 'Look.' }, image, image] }]
    for (const wire of everyWire) expect((await sent(wire, { request: { messages } })).images).toBe(2)
  })
})

describe('web search', () => {
  test.each<[Wire, string[]]>([
    ['responses', ['web_search']],
    ['anthropic', ['web_search']],
    ['openrouter', []],
    ['chat', []],
    ['compatible', []],
  ])('is the provider’s own tool, where it has one: %s', async (wire, tools) => {
    expect((await sent(wire, { request: { search: true } })).tools).toEqual(tools)
    expect((await sent(wire)).tools).toEqual([])
  })

  test('is a plugin at OpenRouter', async () => {
    expect((await sent('openrouter', { request: { search: true } })).body['plugins']).toEqual([{ id: 'web' }])
    expect((await sent('openrouter')).body).not.toHaveProperty('plugins')
  })

  test('models of OpenAI that search unasked are called through Chat', async () => {
    const request = await sent('responses', {
      settings: { model: 'openai/gpt-4o-search-preview-2025-03-11', temperature: 0.5 },
      request: { search: true },
    })
    expect(request).toMatchObject({ api: 'openai-chat', model: 'gpt-4o-search-preview-2025-03-11', tools: [] })
  })

  const found = 'Rayleigh explained it in 1871.'
  const tokens = { input_tokens: 100, output_tokens: 50 }
  const searchCall = {
    type: 'web_search_call',
    id: 'ws_1',
    status: 'completed',
    action: { type: 'search', query: 'sky' },
  }
  const outputText = { type: 'output_text', text: found, annotations: [] }
  const message = { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [outputText] }
  const response = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'o4-mini',
    output: [searchCall, message],
    usage: { ...tokens, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
  }
  const serverCall = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'sky' } }
  const page = {
    type: 'web_search_result',
    url: 'https://example.org',
    title: 'Sky',
    encrypted_content: 'x',
    page_age: null,
  }
  const serverResult = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [page] }
  const answered = { type: 'message', id: 'msg_1', role: 'assistant', model: 'claude-3-7-sonnet', stop_sequence: null }
  const claude = (stop_reason: string) => ({
    ...answered,
    content: [serverCall, serverResult, { type: 'text', text: found }],
    stop_reason,
    usage: { ...tokens, server_tool_use: { web_search_requests: 1 } },
  })
  const claudeStream = (stop_reason: string) => [
    {
      type: 'message_start',
      message: { ...answered, content: [], stop_reason: null, usage: { ...tokens, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: { ...serverCall, input: {} } },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"query":"sky"}' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: serverResult },
    { type: 'content_block_stop', index: 1 },
    { type: 'content_block_start', index: 2, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 2, delta: { type: 'text_delta', text: found } },
    { type: 'content_block_stop', index: 2 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 50 } },
    { type: 'message_stop' },
  ]
  const begun = { ...response, status: 'in_progress', output: [], usage: null }
  const place = { item_id: 'msg_1', output_index: 1, content_index: 0 }
  const responseStream = [
    { type: 'response.created', response: begun },
    { type: 'response.output_item.added', output_index: 0, item: { ...searchCall, status: 'in_progress' } },
    { type: 'response.output_item.done', output_index: 0, item: searchCall },
    { type: 'response.output_item.added', output_index: 1, item: { ...message, status: 'in_progress', content: [] } },
    { type: 'response.output_text.delta', ...place, delta: found, logprobs: [] },
    { type: 'response.output_item.done', output_index: 1, item: message },
    { type: 'response.completed', response },
  ]

  test.each<[string, Way, WireReply]>([
    ['responses', { wire: 'responses', stream: false }, raw(response)],
    ['responses, streaming', { wire: 'responses', stream: true }, rawStream(responseStream)],
    ['anthropic', { wire: 'anthropic', stream: false }, raw(claude('end_turn'))],
    ['anthropic, streaming', { wire: 'anthropic', stream: true }, rawStream(claudeStream('end_turn'))],
  ])('that the provider does itself is not handed to us as a call: %s', async (_, way, answer) => {
    await using server = await startProviderServer(() => answer)
    const reply = await openCalls(server.origin).ask(way, { request: { search: true } })
    expect(reply).toMatchObject({ text: found, toolCalls: [], finishReason: 'stop', usage: { inputTokens: 100 } })
    expect(reply.messages.map(({ role }) => role)).toEqual(['assistant'])
  })

  test.each([true, false])('that the provider pauses half-way is no whole answer: streaming %s', async (stream) => {
    const paused = stream ? rawStream(claudeStream('pause_turn')) : raw(claude('pause_turn'))
    await using server = await startProviderServer(({ index }) => (index === 0 ? paused : good))
    const calls = openCalls(server.origin)
    expect(await calls.ask({ wire: 'anthropic', stream }, { request: { search: true } })).toMatchObject({ retries: 1 })
    expect(calls.eventsOf('call-retried')).toMatchObject([
      { code: 'cut-off', message: expect.stringContaining('pause_turn') },
    ])
  })
})

describe('structured output', () => {
  const schema = {
    type: 'object',
    properties: { score: { type: 'integer' } },
    required: ['score'],
    additionalProperties: false,
  }
  const jsonSchema = { name: 'review', schema }

  test.each(waysOf('responses', 'chat', 'anthropic'))(
    'is asked for where the provider holds to it: %s',
    async (_, way) => {
      await using server = await startProviderServer(() => ({ kind: 'message', text: '{"score":7}', usage }))
      const calls = openCalls(server.origin)
      const reply = await calls.ask(way, { request: { jsonSchema } })
      expect(server.requests[0]?.schema).toMatchObject({ type: 'object', required: ['score'] })
      expect(reply).toMatchObject({ text: '{"score":7}', toolCalls: [], finishReason: 'stop' })
    },
  )

  test.each(waysOf('openrouter', 'compatible'))('is not asked for where it depends: %s', async (_, way) => {
    await using server = await startProviderServer(() => ({ kind: 'message', text: '{"score":7}', usage }))
    const reply = await openCalls(server.origin).ask(way, { request: { jsonSchema } })
    expect(server.requests[0]?.schema).toBeNull()
    expect(server.requests[0]?.body).not.toHaveProperty('response_format')
    expect(reply.text).toBe('{"score":7}')
  })

  test.each(ways)('that is no JSON comes as the text it is: %s', async (_, way) => {
    await using server = await startProviderServer(() => good)
    const reply = await openCalls(server.origin).ask(way, { request: { jsonSchema } })
    expect(reply).toMatchObject({ text: 'Light scatters.', retries: 0 })
  })

  test('is told of beforehand', () => {
    const { models } = openCalls('http://127.0.0.1:9')
    const settings = { temperature: null, maxOutputTokens: null, reasoning: null, api: null }
    const has = (model: string): boolean =>
      models.hasStructuredOutput({ model, ...settings, images: true, stream: true, timeoutMs: 1 })
    expect(['openai/x', 'anthropic/x', 'openrouter/x', 'openai-compatible/x'].map(has)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('tokens and dollars', () => {
  const tokens = { inputTokens: 100_000, outputTokens: 10_000, cachedReadTokens: 30_000, reasoningTokens: 4_000 }
  const told = { input: 100_000, output: 10_000, cachedRead: 30_000, reasoning: 4_000 }
  const ask = async (way: Way, reported: Extract<WireReply, { kind: 'message' }>['usage']) => {
    await using server = await startProviderServer(() => ({ ...good, usage: reported }) as WireReply)
    return await openCalls(server.origin).ask(way)
  }

  // dollars a million tokens: new input, input from the cache, input into the cache, output
  test.each(waysOf('responses'))('70,000 at 1.10, 30,000 at 0.275, 10,000 at 4.40: %s', async (_, way) => {
    const reply = await ask(way, told)
    expect(reply.usage).toEqual({ ...tokens, cachedWriteTokens: null })
    expect(reply.costUsd).toBeCloseTo(0.077 + 0.00825 + 0.044, 9)
  })

  test.each(waysOf('chat'))('70,000 at 2.50, 30,000 at 1.25, 10,000 at 10: %s', async (_, way) => {
    const reply = await ask(way, told)
    expect(reply.usage).toEqual({ ...tokens, cachedWriteTokens: null })
    expect(reply.costUsd).toBeCloseTo(0.175 + 0.0375 + 0.1, 9)
  })

  test.each(waysOf('anthropic'))('50,000 at 3, 30,000 at 0.30, 20,000 at 3.75, 10,000 at 15: %s', async (_, way) => {
    const reply = await ask(way, { ...told, cachedWrite: 20_000 })
    expect(reply.usage).toEqual({ ...tokens, cachedWriteTokens: 20_000 })
    expect(reply.costUsd).toBeCloseTo(0.15 + 0.009 + 0.075 + 0.15, 9)
  })

  test.each(waysOf('openrouter'))('what it says it charged: %s', async (_, way) => {
    const reply = await ask(way, { ...told, costUsd: 0.0123 })
    expect(reply.usage).toEqual({ ...tokens, cachedWriteTokens: null })
    expect(reply.costUsd).toBe(0.0123)
  })

  test.each(waysOf('compatible'))('tokens without a price: %s', async (_, way) => {
    const reply = await ask(way, told)
    expect(reply.usage).toEqual({ ...tokens, cachedWriteTokens: null })
    expect(reply.costUsd).toBeNull()
  })

  test.each(waysOf('responses', 'chat', 'openrouter', 'compatible'))(
    'unreported, they are unknown: %s',
    async (_, way) => {
      const reply = await ask(way, null)
      expect(Object.values(reply.usage)).toEqual([null, null, null, null, null])
      expect(reply.costUsd).toBeNull()
    },
  )

  test.each([true, false])(
    'a key of the user’s own behind OpenRouter is charged upstream: streaming %s',
    async (stream) => {
      const charge = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150, cost: 0.01, is_byok: true }
      const billed = { ...charge, cost_details: { upstream_inference_cost: 0.2 } }
      const base = { id: 'gen-1', model: 'm', provider: 'Loopback' }
      const message = { role: 'assistant', content: 'Light scatters.' }
      const body = stream
        ? rawStream([
            {
              ...base,
              object: 'chat.completion.chunk',
              choices: [{ index: 0, delta: message, finish_reason: 'stop' }],
            },
            { ...base, object: 'chat.completion.chunk', choices: [], usage: billed },
            '[DONE]',
          ])
        : raw({
            ...base,
            object: 'chat.completion',
            choices: [{ index: 0, message, finish_reason: 'stop' }],
            usage: billed,
          })
      await using server = await startProviderServer(() => body)
      const reply = await openCalls(server.origin).ask({ wire: 'openrouter', stream })
      expect(reply.costUsd).toBeCloseTo(0.21, 9)
    },
  )

  test.each(ways)('stand in the event as in the reply: %s', async (_, way) => {
    await using server = await startProviderServer(() => good)
    const calls = openCalls(server.origin)
    const { callId, usage: used, costUsd, latencyMs, responseModel } = await calls.ask(way)
    expect(responseModel).toBe(server.requests[0]?.model)
    expect(calls.events).toMatchObject([
      {
        type: 'model-called',
        callId,
        usage: used,
        costUsd,
        latencyMs,
        responseModel,
        retries: 0,
        finishReason: 'stop',
      },
    ])
  })
})

describe('tool calls', () => {
  const tools = {
    bash: tool({ description: 'Runs a command.', inputSchema: z.object({ command: z.string() }) }),
  } as ToolSet
  const calling = (...inputs: Record<string, unknown>[]): WireReply => ({
    kind: 'message',
    text: '',
    usage,
    toolCalls: inputs.map((input) => ({ name: 'bash', arguments: input })),
  })

  /** Answers every call that the reply hands out, as a coder does. */
  const answerAll = (reply: ModelReply): ModelMessage[] => [
    ...question.messages,
    ...reply.messages,
    {
      role: 'tool',
      content: reply.toolCalls.map(({ toolCallId, toolName }, index) => ({
        type: 'tool-result' as const,
        toolCallId,
        toolName,
        output: { type: 'text' as const, value: `output ${index}` },
      })),
    },
  ]

  test.each(ways)('are handed out, and their results go back: %s', async (_, way) => {
    await using server = await startProviderServer(({ index }) =>
      index === 0 ? calling({ command: 'ls' }, { command: 'pwd' }) : good,
    )
    const calls = openCalls(server.origin)
    const reply = await calls.ask(way, { request: { tools } })
    expect(reply).toMatchObject({ text: '', finishReason: 'tool-calls' })
    expect(reply.toolCalls).toMatchObject([
      { toolName: 'bash', input: { command: 'ls' } },
      { toolName: 'bash', input: { command: 'pwd' } },
    ])
    await calls.ask(way, { request: { tools, messages: answerAll(reply) } })
    const [first, second] = server.requests
    expect(first?.tools).toEqual(['bash'])
    expect(second?.toolResults).toBe(2)
    expect(second?.text).toContain('output 0\noutput 1')
    expect(JSON.stringify(second?.body)).toContain('pwd')
  })

  test.each(ways)('with the wrong arguments are handed out and answered once, like all others: %s', async (_, way) => {
    await using server = await startProviderServer(({ index }) => (index === 0 ? calling({ cmd: 1 }) : good))
    const calls = openCalls(server.origin)
    const reply = await calls.ask(way, { request: { tools } })
    expect(reply.toolCalls).toMatchObject([{ toolName: 'bash', input: { cmd: 1 } }])
    await calls.ask(way, { request: { tools, messages: answerAll(reply) } })
    expect(server.requests[1]?.toolResults).toBe(1)
    expect(server.requests[1]?.text).toContain('output 0')
  })

  test.each(ways)('of a tool that is not there as well: %s', async (_, way) => {
    await using server = await startProviderServer(({ index }) =>
      index === 0
        ? { kind: 'message', text: '', usage, toolCalls: [{ name: 'python', arguments: { code: '1' } }] }
        : good,
    )
    const calls = openCalls(server.origin)
    const reply = await calls.ask(way, { request: { tools } })
    expect(reply.toolCalls).toMatchObject([{ toolName: 'python', input: { code: '1' } }])
    await calls.ask(way, { request: { tools, messages: answerAll(reply) } })
    expect(server.requests[1]?.toolResults).toBe(1)
  })

  const broken = '{"command": "ls'
  const brokenCall = { id: 'call_1', type: 'function', function: { name: 'bash', arguments: broken } }
  const chat = { id: 'chatcmpl-1', created: 1, model: 'm' }
  const tokens = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 }
  const brokenMessage = { role: 'assistant', content: null, tool_calls: [{ index: 0, ...brokenCall }] }
  const brokenChat = raw({
    ...chat,
    object: 'chat.completion',
    choices: [{ index: 0, message: brokenMessage, finish_reason: 'tool_calls' }],
    usage: tokens,
  })
  const brokenChatStream = rawStream([
    { ...chat, object: 'chat.completion.chunk', choices: [{ index: 0, delta: brokenMessage, finish_reason: null }] },
    { ...chat, object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    { ...chat, object: 'chat.completion.chunk', choices: [], usage: tokens },
    '[DONE]',
  ])
  const functionCall = {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: 'bash',
    status: 'completed',
    arguments: broken,
  }
  const response = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'o4-mini',
    output: [functionCall],
    usage: { input_tokens: 100, output_tokens: 50 },
  }
  const brokenResponseStream = rawStream([
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [], usage: null } },
    { type: 'response.output_item.added', output_index: 0, item: { ...functionCall, arguments: '' } },
    { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 0, delta: broken },
    { type: 'response.output_item.done', output_index: 0, item: functionCall },
    { type: 'response.completed', response },
  ])
  const started = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
  }
  const brokenClaudeStream = rawStream([
    { type: 'message_start', message: { ...started, usage: { input_tokens: 100, output_tokens: 1 } } },
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 'toolu_1', name: 'bash', input: {} },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: broken } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 50 } },
    { type: 'message_stop' },
  ])

  test.each<[string, Way, WireReply]>([
    ['responses', { wire: 'responses', stream: false }, raw(response)],
    ['responses, streaming', { wire: 'responses', stream: true }, brokenResponseStream],
    ['chat', { wire: 'chat', stream: false }, brokenChat],
    ['chat, streaming', { wire: 'chat', stream: true }, brokenChatStream],
    ['anthropic, streaming', { wire: 'anthropic', stream: true }, brokenClaudeStream],
    ['openrouter', { wire: 'openrouter', stream: false }, brokenChat],
    ['openrouter, streaming', { wire: 'openrouter', stream: true }, brokenChatStream],
    ['compatible', { wire: 'compatible', stream: false }, brokenChat],
    ['compatible, streaming', { wire: 'compatible', stream: true }, brokenChatStream],
  ])('whose arguments are no JSON can be answered, and the conversation goes on: %s', async (_, way, answer) => {
    await using server = await startProviderServer(({ index }) => (index === 0 ? answer : good))
    const calls = openCalls(server.origin)
    const reply = await calls.ask(way, { request: { tools } })
    expect(reply).toMatchObject({ finishReason: 'tool-calls', retries: 0, usage: { outputTokens: 50 } })
    expect(reply.toolCalls).toHaveLength(1)
    expect(reply.toolCalls[0]?.input).not.toMatchObject({ command: expect.anything() })
    expect(reply.messages.map(({ role }) => role)).toEqual(['assistant'])
    expect(await calls.ask(way, { request: { tools, messages: answerAll(reply) } })).toMatchObject({
      text: 'Light scatters.',
    })
    expect(server.requests[1]?.toolResults).toBe(1)
  })

  test('that a stream of OpenRouter ends in is no call at all', async () => {
    const half = rawStream([
      { ...chat, object: 'chat.completion.chunk', choices: [{ index: 0, delta: brokenMessage, finish_reason: null }] },
    ])
    await using server = await startProviderServer(({ index }) => (index === 0 ? half : good))
    const calls = openCalls(server.origin)
    expect(await calls.ask('openrouter', { request: { tools } })).toMatchObject({ text: 'Light scatters.', retries: 1 })
    expect(calls.eventsOf('call-retried')).toMatchObject([{ code: 'cut-off' }])
  })
})
