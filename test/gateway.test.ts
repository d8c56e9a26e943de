import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { openGateway } from '../src/gateway/open-gateway.ts'
import { createBudget } from '../src/models/budget.ts'
import { openModelAccount } from '../src/models/model-account.ts'
import { asked, everyWire, gatewaySecrets, gatewayToken, openTestGateway, testRoute } from './support/gateway.ts'
import { startProviderServer } from './support/provider-server.ts'

const usage = { input: 100, output: 50, cachedRead: 20, reasoning: 10 }
const good = { kind: 'message', text: 'Light scatters.', usage } as const

/** By hand, from the list prices in dollars for a million tokens: fresh input, cached input, output. */
const costs = {
  'anthropic-messages': (80 * 3 + 20 * 0.3 + 50 * 15) / 1e6,
  'openai-responses': (80 * 1.1 + 20 * 0.275 + 50 * 4.4) / 1e6,
  'openai-chat': (80 * 2.5 + 20 * 1.25 + 50 * 10) / 1e6,
  'google-generate-content': (80 * 1.25 + 20 * 0.125 + 50 * 10) / 1e6,
}

describe.each(everyWire)('%s', (wire) => {
  test.each([true, false])('hands on an answer and says what it cost: streaming %s', async (stream) => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 5 } })
    const answer = await way.askWire(wire, { stream })
    expect(answer).toMatchObject({ status: 200, isBroken: false })
    expect(answer.headers['content-type']).toMatch(stream ? /^text\/event-stream/ : /^application\/json/)
    expect(way.events).toMatchObject([
      {
        type: 'model-called',
        purpose: { kind: 'stage', stage: 'experiment', attempt: 1, step: 1 },
        model: asked[wire].model,
        responseModel: asked[wire].model.slice(asked[wire].model.indexOf('/') + 1),
        finishReason: 'stop',
        retries: 0,
        cache: 'off',
        usage: { inputTokens: 100, outputTokens: 50, cachedReadTokens: 20, reasoningTokens: 10 },
      },
    ])
    expect(way.eventsOf('model-called')[0]?.costUsd).toBeCloseTo(costs[wire], 12)
    expect(way.gateway.use('coder')).toMatchObject({ calls: 1, tokens: 150 })
    expect(way.gateway.use('coder').costUsd).toBeCloseTo(costs[wire], 12)
    expect(way.budget.spentUsd).toBeCloseTo(costs[wire], 12)
  })

  test.each([true, false])('changes no byte of an answer, however it is cut up: streaming %s', async (stream) => {
    const text = `${stream ? 'data: ' : ''}{"text":"Größe ≥ 日本 🙂"}${stream ? '\r\n\r\n: a remark\n\nevent: x\ndata: [DONE]\n\n' : ''}`
    const bytes = Buffer.from(text)
    const writes = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.subarray(at * 7, at * 7 + 7))
    const contentType = stream ? 'text/event-stream; charset=utf-8' : 'application/json'
    await using server = await startProviderServer(() => ({ kind: 'bytes', contentType, writes }))
    await using way = await openTestGateway(server.origin)
    const answer = await way.askWire(wire, { stream })
    expect(answer.text).toBe(text)
    expect(answer.headers['content-type']).toBe(contentType)
  })

  test('tells the tools a model calls, a full answer and a refusal apart', async () => {
    const replies = [
      { ...good, toolCalls: [{ name: 'run', arguments: { command: 'ls' } }] },
      { ...good, finish: 'length' },
      { kind: 'refusal', text: 'No.', usage },
    ] as const
    await using server = await startProviderServer(({ index }) => replies[index] ?? good)
    await using way = await openTestGateway(server.origin)
    for (const _ of replies) await way.askWire(wire)
    const [called, full, refused] = way.eventsOf('model-called').map(({ finishReason }) => finishReason)
    // Google says no more than that the model stopped, and OpenAI tells a refusal in the text
    expect([called, full]).toEqual([wire === 'google-generate-content' ? 'stop' : 'tool-calls', 'length'])
    expect(['content-filter', 'stop']).toContain(refused)
  })

  test('gives the key to the provider alone', async () => {
    const key = gatewaySecrets[keyVariables[wire]]
    await using server = await startProviderServer(({ index }) =>
      index === 0 ? good : { kind: 'status', status: index === 1 ? 400 : 401, body: quote(key) },
    )
    await using way = await openTestGateway(server.origin)
    const headers = {
      'x-api-key': gatewayToken,
      cookie: 'a=b',
      'x-goog-api-key': gatewayToken,
      'openai-organization': 'org',
    }
    const answers = []
    for (let call = 0; call < 3; call += 1) answers.push(await way.askWire(wire, { headers }))
    const [sent] = server.requests
    expect(JSON.stringify(sent?.headers)).toContain(key)
    expect(JSON.stringify(sent)).not.toContain(gatewayToken)
    expect(Object.keys(sent?.headers ?? {})).not.toContain('cookie')
    expect(Object.keys(sent?.headers ?? {})).not.toContain('openai-organization')
    const shown = JSON.stringify([answers, way.events, way.gateway.stopOf('coder')])
    expect(shown).not.toContain(key)
    expect(answers.map(({ status }) => status)).toEqual([200, 400, wire === 'openai-responses' ? 429 : 402])
  })

  test('stops its caller when the provider does not take the key', async () => {
    await using server = await startProviderServer(() => ({ kind: 'status', status: 401 }))
    await using way = await openTestGateway(server.origin)
    const stops: unknown[] = []
    way.gateway.onStop((caller, stop) => stops.push([caller, stop.code]))
    for (let call = 0; call < 3; call += 1) expect((await way.askWire(wire)).headers['x-should-retry']).toBe('false')
    expect(server.requests).toHaveLength(1)
    expect(stops).toEqual([['coder', 'not-authorised']])
    expect(way.gateway.stopOf('coder')?.code).toBe('not-authorised')
    expect(way.events.map(({ type }) => type)).toEqual(['model-call-failed', 'gateway-refused'])
  })

  test.each([
    [400, 'rejected-request'],
    [404, 'rejected-request'],
    [429, 'rate-limited'],
    [500, 'provider-failed'],
    [529, 'provider-failed'],
  ] as const)('hands on what the provider says with status %s', async (status, code) => {
    await using server = await startProviderServer(() => ({ kind: 'status', status, retryAfterSeconds: 7 }))
    await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 5, maxCalls: 3, maxTokens: 1e6 } })
    const answer = await way.askWire(wire)
    expect(answer).toMatchObject({ status, json: { error: expect.anything() } })
    expect(answer.headers['retry-after']).toBe('7')
    expect(way.events).toMatchObject([{ type: 'model-call-failed', code, retries: 0 }])
    // nobody charges for it, and the coder tries again itself
    expect(way.gateway.use('coder')).toEqual({ calls: 0, tokens: 0, costUsd: 0 })
  })

  test.each([
    ['cut', { kind: 'cut', afterCharacters: 5, text: 'Light scatters.', usage }, 'cut-off'],
    ['cut clean', { kind: 'cut-clean', afterCharacters: 5, text: 'Light scatters.', usage }, 'cut-off'],
    ['silent half-way', { kind: 'silence', text: 'Light' }, 'timed-out'],
    ["a proxy's page", { kind: 'html', status: 200 }, 'malformed-reply'],
    ['an error half-way', { kind: 'stream-error', message: 'the model fell over' }, 'provider-failed'],
  ] as const)('counts the whole bound for an answer that is %s', async (_, reply, code) => {
    await using server = await startProviderServer(() => reply)
    const model = { model: asked[wire].model, timeoutMs: 300 }
    await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 5 }, models: [model] })
    await way.askWire(wire)
    expect(way.events).toMatchObject([
      { type: 'call-broken', code },
      { type: 'model-call-failed', code },
    ])
    const upToUsd = way.eventsOf('call-broken')[0]?.upToUsd ?? 0
    expect(upToUsd).toBeGreaterThan(0)
    expect(way.gateway.use('coder').costUsd).toBe(upToUsd)
    expect(way.gateway.use('coder').tokens).toBeGreaterThan(1_000)
    expect(way.eventsOf('call-broken')[0]?.upToTokens).toBe(way.gateway.use('coder').tokens)
  })

  test.each([
    ['reset', { kind: 'reset' }, [502, 'connection-broken']],
    ['silent', { kind: 'silence' }, [504, 'timed-out']],
    ['a redirect', { kind: 'redirect', location: 'http://127.0.0.1:9/' }, [502, 'provider-failed']],
    ["a proxy's page", { kind: 'html', status: 503 }, [503, 'provider-failed']],
  ] as const)('tells in its own words of a provider that is %s', async (_, reply, [status, code]) => {
    await using server = await startProviderServer(() => reply)
    const model = { model: asked[wire].model, timeoutMs: 300 }
    await using way = await openTestGateway(server.origin, { models: [model] })
    const answer = await way.askWire(wire)
    expect(answer.status).toBe(status)
    expect(way.eventsOf('model-call-failed')).toMatchObject([{ code }])
    expect(server.requests).toHaveLength(1)
  })

  test('reads an answer on when its caller leaves, so that its cost is known', async () => {
    await using server = await startProviderServer(() => ({ ...good, text: 'Light scatters. '.repeat(5_000) }))
    await using way = await openTestGateway(server.origin)
    const leaving = new AbortController()
    await way.askWire(wire, { signal: leaving.signal, onText: () => leaving.abort() }).catch(() => null)
    await way.gateway.settle()
    expect(way.events).toMatchObject([{ type: 'model-called', usage: { inputTokens: 100, outputTokens: 50 } }])
  })

  test('ends a call whose caller has left when it takes too long, and counts its bound', async () => {
    await using server = await startProviderServer(() => ({ kind: 'silence', text: 'Light' }))
    await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 5 }, bounds: { readOnMs: 100 } })
    const leaving = new AbortController()
    await way.askWire(wire, { signal: leaving.signal, onText: () => leaving.abort() }).catch(() => null)
    await way.gateway.settle()
    expect(way.events).toMatchObject([
      { type: 'call-broken', code: 'aborted' },
      { type: 'model-call-failed', code: 'aborted' },
    ])
  })

  test('lets only its own models through, under either name', async () => {
    await using server = await startProviderServer(() => good)
    const { model, path, body } = asked[wire]
    await using way = await openTestGateway(server.origin, { models: [model] })
    const name = model.slice(model.indexOf('/') + 1)
    const askFor = async (called: string) =>
      wire === 'google-generate-content'
        ? await way.ask(`google/v1beta/models/${encodeURIComponent(called)}:generateContent`, { body })
        : await way.ask(path, { body: { ...body, model: called } })
    for (const called of [name, model]) expect((await askFor(called)).status).toBe(200)
    expect(server.requests.map((request) => request.model)).toEqual([name, name])
    for (const called of [`${name}-pro`, '../admin', ' ']) {
      const refused = await askFor(called)
      expect(refused.status).toBe(404)
      expect(refused.text).toContain(name)
    }
    expect(server.requests).toHaveLength(2)
  })

  test('stops at once, in words its clients understand, when a limit is reached', async () => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin, { limits: { maxCalls: 1 } })
    await way.askWire(wire)
    const refused = await way.askWire(wire)
    expect(refused.headers['x-should-retry']).toBe('false')
    expect(refused).toMatchObject(stopShapes[wire])
    expect(refused.text).toContain('all calls of this experiment are made')
    expect(way.gateway.stopOf('coder')).toMatchObject({ code: 'call-limit' })
    expect(server.requests).toHaveLength(1)
  })
})

