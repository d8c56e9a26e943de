import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ModelMessage, tool, type ToolSet } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createBudget } from '../src/models/budget.ts'
import type { ModelReply } from '../src/models/model.ts'
import { openResponseCache } from '../src/models/response-cache.ts'
import { everyWire, failureOf, openCalls, question, ways, waysOf, type Wire } from './support/model-calls.ts'
import { startProviderServer, type WireReply } from './support/provider-server.ts'

const usage = { input: 100, output: 50 }
const good = { kind: 'message', text: 'Light scatters.', usage } as const

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlrbench-cache-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('replies that say little', () => {
  const text = 'Light scatters.'
  const odd: { name: string; wires: Wire[]; answer: WireReply; expected: Partial<ModelReply> }[] = [
    {
      name: 'nothing',
      wires: everyWire,
      answer: { kind: 'empty', usage },
      expected: { text: '', finishReason: 'stop' },
    },
    {
      name: 'a refusal',
      wires: ['responses', 'chat', 'anthropic', 'compatible'],
      answer: { kind: 'refusal', text: 'I would rather not.', usage },
      expected: { text: 'I would rather not.', finishReason: 'content-filter' },
    },
    {
      name: 'a refusal, of which its client drops the words',
      wires: ['openrouter'],
      answer: { kind: 'refusal', text: 'I would rather not.', usage },
      expected: { text: '', finishReason: 'stop' },
    },
    {
      name: 'an answer cut at the limit',
      wires: everyWire,
      answer: { ...good, finish: 'length' },
      expected: { text, finishReason: 'length' },
    },
    {
      name: 'a filtered answer',
      wires: everyWire,
      answer: { ...good, finish: 'content-filter' },
      expected: { text, finishReason: 'content-filter' },
    },
  ]

  test.each(odd.flatMap(({ wires, ...rest }) => waysOf(...wires).map(([title, way]) => ({ ...rest, title, way }))))(
    '$name is a reply, paid for and not kept: $title',
    async ({ way, answer, expected }) => {
      await using server = await startProviderServer(() => answer)
      const calls = openCalls(server.origin, { cache: openResponseCache(folder) })
      for (const requests of [1, 2]) {
        const reply = await calls.ask(way)
        expect(reply).toMatchObject({ ...expected, retries: 0, usage: { inputTokens: 100, outputTokens: 50 } })
        expect(server.requests).toHaveLength(requests)
      }
      expect(calls.events).toMatchObject([{ type: 'model-called', cache: 'miss' }, { cache: 'miss' }])
    },
  )
})

