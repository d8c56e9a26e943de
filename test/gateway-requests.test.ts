import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { createBudget } from '../src/models/budget.ts'
import type { Wire } from '../src/schema/config.ts'
import {
  asked,
  askSocket,
  everyWire,
  gatewayToken,
  openTestGateway,
  type TestGatewayOptions,
  testRoute,
} from './support/gateway.ts'
import { startProviderServer, type WireRequest } from './support/provider-server.ts'

const good = { kind: 'message', text: 'Light scatters.', usage: { input: 100, output: 50 } } as const

/** Sends one change of the smallest question to a provider that would take it. */
async function send(wire: Wire, change: Record<string, unknown>, options: TestGatewayOptions = {}) {
  await using server = await startProviderServer(() => good)
  await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 20 }, ...options })
  const answer = await way.askWire(wire, { change })
  return { answer, sent: server.requests.map(({ body }) => body), events: way.events }
}

const image = { mime: 'image/png', data: 'iVBORw0KGgo='.repeat(100_000) }
const remote = 'https://example.org/secret.png'

describe('a request that escapes accounting or reaches the network', () => {
  const anthropicPart = (part: unknown) => ({ messages: [{ role: 'user', content: [part] }] })
  const anthropicTool = (type: string) => ({ tools: [{ type, name: 'tool' }] })
  const responsesTool = (type: string) => ({ tools: [{ type }] })
  const responsesPart = (part: unknown) => ({ input: [{ type: 'message', role: 'user', content: [part] }] })
  const chatPart = (part: unknown) => ({ messages: [{ role: 'user', content: [part] }] })
  const googlePart = (part: unknown) => ({ contents: [{ role: 'user', parts: [part] }] })

  test.each<[Wire, string, Record<string, unknown>]>([
    ['anthropic-messages', 'hosted-tool', anthropicTool('web_search_20250305')],
    ['anthropic-messages', 'hosted-tool', anthropicTool('web_fetch_20250910')],
    ['anthropic-messages', 'hosted-tool', anthropicTool('code_execution_20250825')],
    ['anthropic-messages', 'hosted-tool', anthropicTool('mcp_toolset')],
    ['anthropic-messages', 'hosted-tool', anthropicTool('advisor_20260301')],
    ['anthropic-messages', 'hosted-tool', { mcp_servers: [{ type: 'url', url: remote, name: 'a' }] }],
    ['anthropic-messages', 'kept-state', { container: 'container_1' }],
    ['anthropic-messages', 'kept-state', anthropicPart({ type: 'container_upload', file_id: 'file_1' })],
    ['anthropic-messages', 'kept-state', anthropicPart({ type: 'document', source: { type: 'file', file_id: 'f' } })],
    ['anthropic-messages', 'remote-file', anthropicPart({ type: 'image', source: { type: 'url', url: remote } })],
    [
      'anthropic-messages',
      'remote-file',
      anthropicPart({
        type: 'tool_result',
        tool_use_id: 't',
        content: [{ type: 'image', source: { type: 'url', url: remote } }],
      }),
    ],
    ['anthropic-messages', 'dearer-tier', { service_tier: 'priority' }],
    ['anthropic-messages', 'dearer-tier', { speed: 'fast' }],
    ['anthropic-messages', 'dearer-tier', { inference_geo: 'us' }],
    ['anthropic-messages', 'other-model', { fallbacks: [{ model: 'claude-opus-4-5' }] }],
    ['anthropic-messages', 'uncounted-output', { context_management: { edits: [{ type: 'compact_20260112' }] } }],
    ['anthropic-messages', 'invalid-request', { max_tokens: '1e9' }],
    ['openai-responses', 'hosted-tool', responsesTool('web_search')],
    ['openai-responses', 'hosted-tool', responsesTool('web_search_preview')],
    ['openai-responses', 'hosted-tool', responsesTool('file_search')],
    ['openai-responses', 'hosted-tool', responsesTool('code_interpreter')],
    ['openai-responses', 'hosted-tool', responsesTool('image_generation')],
    ['openai-responses', 'hosted-tool', responsesTool('computer_use_preview')],
    ['openai-responses', 'hosted-tool', responsesTool('mcp')],
    ['openai-responses', 'hosted-tool', { tools: [{ type: 'shell', environment: { type: 'container_auto' } }] }],
    ['openai-responses', 'hosted-tool', { tools: [{ type: 'tool_search' }] }],
    ['openai-responses', 'hosted-tool', { tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'mcp' }] }] }],
    ['openai-responses', 'hosted-tool', { input: [{ type: 'additional_tools', tools: [{ type: 'mcp' }] }] }],
    ['openai-responses', 'hosted-tool', { input: [{ type: 'mcp_approval_response', approve: true }] }],
    ['openai-responses', 'kept-state', { previous_response_id: 'resp_1' }],
    ['openai-responses', 'kept-state', { conversation: 'conv_1' }],
    ['openai-responses', 'kept-state', { prompt: { id: 'pmpt_1' } }],
    ['openai-responses', 'kept-state', { background: true }],
    ['openai-responses', 'kept-state', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['openai-responses', 'kept-state', responsesPart({ type: 'input_image', file_id: 'file_1' })],
    ['openai-responses', 'remote-file', responsesPart({ type: 'input_image', image_url: remote })],
    ['openai-responses', 'remote-file', responsesPart({ type: 'input_file', file_url: remote })],
    [
      'openai-responses',
      'remote-file',
      { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: remote }] }] },
    ],
    ['openai-responses', 'uncounted-input', responsesPart({ type: 'input_audio', input_audio: { data: 'AAAA' } })],
    ['openai-responses', 'uncounted-output', { context_management: [{ type: 'compaction' }] }],
    ['openai-responses', 'dearer-tier', { service_tier: 'priority' }],
    ['openai-chat', 'hosted-tool', { web_search_options: {} }],
    ['openai-chat', 'hosted-tool', { plugins: [{ id: 'web' }] }],
    ['openai-chat', 'hosted-tool', { tools: [{ type: 'openrouter:web_search' }] }],
    ['openai-chat', 'other-model', { models: ['openai/gpt-4o', 'openai/o1-pro'] }],
    ['openai-chat', 'other-model', { provider: { order: ['dearest'] } }],
    ['openai-chat', 'dearer-tier', { service_tier: 'priority' }],
    ['openai-chat', 'uncounted-output', { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }],
    ['openai-chat', 'uncounted-output', { prediction: { type: 'content', content: 'x' } }],
    ['openai-chat', 'remote-file', chatPart({ type: 'image_url', image_url: { url: remote } })],
    ['openai-chat', 'kept-state', chatPart({ type: 'file', file: { file_id: 'file_1' } })],
    ['openai-chat', 'uncounted-input', chatPart({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } })],
    ['openai-chat', 'invalid-request', { n: -1 }],
    ['openai-chat', 'invalid-request', { n: 0 }],
    ['anthropic-messages', 'invalid-request', { max_tokens: 0 }],
    ['openai-responses', 'invalid-request', { max_output_tokens: -5 }],
    ['openai-chat', 'invalid-request', { max_tokens: 0 }],
    ['openai-chat', 'invalid-request', { max_completion_tokens: 0 }],
    ['google-generate-content', 'invalid-request', { generationConfig: { maxOutputTokens: 0 } }],
    ['google-generate-content', 'hosted-tool', { tools: [{ googleSearch: {} }] }],
    ['google-generate-content', 'hosted-tool', { tools: [{ google_search_retrieval: {} }] }],
    ['google-generate-content', 'hosted-tool', { tools: [{ functionDeclarations: [], urlContext: {} }] }],
    ['google-generate-content', 'hosted-tool', { tools: { code_execution: {} } }],
    ['google-generate-content', 'kept-state', { cachedContent: 'cachedContents/1' }],
    ['google-generate-content', 'kept-state', { cached_content: 'cachedContents/1' }],
    ['google-generate-content', 'remote-file', googlePart({ fileData: { fileUri: remote } })],
    ['google-generate-content', 'remote-file', googlePart({ file_data: { file_uri: remote } })],
    ['google-generate-content', 'uncounted-input', googlePart({ inlineData: { mimeType: 'video/mp4', data: 'AAAA' } })],
    ['google-generate-content', 'uncounted-output', { generationConfig: { responseModalities: ['AUDIO'] } }],
    ['google-generate-content', 'invalid-request', { generation_config: { max_output_tokens: 9 } }],
    ['google-generate-content', 'dearer-tier', { serviceTier: 'priority' }],
  ])('is refused: %s, %s, %j', async (wire, code, change) => {
    for (const caller of ['coder', 'experiment-code'] as const) {
      await using server = await startProviderServer(() => good)
      await using way = await openTestGateway(server.origin, { routes: [testRoute(caller)] })
      const answer = await way.askWire(wire, { change, caller })
      expect(answer).toMatchObject({ status: 400, json: { error: expect.anything() } })
      expect(server.requests).toHaveLength(0)
      expect(way.events).toMatchObject([{ type: 'gateway-refused', caller, code, count: 1 }])
      // one bad request ends nothing
      expect((await way.askWire(wire, { caller })).status).toBe(200)
    }
  })

  test('may let the provider run its tools where that is wanted', async () => {
    const wanted: [Wire, Record<string, unknown>][] = [
      ['anthropic-messages', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
      ['openai-responses', { tools: [{ type: 'web_search' }] }],
      ['openai-chat', { web_search_options: {} }],
      ['google-generate-content', { tools: [{ googleSearch: {} }] }],
    ]
    for (const [wire, change] of wanted) {
      const { sent } = await send(wire, change, { limits: {}, hostedTools: true })
      expect(sent).toMatchObject([change])
      // what they cost is in no bound
      for (const options of [
        { limits: { maxCostUsd: 20 } },
        { limits: { maxTokens: 1e6 } },
        { budget: createBudget(20) },
      ]) {
        const limited = await send(wire, change, { limits: {}, hostedTools: true, ...options })
        expect(limited.events).toMatchObject([{ type: 'gateway-refused', code: 'hosted-tool' }])
        expect(limited.sent).toEqual([])
      }
      expect((await send(wire, change, { limits: { maxCalls: 5 }, hostedTools: true })).sent).toHaveLength(1)
    }
  })

  test('goes out without the search that a coder only offers', async () => {
    const own = { type: 'function', name: 'run', parameters: {} }
    const change = { tools: [own, { type: 'web_search' }], tool_choice: 'auto', store: true }
    const { sent, answer } = await send('openai-responses', change)
    expect(answer.status).toBe(200)
    expect(sent).toMatchObject([{ tools: [own], store: false }])
    const forced = await send('openai-responses', { ...change, tool_choice: { type: 'web_search' } })
    expect(forced.answer.status).toBe(400)
    const asking = await send('openai-responses', change, { routes: [testRoute('experiment-code')] })
    expect(asking.answer.status).toBe(404)
  })
})