const stopShapes = {
  'anthropic-messages': { status: 402, json: { type: 'error', error: { type: 'billing_error' } } },
  'openai-responses': { status: 429, json: { error: { code: 'insufficient_quota' } } },
  'openai-chat': { status: 402, json: { error: { code: 'insufficient_quota' } } },
  'google-generate-content': { status: 402, json: { error: { code: 402, status: 'FAILED_PRECONDITION' } } },
}

const keyVariables = {
  'anthropic-messages': 'ANTHROPIC_API_KEY',
  'openai-responses': 'OPENAI_API_KEY',
  'openai-chat': 'OPENAI_API_KEY',
  'google-generate-content': 'GEMINI_API_KEY',
} as const

/** What a careless provider may say. */
const quote = (key: string): string => JSON.stringify({ error: { message: `the key ${key} is bad` } })

describe('limits', () => {
  const askTwenty = async (way: Awaited<ReturnType<typeof openTestGateway>>) =>
    await Promise.all(Array.from({ length: 20 }, () => way.askWire('anthropic-messages', { stream: true })))
  const slow = { ...good, delayMs: 20, usage: { input: 1_000, output: 1_000 } }
  const costUsd = (1_000 * 3 + 1_000 * 15) / 1e6

  test.each([
    ['calls', { maxCalls: 7 }, 'call-limit'],
    ['tokens', { maxTokens: 12_000 }, 'token-limit'],
    ['dollars', { maxCostUsd: 0.1 }, 'cost-limit'],
  ] as const)('of %s hold for twenty calls at once', async (_, limits, code) => {
    await using server = await startProviderServer(() => slow)
    await using way = await openTestGateway(server.origin, { limits, concurrency: 20 })
    const answers = await askTwenty(way)
    const done = answers.filter(({ status }) => status === 200).length
    expect(done).toBeGreaterThan(2)
    expect(done).toBeLessThan(20)
    expect(server.requests).toHaveLength(done)
    const use = way.gateway.use('coder')
    expect(use).toMatchObject({ calls: done, tokens: done * 2_000 })
    expect(use.costUsd).toBeCloseTo(done * costUsd, 9)
    expect(use.calls).toBeLessThanOrEqual('maxCalls' in limits ? limits.maxCalls : 20)
    expect(use.tokens).toBeLessThanOrEqual('maxTokens' in limits ? limits.maxTokens : 40_000)
    expect(use.costUsd).toBeLessThanOrEqual('maxCostUsd' in limits ? limits.maxCostUsd : 1)
    expect(way.gateway.stopOf('coder')?.code).toBe(code)
  })

  test("hold for the run's budget, which others spend as well", async () => {
    await using server = await startProviderServer(() => slow)
    const budget = createBudget(0.1)
    await using one = await openTestGateway(server.origin, { budget, concurrency: 20 })
    await using other = await openTestGateway(server.origin, { budget, concurrency: 20 })
    await Promise.all([askTwenty(one), askTwenty(other)])
    expect(budget.spentUsd).toBeGreaterThan(0.05)
    expect(budget.spentUsd).toBeLessThanOrEqual(0.1)
    expect(budget.spentUsd).toBeCloseTo(server.requests.length * costUsd, 9)
    expect([one, other].map(({ gateway }) => gateway.stopOf('coder')?.code)).toEqual(['budget-spent', 'budget-spent'])
  })

  test('count what earlier attempts used up', async () => {
    await using server = await startProviderServer(() => good)
    const used = { calls: 3, tokens: 900, costUsd: 1 }
    await using way = await openTestGateway(server.origin, { limits: { maxCalls: 4 }, used })
    expect((await way.askWire('openai-chat')).status).toBe(200)
    expect((await way.askWire('openai-chat')).status).toBe(402)
    expect(way.gateway.use('coder')).toMatchObject({ calls: 1, tokens: 150 })
  })

  const longest = {
    'anthropic-messages': { max_tokens: 64_000 },
    'openai-responses': { max_output_tokens: 64_000 },
    'openai-chat': { max_tokens: 64_000 },
    'google-generate-content': { generationConfig: { maxOutputTokens: 64_000 } },
  }
  test.each([
    ['dollars', { limits: { maxCostUsd: 0.1 } }, '$0.9'],
    ['tokens', { limits: { maxTokens: 20_000 } }, '65'],
    ["the run's dollars", { budget: createBudget(0.1) }, '$0.9'],
  ] as const)('of %s refuse a call that could never fit, and that call alone', async (_, options, told) => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin, options)
    for (const wire of everyWire) {
      const refused = await way.askWire(wire, { change: longest[wire] })
      expect(refused).toMatchObject({ status: 400, json: { error: expect.anything() } })
      expect(refused.headers['x-should-retry']).toBe('false')
    }
    expect(server.requests).toHaveLength(0)
    expect(way.gateway.stopOf('coder')).toBeNull()
    const message = expect.stringContaining(`this call may use up to ${told}`) as string
    expect(way.events).toMatchObject([{ type: 'gateway-refused', code: 'call-too-large', message }])
    expect((await way.askWire('anthropic-messages')).status).toBe(200)
  })

  test.each([
    ['dollars', { limits: { maxCostUsd: 0.1 }, used: { calls: 1, tokens: 0, costUsd: 0.09 } }, 'cost-limit'],
    ['tokens', { limits: { maxTokens: 20_000 }, used: { calls: 1, tokens: 19_000, costUsd: 0 } }, 'token-limit'],
    ["the run's dollars", { budget: createBudget(0.1, 0.09) }, 'budget-spent'],
  ] as const)('of %s stop at a call that would have fitted at the beginning', async (_, options, code) => {
    await using server = await startProviderServer(() => good)
    await using way = await openTestGateway(server.origin, options)
    expect((await way.askWire('anthropic-messages')).status).toBe(402)
    expect(way.gateway.stopOf('coder')?.code).toBe(code)
    expect(server.requests).toHaveLength(0)
  })

  test('take no answer for longer than the model can write, nor than its settings allow', async () => {
    await using server = await startProviderServer(() => good)
    const change = { max_tokens: 900_000_000 }
    // 200,000 x 15 dollars a million are the most that claude-sonnet-4-5 can write
    await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 3.2 } })
    expect((await way.askWire('anthropic-messages', { change })).status).toBe(200)
    const models = [{ model: asked['anthropic-messages'].model, maxOutputTokens: 500 }]
    await using own = await openTestGateway(server.origin, { limits: { maxCostUsd: 0.1 }, models })
    expect((await own.askWire('anthropic-messages', { change })).status).toBe(200)
    expect(server.requests.map(({ body }) => body['max_tokens'])).toEqual([200_000, 500])
  })

  test('in dollars do not hold where no price is known, so that nothing is sent', async () => {
    await using server = await startProviderServer(() => good)
    const models = ['openai-compatible/qwen3']
    await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 1 }, models })
    const refused = await way.askWire('openai-chat', { change: { model: 'qwen3' } })
    expect(refused).toMatchObject({ status: 402 })
    expect(refused.text).toContain('no price is known')
    expect(server.requests).toHaveLength(0)
  })

  test('of two callers are their own', async () => {
    await using server = await startProviderServer(() => good)
    const routes = [
      testRoute('coder', { limits: { maxCalls: 1 } }),
      testRoute('experiment-code', { limits: { maxCalls: 2 }, models: ['openai/gpt-4o'] }),
    ]
    await using way = await openTestGateway(server.origin, { routes })
    for (let call = 0; call < 3; call += 1) {
      await way.askWire('openai-chat')
      await way.askWire('openai-chat', { caller: 'experiment-code' })
    }
    expect(way.gateway.use('coder')).toMatchObject({ calls: 1 })
    expect(way.gateway.use('experiment-code')).toMatchObject({ calls: 2 })
    expect(way.eventsOf('model-called').map(({ purpose }) => purpose)).toEqual([
      { kind: 'stage', stage: 'experiment', attempt: 1, step: 1 },
      { kind: 'experiment-code', attempt: 1, step: 1 },
      { kind: 'experiment-code', attempt: 1, step: 2 },
    ])
  })

  test.each(everyWire)('put an end to the answers of a caller that sets none: %s', async (wire) => {
    await using server = await startProviderServer(() => good)
    const outputOf = (index: number) => {
      const { body = {} } = server.requests[index] ?? {}
      const config = body['generationConfig'] as Record<string, unknown> | undefined
      return (
        body['max_tokens'] ?? body['max_output_tokens'] ?? body['max_completion_tokens'] ?? config?.['maxOutputTokens']
      )
    }
    const change = { max_tokens: undefined, max_output_tokens: undefined, generationConfig: undefined }
    await using rich = await openTestGateway(server.origin, { limits: { maxCostUsd: 50 } })
    await rich.askWire(wire, { change })
    expect(outputOf(0)).toBe(32_000)
    await using short = await openTestGateway(server.origin, { limits: { maxTokens: 10_000 } })
    await short.askWire(wire, { change })
    expect(outputOf(1)).toBe(8_000)
    await using free = await openTestGateway(server.origin)
    await free.askWire(wire, { change })
    expect(outputOf(2)).toBeUndefined()
    const models = [{ model: asked[wire].model, maxOutputTokens: 500 }]
    await using own = await openTestGateway(server.origin, { models })
    await own.askWire(wire)
    await own.askWire(wire, { change })
    expect([outputOf(3), outputOf(4)]).toEqual([500, 500])
  })
})