describe('the cache', () => {
  test.each(ways)('answers the same question again without a request, as the same call: %s', async (_, way) => {
    await using server = await startProviderServer(() => good)
    const first = openCalls(server.origin, { cache: openResponseCache(folder) })
    const reply = await first.ask(way)
    const later = openCalls(server.origin, { cache: openResponseCache(folder) })
    expect(await later.ask(way)).toEqual(reply)
    expect(server.requests).toHaveLength(1)
    const { callId, usage: used, costUsd } = reply
    expect([...first.events, ...later.events]).toMatchObject([
      { type: 'model-called', callId, cache: 'miss' },
      { type: 'model-called', callId, cache: 'hit', usage: used, costUsd },
    ])
  })

  test('asks again in another scope, unless it is shared', async () => {
    await using server = await startProviderServer(() => good)
    const own = openCalls(server.origin, { cache: openResponseCache(join(folder, 'own')) })
    await own.ask('chat', { scope: 'trial-1/1' })
    await own.ask('chat', { scope: 'trial-2/1' })
    expect(server.requests).toHaveLength(2)
    const shared = openCalls(server.origin, { cache: openResponseCache(join(folder, 'shared')), sharedCache: true })
    await shared.ask('chat', { scope: 'trial-1/1' })
    await shared.ask('chat', { scope: 'trial-2/1' })
    expect(server.requests).toHaveLength(3)
  })

  test('shared or not, asks again for another attempt, and never takes the answer of another server', async () => {
    await using server = await startProviderServer(() => good)
    await using other = await startProviderServer(() => good)
    const cache = { cache: openResponseCache(folder), sharedCache: true }
    const shared = openCalls(server.origin, cache)
    await shared.ask('chat', { scope: 'trial-1/1' })
    await shared.ask('chat', { scope: 'trial-1/2' })
    expect(server.requests).toHaveLength(2)
    await openCalls(other.origin, cache).ask('chat', { scope: 'trial-1/1' })
    expect(other.requests).toHaveLength(1)
  })

  test('a call given up in flight is counted: it may have been charged', async () => {
    const controller = new AbortController()
    await using server = await startProviderServer(() => {
      controller.abort(new Error('interrupted'))
      return { kind: 'silence' }
    })
    const budget = createBudget(10)
    const calls = openCalls(server.origin, { budget })
    await expect(calls.ask('responses', { signal: controller.signal })).rejects.toThrow('interrupted')
    await expect
      .poll(() => calls.eventsOf('call-broken'))
      .toMatchObject([{ code: 'aborted', upToUsd: budget.spentUsd }])
    expect(budget.spentUsd).toBeGreaterThan(0)
  })

  test('is not charged to a budget', async () => {
    await using server = await startProviderServer(() => good)
    const cache = openResponseCache(folder)
    await openCalls(server.origin, { cache }).ask('responses')
    const spent = createBudget(1, 1)
    await openCalls(server.origin, { cache, budget: spent }).ask('responses')
    expect(spent.spentUsd).toBe(1)
  })

  test('gives equal questions that are asked at once one reply, when it is shared', async () => {
    await using server = await startProviderServer(() => ({ ...good, delayMs: 20 }))
    const calls = openCalls(server.origin, { cache: openResponseCache(folder), sharedCache: true })
    const scopes = ['trial-1/1', 'trial-2/1', 'trial-3/1']
    const replies = await Promise.all(scopes.map((scope) => calls.ask('chat', { scope })))
    expect(server.requests).toHaveLength(1)
    expect(new Set(replies.map(({ callId }) => callId)).size).toBe(1)
    expect(calls.eventsOf('model-called').filter(({ cache }) => cache === 'shared')).toHaveLength(2)
  })

  test('lets the second of two equal questions ask itself when the first fails, and leave when its own signal aborts', async () => {
    const arrived = Promise.withResolvers<void>()
    const refuse = Promise.withResolvers<void>()
    await using server = await startProviderServer(async ({ index }) => {
      if (index > 0) return good
      arrived.resolve()
      await refuse.promise
      return { kind: 'status', status: 400 }
    })
    const calls = openCalls(server.origin, { cache: openResponseCache(folder), sharedCache: true })
    const first = failureOf(calls.ask('chat'))
    await arrived.promise
    const second = calls.ask('chat')
    const stop = new AbortController()
    const third = failureOf(calls.ask('chat', { signal: stop.signal }))
    stop.abort('no time')
    expect(await third).toBe('no time')
    refuse.resolve()
    expect(await first).toMatchObject({ code: 'rejected-request' })
    expect(await second).toMatchObject({ text: 'Light scatters.' })
    expect(server.requests).toHaveLength(2)
  })

  test('keeps conversations such that they can go on: every wire', async () => {
    const tools = { bash: tool({ inputSchema: z.object({ command: z.string() }) }) } as ToolSet
    for (const wire of everyWire) {
      await using server = await startProviderServer(({ toolResults }) =>
        toolResults > 0
          ? good
          : {
              kind: 'message',
              text: '',
              usage,
              reasoning: 'Hm.',
              toolCalls: [{ name: 'bash', arguments: { command: 'ls' } }],
            },
      )
      const calls = openCalls(server.origin, { cache: openResponseCache(join(folder, wire)) })
      await calls.ask(wire, { request: { tools } })
      const kept = await calls.ask(wire, { request: { tools } })
      const [call] = kept.toolCalls
      const output = { type: 'text' as const, value: 'a.txt' }
      const result = { type: 'tool-result' as const, toolCallId: call?.toolCallId ?? '', toolName: 'bash', output }
      const messages: ModelMessage[] = [...question.messages, ...kept.messages, { role: 'tool', content: [result] }]
      expect(await calls.ask(wire, { request: { tools, messages } })).toMatchObject({ text: 'Light scatters.' })
      expect(server.requests).toHaveLength(2)
      // nothing is stored at the provider, so nothing may be referred to
      expect(JSON.stringify(server.requests[1]?.body)).not.toContain('item_reference')
    }
  })
})

describe('the queue of a provider', () => {
  test.each([1, 3])('holds requests in flight to %i', async (concurrency) => {
    let inFlight = 0
    let most = 0
    await using server = await startProviderServer(async () => {
      inFlight += 1
      most = Math.max(most, inFlight)
      await sleep(5)
      inFlight -= 1
      return good
    })
    const calls = openCalls(server.origin, { concurrency })
    // one queue for both interfaces of OpenAI
    await Promise.all(Array.from({ length: 9 }, (_, index) => calls.ask(index % 2 === 0 ? 'chat' : 'responses')))
    expect(most).toBe(concurrency)
    expect(server.requests).toHaveLength(9)
  })

  test('does not hold up other providers, nor is it held up by a call that waits to try again', async () => {
    const stop = new AbortController()
    await using server = await startProviderServer(({ index }) =>
      index === 0 ? { kind: 'status', status: 429, retryAfterSeconds: 60 } : index === 1 ? { kind: 'silence' } : good,
    )
    const retried = Promise.withResolvers<void>()
    const calls = openCalls(server.origin, { concurrency: 1, onEvent: () => retried.resolve() })
    const waiting = failureOf(calls.ask('chat', { signal: stop.signal }))
    await retried.promise
    const silent = failureOf(calls.ask('chat', { signal: stop.signal }))
    expect(await calls.ask('anthropic')).toMatchObject({ text: 'Light scatters.' })
    while (server.requests.length < 3) await sleep(1)
    stop.abort('enough')
    expect(await Promise.all([waiting, silent])).toEqual(['enough', 'enough'])
    expect(server.requests.map(({ api }) => api).toSorted()).toEqual([
      'anthropic-messages',
      'openai-chat',
      'openai-chat',
    ])
  })
})