describe('a field that a format does not have', () => {
  const model = 'openrouter/anthropic/claude-sonnet-4.5'
  const openrouterWires = ['anthropic-messages', 'openai-responses', 'openai-chat'] as const
  const ofOpenrouter: [string, unknown, string][] = [
    ['models', ['openai/o1-pro'], 'other-model'],
    ['route', 'fallback', 'other-model'],
    ['provider', { order: ['dearest'] }, 'other-model'],
    ['preset', 'mine', 'other-model'],
    ['fallbacks', [{ model: 'openai/o1-pro' }], 'other-model'],
    ['plugins', [{ id: 'web' }], 'hosted-tool'],
    ['transforms', ['middle-out'], 'hosted-tool'],
    ['tools', [{ type: 'openrouter:web_search' }], 'hosted-tool'],
    ['web_search_options', {}, 'hosted-tool'],
    ['mcp_servers', [{ type: 'url', url: remote, name: 'a' }], 'hosted-tool'],
    ['image_config', { size: '4K' }, 'uncounted-output'],
    ['modalities', ['text', 'image'], 'uncounted-output'],
    ['audio', { voice: 'alloy' }, 'uncounted-output'],
    ['prediction', { type: 'content', content: 'x' }, 'uncounted-output'],
    ['compaction', { enabled: true }, 'uncounted-output'],
    ['container', 'container_1', 'kept-state'],
    ['conversation', 'conv_1', 'kept-state'],
    ['previous_response_id', 'resp_1', 'kept-state'],
    ['thread', 'thread_1', 'kept-state'],
    ['prompt', { id: 'pmpt_1' }, 'kept-state'],
    ['background', true, 'kept-state'],
  ]
  const ofOpenrouterOnWires = openrouterWires.flatMap((wire) =>
    ofOpenrouter.map(([name, value, code]) => ({ wire, name, value, code })),
  )
  const asOpenrouter = (extra: Record<string, unknown>) => ({ model: 'anthropic/claude-sonnet-4.5', ...extra })

  test.each(ofOpenrouterOnWires)(
    'is refused where OpenRouter speaks it: $wire, $name',
    async ({ wire, name, value, code }) => {
      for (const caller of ['coder', 'experiment-code'] as const) {
        await using server = await startProviderServer(() => good)
        await using way = await openTestGateway(server.origin, { routes: [testRoute(caller, { models: [model] })] })
        const answer = await way.askWire(wire, { change: asOpenrouter({ [name]: value }), caller })
        expect(answer.status).toBe(400)
        expect(server.requests).toHaveLength(0)
        expect(way.events).toMatchObject([{ type: 'gateway-refused', caller, code }])
        // clients set to nothing what they do not use
        expect((await way.askWire(wire, { change: asOpenrouter({ [name]: null }), caller })).status).toBe(200)
        expect(server.requests[0]?.body[name] ?? null).toBeNull()
      }
    },
  )

  const strange = { MODEL: 'o1-pro', extra_body: { models: ['o1-pro'] }, ['__proto__x']: 1 }

  test.each(everyWire)("is taken out of a coder's calls, which is told once: %s", async (wire) => {
    await using server = await startProviderServer(() => good)
    const way = await openTestGateway(server.origin)
    for (let call = 0; call < 3; call += 1) expect((await way.askWire(wire, { change: strange })).status).toBe(200)
    for (const { body } of server.requests)
      for (const name of Object.keys(strange)) expect(body).not.toHaveProperty(name)
    await way[Symbol.asyncDispose]()
    expect(way.eventsOf('gateway-refused')).toMatchObject([
      { code: 'unknown-field', count: 1, message: expect.stringContaining('"MODEL", "extra_body"') as string },
      { code: 'unknown-field', count: 2 },
    ])
    expect(way.eventsOf('model-called')).toHaveLength(3)
  })

  test.each(everyWire)('is refused in calls of experiment code, by its name: %s', async (wire) => {
    await using server = await startProviderServer(() => good)
    const caller = 'experiment-code'
    await using way = await openTestGateway(server.origin, { routes: [testRoute(caller)] })
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`field${at}${'x'.repeat(1_000)}`, at]))
    for (const change of [strange, many]) {
      const answer = await way.askWire(wire, { change, caller })
      expect(answer.status).toBe(400)
      expect(answer.text).toContain('does not know')
      expect(answer.text.length).toBeLessThan(1_000)
    }
    expect(server.requests).toHaveLength(0)
  })

  test('leaves the model of a Google call to its address', async () => {
    const { sent } = await send('google-generate-content', { model: 'models/gemini-2.5-ultra', safety_settings: [] })
    expect(sent).toHaveLength(1)
    expect(sent[0]).not.toHaveProperty('model')
    expect(sent[0]).toHaveProperty('safetySettings', [])
  })
})