describe('failed calls', () => {
  test.each([
    { of: 'an unreachable provider', reply: { kind: 'reset' }, change: {}, status: 502 },
    { of: 'a silent one', reply: { kind: 'silence' }, change: {}, status: 504 },
    { of: 'one that is out of order', reply: { kind: 'status', status: 500 }, change: {}, status: 500 },
    { of: 'one that answers nonsense', reply: { kind: 'html', status: 200 }, change: {}, status: 200 },
    { of: 'calls that are too large', reply: good, change: { max_tokens: 150_000 }, status: 400 },
  ] as const)('of $of come to an end', async ({ reply, change, status }) => {
    await using server = await startProviderServer(() => reply)
    const models = [{ model: asked['anthropic-messages'].model, timeoutMs: 50 }]
    const limits = { maxCostUsd: 1 }
    await using way = await openTestGateway(server.origin, { models, limits, bounds: { maxFailures: 3 } })
    const statuses: number[] = []
    for (let call = 0; call < 5; call += 1)
      statuses.push((await way.askWire('anthropic-messages', { change, stream: false })).status)
    expect(statuses).toEqual([status, status, status, 402, 402])
    expect(way.eventsOf('gateway-refused').at(-1)).toMatchObject({ code: 'too-many-failures' })
    expect(server.requests).toHaveLength(status === 400 ? 0 : 3)
  })
})