describe('what coding agents send', () => {
  test.each<[string, Wire, Record<string, unknown>]>([
    [
      'tools described by name, thoughts, a cache and cleared thoughts',
      'anthropic-messages',
      {
        system: [{ type: 'text', text: 'Work.', cache_control: { type: 'ephemeral' } }],
        tools: [
          { name: 'Bash', input_schema: { type: 'object' } },
          { type: 'bash_20250124', name: 'bash' },
        ],
        thinking: { type: 'enabled', budget_tokens: 999 },
        context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
        metadata: { user_id: 'x' },
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'base64', media_type: image.mime, data: 'AAAA' } }],
          },
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 't', name: 'Bash', input: { source: { type: 'url' } } }],
          },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'done' }] },
        ],
      },
    ],
    [
      'tools of its own in every form, encrypted thoughts and notes for its maker',
      'openai-responses',
      {
        tools: [
          { type: 'function', name: 'exec', parameters: {} },
          { type: 'custom', name: 'apply_patch', format: { type: 'grammar' } },
          { type: 'tool_search', execution: 'client', parameters: {} },
          { type: 'namespace', name: 'agents', tools: [{ type: 'function', name: 'spawn' }] },
        ],
        include: ['reasoning.encrypted_content'],
        client_metadata: { session: 'x' },
        store: false,
        input: [
          { type: 'reasoning', encrypted_content: 'gAAAA', summary: [] },
          { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: '***' },
          { type: 'custom_tool_call_output', call_id: 'c', output: 'done' },
          {
            type: 'message',
            role: 'user',
            content: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
          },
        ],
      },
    ],
    [
      'functions and their results',
      'openai-chat',
      {
        tools: [{ type: 'function', function: { name: 'run', parameters: {} } }],
        tool_choice: 'auto',
        reasoning_effort: 'high',
        prompt_cache_key: 'x',
        stream_options: { include_usage: true },
        messages: [
          { role: 'system', content: 'Work.' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'run', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'c', content: 'done' },
        ],
      },
    ],
    [
      'functions and their results',
      'google-generate-content',
      {
        systemInstruction: { role: 'user', parts: [{ text: 'Work.' }] },
        tools: [{ functionDeclarations: [{ name: 'run' }] }],
        generationConfig: { temperature: 1, maxOutputTokens: 1_000, thinkingConfig: { includeThoughts: true } },
        contents: [
          { role: 'model', parts: [{ functionCall: { name: 'run', args: { file_data: 1 } }, thoughtSignature: 'x' }] },
          { role: 'user', parts: [{ functionResponse: { name: 'run', response: { file_data: { file_uri: 'x' } } } }] },
        ],
      },
    ],
  ])('goes out as it is: %s (%s)', async (_, wire, change) => {
    const { sent, answer } = await send(wire, change)
    expect(answer.status).toBe(200)
    const { path: _path, body } = asked[wire]
    const base = wire === 'google-generate-content' ? body : { ...body, stream: true }
    expect(sent).toEqual([{ ...base, ...change, ...(wire === 'openai-responses' ? { store: false } : {}) }])
  })
})

describe('the bound of a call', () => {
  const boundOf = async (wire: Wire, change: Record<string, unknown>, models?: string[]): Promise<number> => {
    await using server = await startProviderServer(() => ({ kind: 'silence' }))
    const list = (models ?? [asked[wire].model]).map((model) => ({ model, timeoutMs: 50 }))
    await using way = await openTestGateway(server.origin, { limits: { maxTokens: 10_000_000 }, models: list })
    await way.askWire(wire, { change })
    return way.gateway.use('coder').tokens
  }

  test.each(everyWire)('counts a picture as one, and not the letters of its data: %s', async (wire) => {
    const url = `data:${image.mime};base64,${image.data}`
    const pictures = {
      'anthropic-messages': {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'base64', media_type: image.mime, data: image.data } }],
          },
        ],
      },
      'openai-responses': { input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }] },
      'openai-chat': { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] },
      'google-generate-content': {
        contents: [{ role: 'user', parts: [{ inlineData: { mimeType: image.mime, data: image.data } }] }],
      },
    }
    const tokens = await boundOf(wire, pictures[wire])
    expect(tokens).toBeGreaterThan(12_000)
    expect(tokens).toBeLessThan(20_000)
  })

  test('counts text of a file by its bytes, and a PDF as a whole context window', async () => {
    const file = (media_type: string) => ({
      messages: [
        {
          role: 'user',
          content: [{ type: 'document', source: { type: 'base64', media_type, data: 'QUJD'.repeat(10_000) } }],
        },
      ],
    })
    expect(await boundOf('anthropic-messages', file('text/plain'))).toBeGreaterThan(40_000)
    expect(await boundOf('anthropic-messages', file('application/pdf'))).toBeGreaterThan(1_000_000)
  })

  test('covers every answer asked for at once', async () => {
    const one = await boundOf('openai-chat', {})
    expect(await boundOf('openai-chat', { n: 5 })).toBeGreaterThanOrEqual(one + 4 * 1_000)
    const config = { maxOutputTokens: 1_000, candidateCount: 5 }
    const google = await boundOf('google-generate-content', {})
    expect(await boundOf('google-generate-content', { generationConfig: config })).toBeGreaterThanOrEqual(
      google + 4_000,
    )
  })

  test('covers what writing to a cache costs, by how long it is kept', async () => {
    const upTo = async (cache: Record<string, unknown> | null): Promise<number> => {
      await using server = await startProviderServer(() => ({ kind: 'silence' }))
      const models = [{ model: 'anthropic/claude-sonnet-4-5', timeoutMs: 50 }]
      await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 20 }, models })
      const text = { type: 'text', text: 'a'.repeat(100_000), ...(cache === null ? {} : { cache_control: cache }) }
      await way.askWire('anthropic-messages', { change: { max_tokens: 1, system: [text] } })
      return way.eventsOf('call-broken')[0]?.upToUsd ?? 0
    }
    // dollars for a million tokens: 3 fresh, 3.75 and 6 written to a cache for five minutes and for an hour
    expect(await upTo({ type: 'ephemeral' })).toBeGreaterThanOrEqual((100_000 * 3.75) / 1e6)
    expect(await upTo({ type: 'ephemeral', ttl: '1h' })).toBeGreaterThanOrEqual((100_000 * 6) / 1e6)
  })
})