test('a key that is not taken for a model of the experiment ends the work of its coder as well', async () => {
  await using server = await startProviderServer(({ path }) =>
    path.includes('gemini') ? { kind: 'status', status: 401 } : good,
  )
  const routes = [testRoute('coder'), testRoute('experiment-code', { models: ['google/gemini-2.5-pro'] })]
  await using way = await openTestGateway(server.origin, { routes })
  const stops: unknown[] = []
  way.gateway.onStop((caller, { code, message }) => stops.push([caller, code, message]))
  expect((await way.askWire('openai-chat')).status).toBe(200)
  await way.askWire('google-generate-content', { caller: 'experiment-code' })
  expect((await way.askWire('openai-chat')).status).toBe(402)
  const message = 'google does not take the key it was given'
  expect(way.gateway.stopOf('coder')).toEqual({ code: 'not-authorised', message })
  expect(stops).toEqual(expect.arrayContaining([['coder', 'not-authorised', message]]))
  expect(stops).toHaveLength(2)
  expect(server.requests).toHaveLength(2)
})

test('calls of one experiment leave room for others at the same provider', async () => {
  const { promise: end, resolve } = Promise.withResolvers<void>()
  await using server = await startProviderServer(async () => {
    await end
    return good
  })
  const budget = createBudget(1)
  await using way = await openTestGateway(server.origin, { concurrency: 5, budget })
  const answers = Array.from({ length: 20 }, () => way.askWire('openai-chat'))
  await vi.waitFor(() => expect(server.requests).toHaveLength(3))
  const queue = way.account.queueFor(way.account.connect({ model: 'openai/gpt-4o' }))
  expect([queue.pending, queue.size]).toEqual([3, 0])
  await queue.add(() => Promise.resolve())
  // nor is the run's money set aside for calls whose turn has not come: one of these may cost up to 2 cents
  const other = await budget.reserve(0.9, AbortSignal.timeout(5_000))
  other.release()
  resolve()
  expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true)
  expect(server.requests).toHaveLength(20)
})