describe('Chat streams', () => {
  const usageOf = (text: string): string[] => text.split('\n').filter((line) => line.includes('"prompt_tokens"'))

  test('are made to tell their usage, which only callers that asked for it see', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    const plain = await way.askWire('openai-chat', { change: { stream_options: undefined } })
    const asking = await way.askWire('openai-chat', { change: { stream_options: { include_usage: true } } })
    expect([plain, asking].map(({ text }) => usageOf(text).length)).toEqual([0, 1])
    for (const { text } of [plain, asking]) expect(text).toContain('data: [DONE]')
    expect(way.eventsOf('model-called').map(({ usage }) => usage.inputTokens)).toEqual([100, 100])
  })

  test('of OpenRouter tell what it charged', async () => {
    const usage = { input: 100, output: 50, costUsd: 0.25 }
    await using server = await startProviderServer(() => ({ ...good, usage }))
    await using way = await openTestGateway(server.origin, { models: ['openrouter/google/gemini-2.5-pro'] })
    await way.askWire('openai-chat', { change: { model: 'google/gemini-2.5-pro' } })
    expect(way.eventsOf('model-called')).toMatchObject([{ costUsd: 0.25 }])
    expect(server.requests).toMatchObject([{ path: '/api/v1/chat/completions', body: { usage: { include: true } } }])
  })
})

describe('tokens of a request', () => {
  test('are counted by the provider, and make no call', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin, { limits: { maxCalls: 1 } })
    const anthropic = asked['anthropic-messages']
    const { messages } = anthropic.body
    const body = { model: anthropic.body.model, messages }
    expect((await way.ask('anthropic/v1/messages/count_tokens?beta=true', { body })).json).toEqual({
      input_tokens: 100,
    })
    const google = { contents: asked['google-generate-content'].body.contents }
    const path = 'google/v1beta/models/gemini-2.5-pro:countTokens'
    for (const asking of [google, { generateContentRequest: { model: 'models/other', ...google } }])
      expect((await way.ask(path, { body: asking })).json).toEqual({ totalTokens: 100 })
    expect(server.requests.map(({ path: sentTo, operation }) => [sentTo, operation])).toEqual([
      ['/v1/messages/count_tokens', 'count'],
      ['/v1beta/models/gemini-2.5-pro:countTokens', 'count'],
      ['/v1beta/models/gemini-2.5-pro:countTokens', 'count'],
    ])
    expect(server.requests[0]?.body).toEqual(body)
    expect(server.requests[2]?.body).toMatchObject({ generateContentRequest: { model: 'models/gemini-2.5-pro' } })
    expect(way.events).toEqual([])
    expect(way.gateway.use('coder').calls).toBe(0)
  })

  test('are counted no more than ten times a call', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin, { limits: { maxCalls: 2 } })
    const { messages, model } = asked['anthropic-messages'].body
    const count = () => way.ask('anthropic/v1/messages/count_tokens', { body: { model, messages } })
    const answers = await Promise.all(Array.from({ length: 25 }, count))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(5)
    expect(server.requests).toHaveLength(20)
    expect(way.events).toMatchObject([{ type: 'gateway-refused', code: 'too-many-counts' }])
    expect(way.gateway.use('coder')).toEqual({ calls: 0, tokens: 0, costUsd: 0, tokenCounts: 20 })
    // it ends nothing else
    expect((await way.askWire('anthropic-messages')).status).toBe(200)
  })

  test('are estimated where the provider only speaks the format', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin, { models: ['openrouter/anthropic/claude-sonnet-4.5'] })
    const body = { model: 'anthropic/claude-sonnet-4.5', messages: [{ role: 'user', content: 'a'.repeat(4_000) }] }
    const { json } = await way.ask('anthropic/v1/messages/count_tokens', { body })
    expect((json as { input_tokens: number }).input_tokens).toBeGreaterThan(1_000)
    expect((json as { input_tokens: number }).input_tokens).toBeLessThan(1_100)
    expect(server.requests).toHaveLength(0)
  })
})