test('whoever is in a hurry need not wait for answers that nobody takes', async () => {
  await using server = await startProviderServer(() => ({ kind: 'silence', text: 'Light' }))
  await using way = await openTestGateway(server.origin)
  const leaving = new AbortController()
  await way.askWire('openai-chat', { signal: leaving.signal, onText: () => leaving.abort() }).catch(() => null)
  await way.gateway.settle({ withinMs: 20 })
  expect(way.events).toEqual([])
  await way.gateway[Symbol.asyncDispose]()
  expect(way.events).toMatchObject([{ type: 'call-broken', code: 'aborted' }, { type: 'model-call-failed' }])
})

test('nothing keeps a process alive once its gateway is closed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gw-'))
  const from = (path: string): string => JSON.stringify(new URL(`../${path}`, import.meta.url).href)
  // nobody listens where the provider should be
  const program = `
    import { openTestGateway } from ${from('test/support/gateway.ts')}
    const way = await openTestGateway('http://127.0.0.1:1')
    const { status } = await way.askWire('openai-chat')
    await way[Symbol.asyncDispose]()
    console.log(status)`
  try {
    const file = join(folder, 'program.mjs')
    await writeFile(file, program)
    const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 })
    expect(stdout.trim()).toBe('502')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a caller that leaves before its turn is not sent', async () => {
  await using server = await startProviderServer(() => ({ ...good, delayMs: 300 }))
  await using way = await openTestGateway(server.origin, { concurrency: 1 })
  const leaving = new AbortController()
  const first = way.askWire('openai-chat')
  const second = way.askWire('openai-chat', { signal: leaving.signal }).catch(() => null)
  await sleep(100)
  leaving.abort()
  await Promise.all([first, second])
  await way.gateway.settle()
  expect(server.requests).toHaveLength(1)
  expect(way.events.map(({ type }) => type)).toEqual(['model-called'])
})