describe('the address', () => {
  test.each([
    ['anthropic/messages', '/v1/messages'],
    ['anthropic/v1/messages?beta=true', '/v1/messages'],
    ['anthropic/v1/v1/messages', '/v1/messages'],
    ['openai/responses', '/v1/responses'],
    ['openai/v1/v1/chat/completions', '/v1/chat/completions'],
    ['openai/v1/chat/completions/', '/v1/chat/completions'],
    ['google/models/gemini-2.5-pro:generateContent', '/v1beta/models/gemini-2.5-pro:generateContent'],
    ['google/v1/v1beta/models/gemini-2.5-pro:generateContent', '/v1beta/models/gemini-2.5-pro:generateContent'],
  ])('%s leads to %s', async (path, sentTo) => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    const wire = everyWire.find(
      (name) =>
        asked[name].path.split('/').at(-1) ===
        path
          .replace(/[?:].*|\/$/g, '')
          .split('/')
          .at(-1),
    )
    expect((await way.ask(path, { body: asked[wire ?? 'openai-chat'].body })).status).toBe(200)
    expect(server.requests.map((request) => request.path)).toEqual([sentTo])
  })

  test.each([
    ['POST', 'anthropic/v1/messages/batches'],
    ['POST', 'anthropic/v1/files'],
    ['POST', 'openai/v1/embeddings'],
    ['POST', 'openai/v1/responses/resp_1/cancel'],
    ['GET', 'openai/v1/responses/resp_1'],
    ['DELETE', 'openai/v1/models/gpt-4o'],
    ['POST', 'google/v1beta/cachedContents'],
    ['POST', 'google/v1beta/models/gemini-2.5-pro:batchGenerateContent'],
    ['POST', 'google/v1beta/models/gemini-2.5-pro:predict'],
    ['POST', 'openai/../anthropic/v1/messages'],
  ])('%s %s leads nowhere', async (method, path) => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    expect(await way.ask(path, { method, ...(method === 'POST' ? { body: {} } : {}) })).toMatchObject({
      status: 404,
      json: { error: expect.anything() },
    })
    expect(server.requests).toHaveLength(0)
  })

  test('greets without a key, and lists the models that may be called', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin, { models: ['openai/gpt-4o', 'openai/o4-mini'] })
    for (const path of ['anthropic', 'anthropic/', 'openai/v1', 'google/'])
      expect((await way.ask(path, { method: 'HEAD', headers: { authorization: '' } })).status).toBe(200)
    expect((await way.ask('openai/v1/models')).json).toMatchObject({ data: [{ id: 'gpt-4o' }, { id: 'o4-mini' }] })
    expect((await way.ask('openai/v1/models/gpt-4o')).json).toMatchObject({ id: 'gpt-4o' })
    expect((await way.ask('openai/v1/models/gpt-5')).status).toBe(404)
    expect((await way.ask('anthropic/v1/models')).json).toMatchObject({ data: [{ id: 'gpt-4o' }, {}], has_more: false })
    expect((await way.ask('google/v1beta/models')).json).toMatchObject({ models: [{ name: 'models/gpt-4o' }, {}] })
    expect((await askSocket(way.socketPath, '/', {})).status).toBe(404)
    expect((await askSocket(way.socketPath, '/experiment-code/openai/v1/models', {})).status).toBe(404)
    expect(server.requests).toHaveLength(0)
  })

  test('of a format that the provider of the model does not speak leads nowhere', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    const refused = await way.askWire('openai-chat', { change: { model: 'claude-sonnet-4-5' } })
    expect(refused.status).toBe(404)
    expect(refused.text).toContain('anthropic-messages')
  })
})