test.each(everyWire)('counts the whole bound for an answer in one piece that is cut: %s', async (wire) => {
  await using server = await startProviderServer(() => ({
    kind: 'cut',
    afterCharacters: 5,
    text: 'Light scatters.',
    usage,
  }))
  await using way = await openTestGateway(server.origin, { limits: { maxCostUsd: 5 } })
  const answer = await way.askWire(wire, { stream: false })
  expect(answer.isBroken).toBe(true)
  expect(way.events.map(({ type }) => type)).toEqual(['call-broken', 'model-call-failed'])
  expect(way.gateway.use('coder').costUsd).toBe(way.eventsOf('call-broken')[0]?.upToUsd)
})

test('closing ends open calls, and counts what they may have cost', async () => {
  await using server = await startProviderServer(({ index }) =>
    index === 0 ? { kind: 'silence', text: 'Light' } : { ...good, delayMs: 60_000 },
  )
  const way = await openTestGateway(server.origin, { limits: { maxCostUsd: 5 }, concurrency: 1 })
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const calls = [way.askWire('openai-chat', { onText: () => resolve() }), begun.then(() => way.askWire('openai-chat'))]
  const ended = Promise.allSettled(calls)
  await begun
  await sleep(50)
  await way[Symbol.asyncDispose]()
  await ended
  expect(server.requests).toHaveLength(1)
  expect(way.events).toMatchObject([{ type: 'call-broken', code: 'aborted' }, { type: 'model-call-failed' }])
  await expect(way.ask('openai/v1/models')).rejects.toThrow(/ENOENT|ECONNREFUSED/)
})

test('a log that cannot be written is told to whoever runs the experiment, and not to the caller', async () => {
  await using server = await startProviderServer(() => good)
  const way = await openTestGateway(server.origin, {
    onEvent() {
      throw new Error('the disk is full')
    },
  })
  const answer = await way.askWire('openai-chat')
  expect(answer.isBroken).toBe(true)
  expect(JSON.stringify(answer)).not.toContain('disk')
  await expect(way.gateway.settle()).rejects.toThrow('the disk is full')
  await way[Symbol.asyncDispose]()
})

test('a socket whose path is too long is an error, and no socket somewhere else', async () => {
  const budget = createBudget(null)
  const account = openModelAccount({ providers: {}, secrets: {}, budget })
  const options = { token: 't', account, routes: [], attempt: 1, hostedTools: false, append: () => {} }
  await expect(openGateway({ ...options, socketPath: `/tmp/${'a'.repeat(120)}` })).rejects.toThrow(
    /EINVAL|ENAMETOOLONG|too long/i,
  )
})

test('of two models of one name, the one whose provider speaks the format answers', async () => {
  await using server = await startProviderServer(() => good)
  const models = ['openai-compatible/o4-mini', 'openai/o4-mini']
  await using way = await openTestGateway(server.origin, { models })
  await way.askWire('openai-chat', { change: { model: 'o4-mini' } })
  await way.askWire('openai-responses')
  await way.askWire('openai-chat', { change: { model: 'openai/o4-mini' } })
  expect(way.eventsOf('model-called').map(({ model }) => model)).toEqual([...models, 'openai/o4-mini'])
})