describe('the key', () => {
  test.each([
    ['x-api-key', { 'x-api-key': gatewayToken }, ''],
    ['a bearer token', { authorization: `Bearer ${gatewayToken}` }, ''],
    ['x-goog-api-key', { 'x-goog-api-key': gatewayToken }, ''],
    ['the query', {}, `?key=${gatewayToken}`],
  ])('is taken from %s', async (_, headers, query) => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    const { path, body } = asked['openai-chat']
    const answer = await way.ask(`${path}${query}`, { body, headers: { authorization: '', ...headers } })
    expect(answer.status).toBe(200)
    expect(JSON.stringify(server.requests)).not.toContain(gatewayToken)
  })

  test.each(everyWire)('that is wrong opens nothing: %s', async (wire) => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Bearer ${gatewayToken}x`, `Basic ${gatewayToken}`])
      expect((await way.askWire(wire, { headers: { authorization } })).status).toBe(401)
    expect(server.requests).toHaveLength(0)
    await way.gateway[Symbol.asyncDispose]()
    expect(way.events).toMatchObject([
      { type: 'gateway-refused', code: 'token-wrong', count: 1 },
      { type: 'gateway-refused', code: 'token-wrong', count: 4 },
    ])
  })
})

describe('a body', () => {
  const { path } = asked['anthropic-messages']
  test.each<[string, unknown, number, Record<string, string>?]>([
    ['that is no JSON', '{"model":', 400],
    ['that is a list', '[]', 400],
    ['that is empty', '', 400],
    ['that is compressed', 'x', 415, { 'content-encoding': 'gzip' }],
    ['that is too large', Buffer.alloc(33 * 1024 ** 2, 'a'), 413],
    ['that says it is too large', '{}', 413, { 'content-length': String(40 * 1024 ** 2) }],
    ['that is nested too deeply', `{"a":${'['.repeat(5e6)}${']'.repeat(5e6)}}`, 413],
    ['of too many small things', `{"a":[${'0,'.repeat(5e6)}0]}`, 413],
  ])('%s is refused', async (...[, body, status, headers = {}]) => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    // the gateway may have hung up before all of a large body was sent
    const told = await way.ask(path, { body, headers }).then(
      (answer) => answer.status,
      (error: NodeJS.ErrnoException) => error.code,
    )
    expect([status, 'EPIPE', 'ECONNRESET']).toContain(told)
    expect(server.requests).toHaveLength(0)
    expect((await way.askWire('openai-chat')).status).toBe(200)
  })

  test('is let go once what goes out is written, so that others find room', async () => {
    const { promise: end, resolve } = Promise.withResolvers<void>()
    await using server = await startProviderServer(async () => {
      await end
      return good
    })
    await using way = await openTestGateway(server.origin, { concurrency: 40, bounds: { maxHeldBytes: 300_000 } })
    const body = JSON.stringify(asked['openai-chat'].body).padEnd(200_000)
    const answers: Promise<{ status: number }>[] = []
    for (let call = 0; call < 10; call += 1) {
      answers.push(way.ask(asked['openai-chat'].path, { body }))
      await Promise.race([vi.waitFor(() => expect(server.requests).toHaveLength(call + 1)), answers.at(-1)])
    }
    // what goes out counts until its answer is there
    const long = { ...asked['openai-chat'].body, user: 'a'.repeat(200_000) }
    const [held, tooMuch] = [way.ask(asked['openai-chat'].path, { body: long }), { body: long }]
    await vi.waitFor(() => expect(server.requests).toHaveLength(11))
    expect((await way.ask(asked['openai-chat'].path, tooMuch)).status).toBe(503)
    resolve()
    expect((await Promise.all([...answers, held])).every(({ status }) => status === 200)).toBe(true)
  })

  test('nested deeply in a field that nobody is refused as well', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    const body = `{"model":"gpt-4o","messages":[],"metadata":${'['.repeat(1e6)}${']'.repeat(1e6)}}`
    expect((await way.ask(asked['openai-chat'].path, { body })).status).toBe(400)
    expect(server.requests).toHaveLength(0)
  })

  test('whose keys stand there twice goes out as it was read', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin)
    const body = '{"model":"gpt-4o","n":9,"messages":[],"n":1,"web_search_options":{},"web_search_options":null}'
    expect((await way.ask(asked['openai-chat'].path, { body })).status).toBe(200)
    expect(server.requests[0]?.body).toEqual({ model: 'gpt-4o', n: 1, messages: [] })
  })
})

test('features are announced to the provider unless they let it run tools or cost otherwise', async () => {
  await using server = await startProviderServer(() => good)
  await using way = await openTestGateway(server.origin)
  const wanted = ['claude-code-20250219', 'interleaved-thinking-2025-05-14', 'context-management-2025-06-27']
  const unwanted = [
    'mcp-client-2025-04-04',
    'code-execution-2025-05-22',
    'files-api-2025-04-14',
    'fast-mode-2026-02-01',
    'a\tb',
  ]
  const headers = { 'anthropic-beta': [...wanted, ...unwanted].join(', '), 'anthropic-version': '2023-06-01' }
  await way.askWire('anthropic-messages', { headers })
  expect(server.requests[0]?.headers).toMatchObject({
    'anthropic-beta': wanted.join(','),
    'anthropic-version': '2023-06-01',
    'accept-encoding': 'identity',
  })
})

test('a connection that sends rubbish, or leaves in the middle of its request, harms nobody', async () => {
  await using server = await startProviderServer(() => good)
  await using way = await openTestGateway(server.origin)
  const rubbish = [
    'no http at all\r\n\r\n',
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
    `POST /coder/openai/v1/responses HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${gatewayToken}\r\ncontent-length: 100\r\n\r\n{"a`,
    'GET // HTTP/1.1\r\nhost: a\r\n\r\n',
    'GET http:// HTTP/1.1\r\nhost: a\r\n\r\n',
  ]
  for (const bytes of rubbish)
    await new Promise<void>((resolve) => {
      const socket = connect(way.socketPath, () => socket.end(bytes, () => setTimeout(() => socket.destroy(), 20)))
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  await way.gateway.settle()
  expect((await way.askWire('openai-chat')).status).toBe(200)
  expect(server.requests).toHaveLength(1)
})

test('refusals without end are told once and counted', async () => {
  await using server = await startProviderServer(() => good)
  const way = await openTestGateway(server.origin)
  const change = { web_search_options: {} } satisfies Partial<WireRequest['body']>
  for (let call = 0; call < 30; call += 1) await way.askWire('openai-chat', { change })
  expect(way.events).toHaveLength(1)
  await way[Symbol.asyncDispose]()
  expect(way.eventsOf('gateway-refused').map(({ code, count }) => [code, count])).toEqual([
    ['hosted-tool', 1],
    ['hosted-tool', 29],
  ])
})
