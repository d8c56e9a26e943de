import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { describeError } from '../src/base/errors.ts'
import { createBudget } from '../src/models/budget.ts'
import { mayHaveCost, ModelCallError } from '../src/models/model-call-error.ts'
import { everyWire, failureOf, openCalls, secrets, ways, waysOf } from './support/model-calls.ts'
import { startProviderServer, type WireReply, type WireRequest } from './support/provider-server.ts'

const usage = { input: 100, output: 50 }
const good: WireReply = { kind: 'message', text: 'Light scatters.', usage }

/** A server that misbehaves for the first requests and answers the others. */
const faulty = (fault: WireReply, times = Number.POSITIVE_INFINITY) =>
  startProviderServer(({ index }) => (index < times ? fault : good))

interface Fault {
  readonly name: string
  readonly reply: WireReply
  /** More than one where the clients of the providers tell the same fault differently. */
  readonly codes: readonly string[]
}

const cut = { text: 'Light scatters, and more.', usage }
const unreadable = ['malformed-reply', 'cut-off']
const faults: Fault[] = [
  { name: 'status 429', reply: { kind: 'status', status: 429 }, codes: ['rate-limited'] },
  { name: 'status 408', reply: { kind: 'status', status: 408 }, codes: ['provider-failed'] },
  { name: 'status 500', reply: { kind: 'status', status: 500 }, codes: ['provider-failed'] },
  { name: 'status 503', reply: { kind: 'status', status: 503 }, codes: ['provider-failed'] },
  { name: 'status 529', reply: { kind: 'status', status: 529 }, codes: ['provider-failed'] },
  { name: "a proxy's page, status 502", reply: { kind: 'html', status: 502 }, codes: ['provider-failed'] },
  { name: "a proxy's page, status 200", reply: { kind: 'html', status: 200 }, codes: unreadable },
  { name: 'an answer that is not JSON', reply: { kind: 'invalid-json' }, codes: unreadable },
  { name: 'JSON of another shape', reply: { kind: 'wrong-shape' }, codes: [...unreadable, 'provider-failed'] },
  { name: 'a connection reset at once', reply: { kind: 'reset' }, codes: ['connection-broken'] },
  { name: 'a connection cut before the text', reply: { kind: 'cut', afterCharacters: 0, ...cut }, codes: ['cut-off'] },
  { name: 'a connection cut in the text', reply: { kind: 'cut', afterCharacters: 10, ...cut }, codes: ['cut-off'] },
  {
    name: 'an answer that ends before the text',
    reply: { kind: 'cut-clean', afterCharacters: 0, ...cut },
    codes: unreadable,
  },
  {
    name: 'an answer that ends in the text',
    reply: { kind: 'cut-clean', afterCharacters: 10, ...cut },
    codes: unreadable,
  },
  {
    name: 'an error in the middle of the answer',
    reply: { kind: 'stream-error', message: 'the model fell over' },
    codes: ['provider-failed', 'malformed-reply'],
  },
  {
    name: 'an error as the first word of the answer',
    reply: { kind: 'stream-error', message: 'the model fell over', text: '' },
    codes: ['provider-failed', 'malformed-reply'],
  },
]

describe.each(faults)('$name', ({ reply: fault, codes }) => {
  test.concurrent.each(ways)('is got over by another try: %s', async (_, way) => {
    await using server = await faulty(fault, 1)
    const calls = openCalls(server.origin)
    const reply = await calls.ask(way)
    expect(reply).toMatchObject({ text: 'Light scatters.', finishReason: 'stop', retries: 1 })
    expect(reply.usage).toMatchObject({ inputTokens: 100, outputTokens: 50 })
    expect(server.requests).toHaveLength(2)
    const [retried] = calls.eventsOf('call-retried')
    expect(codes).toContain(retried?.code)
    // a try that may have been charged is on record, before the next one
    const broken = mayHaveCost(retried?.code ?? '') ? ['call-broken'] : []
    expect(calls.events.map(({ type }) => type)).toEqual([...broken, 'call-retried', 'model-called'])
    expect(new Set(calls.events.map((event) => 'callId' in event && event.callId))).toEqual(new Set([reply.callId]))
    expect(calls.eventsOf('model-called')).toMatchObject([{ retries: 1, cache: 'off' }])
  })

  test.concurrent.each(ways)('ends the call after the last retry: %s', async (_, way) => {
    await using server = await faulty(fault)
    const calls = openCalls(server.origin)
    const error = await failureOf(calls.ask(way))
    expect(error).toBeInstanceOf(ModelCallError)
    expect(server.requests).toHaveLength(4)
    const [failed] = calls.eventsOf('model-call-failed')
    expect(codes).toContain(failed?.code)
    expect(failed).toMatchObject({ retries: 3, code: (error as ModelCallError).code })
    expect(calls.eventsOf('call-retried')).toHaveLength(3)
    expect(calls.eventsOf('model-called')).toEqual([])
  })
})

describe('silence', () => {
  const silences = ways.flatMap(([title, way]) => [
    [title, way, { kind: 'silence' }] as const,
    ...(way.stream ? [[`${title}, after some text`, way, { kind: 'silence', text: 'Light' }] as const] : []),
  ])

  test.concurrent.each(silences)('is got over by another try: %s', async (_, way, silence) => {
    await using server = await faulty(silence, 1)
    const calls = openCalls(server.origin)
    expect(await calls.ask(way, { settings: { timeoutMs: 800 } })).toMatchObject({
      text: 'Light scatters.',
      retries: 1,
    })
    expect(calls.eventsOf('call-retried')).toMatchObject([{ code: 'timed-out' }])
  })

  test.concurrent.each(silences)('ends the call after two time-outs: %s', async (_, way, silence) => {
    await using server = await faulty(silence)
    const calls = openCalls(server.origin)
    const error = await failureOf(calls.ask(way, { settings: { timeoutMs: 150 } }))
    expect(error).toMatchObject({ code: 'timed-out', message: 'no complete answer within 0.15 s' })
    expect(server.requests).toHaveLength(2)
    expect(calls.eventsOf('model-call-failed')).toMatchObject([{ code: 'timed-out', retries: 1 }])
  })

  test('counts time-outs alone: other faults before do not use up the second one', async () => {
    const replies: WireReply[] = [{ kind: 'status', status: 500 }, { kind: 'silence' }, good]
    await using server = await startProviderServer(({ index }) => replies[index] ?? good)
    const calls = openCalls(server.origin)
    expect(await calls.ask('responses', { settings: { timeoutMs: 800 } })).toMatchObject({ retries: 2 })
  })
})

describe('what no second try can mend', () => {
  test.concurrent.each(
    ways.flatMap(([title, way]) => [400, 401, 402, 403, 404, 413, 422].map((status) => [status, title, way] as const)),
  )('status %i is asked for once: %s', async (status, _, way) => {
    await using server = await faulty({ kind: 'status', status })
    const calls = openCalls(server.origin)
    const error = await failureOf(calls.ask(way))
    const code = status === 401 || status === 403 ? 'not-authorised' : 'rejected-request'
    // some say with status 402 that the quota is spent
    expect(status === 402 ? [code, 'rate-limited'] : [code]).toContain((error as ModelCallError).code)
    expect((error as ModelCallError).message).toContain(`HTTP ${status}: `)
    expect(server.requests).toHaveLength(1)
    expect(calls.events).toMatchObject([{ type: 'model-call-failed', retries: 0 }])
  })

  test.concurrent.each(ways)('a spent quota: %s', async (_, way) => {
    const body = JSON.stringify({
      type: 'error',
      error: {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
        message: 'You exceeded your quota.',
        param: null,
      },
    })
    await using server = await faulty({ kind: 'status', status: 429, body })
    const calls = openCalls(server.origin)
    const error = await failureOf(calls.ask(way))
    expect(error).toMatchObject({ code: 'rate-limited', message: expect.stringContaining('quota is spent') })
    expect(server.requests).toHaveLength(1)
  })

  test.concurrent.each(waysOf('openrouter'))('a request refused under status 200: %s', async (_, way) => {
    await using server = await faulty({ kind: 'stream-error', code: '400', message: 'too long', text: '' })
    const calls = openCalls(server.origin)
    expect(await failureOf(calls.ask(way))).toMatchObject({ code: 'rejected-request' })
    expect(server.requests).toHaveLength(1)
  })

  test('a request that the client cannot put into the format is never sent', async () => {
    await using server = await faulty(good)
    const calls = openCalls(server.origin)
    const content = [{ type: 'file' as const, mediaType: 'audio/midi', data: 'AAAA' }]
    const error = await failureOf(calls.ask('anthropic', { request: { messages: [{ role: 'user', content }] } }))
    expect(error).toMatchObject({ code: 'rejected-request', retryable: false })
    expect(server.requests).toHaveLength(0)
  })
})

test.concurrent.each(ways)('a key that the provider quotes is in no event and no error: %s', async (_, way) => {
  const keys = Object.values(secrets)
  const quoted = ({ headers }: WireRequest): string =>
    headers['x-api-key'] ?? (headers['authorization'] ?? '').replace('Bearer ', '')
  await using server = await startProviderServer((request) => ({
    kind: 'status',
    status: 401,
    body: JSON.stringify({ type: 'error', error: { type: 'x', code: 'x', message: `Bad key: ${quoted(request)}!` } }),
  }))
  const calls = openCalls(server.origin)
  const error = await failureOf(calls.ask(way))
  expect(keys).toContain(server.requests.map(quoted)[0])
  expect(describeError(error)).toContain('Bad key: [key]!')
  for (const key of keys) expect(inspect([error, calls.events], { depth: 20 })).not.toContain(key)
})

describe('Retry-After', () => {
  test('is waited for, where it is longer than the wait of our own', async () => {
    await using server = await faulty({ kind: 'status', status: 429, retryAfterSeconds: 0.02 }, 1)
    const calls = openCalls(server.origin)
    await calls.ask('responses')
    expect(calls.eventsOf('call-retried')).toMatchObject([{ delayMs: 20 }])
  })

  test('of 0 leaves the wait of our own', async () => {
    await using server = await faulty({ kind: 'status', status: 429, retryAfterSeconds: 0 }, 1)
    const calls = openCalls(server.origin)
    await calls.ask('responses')
    const delayMs = calls.eventsOf('call-retried')[0]?.delayMs
    expect(delayMs).toBeGreaterThanOrEqual(1)
    expect(delayMs).toBeLessThanOrEqual(5)
  })

  test.each([
    ['30 s', 30, 30_000],
    ['an hour, of which 10 minutes are enough', 3_600, 600_000],
  ])('of %s is waited for until the signal aborts', async (_, retryAfterSeconds, delayMs) => {
    await using server = await faulty({ kind: 'status', status: 429, retryAfterSeconds }, 1)
    const stop = new AbortController()
    const reason = new Error('stopped while waiting')
    const calls = openCalls(server.origin, { onEvent: () => setImmediate(() => stop.abort(reason)) })
    expect(await failureOf(calls.ask('responses', { signal: stop.signal }))).toBe(reason)
    expect(calls.events).toMatchObject([{ type: 'call-retried', code: 'rate-limited', delayMs }])
    expect(server.requests).toHaveLength(1)
  })
})

describe('abort', () => {
  test.concurrent.each(ways)(
    'in the middle of an answer rejects with its reason and sends nothing more: %s',
    async (_, way) => {
      const arrived = Promise.withResolvers<void>()
      await using server = await startProviderServer(() => {
        arrived.resolve()
        return { kind: 'silence', text: 'Light' }
      })
      const stop = new AbortController()
      const calls = openCalls(server.origin)
      const failure = failureOf(calls.ask(way, { signal: stop.signal }))
      await arrived.promise
      const reason = new Error('stopped')
      stop.abort(reason)
      expect(await failure).toBe(reason)
      await sleep(20)
      expect(server.requests).toHaveLength(1)
      // what it cost is never told, so it is on record
      expect(calls.events).toMatchObject([{ type: 'call-broken', code: 'aborted' }])
      expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    },
  )

  test('in the queue of a provider sends nothing at all', async () => {
    const arrived = Promise.withResolvers<void>()
    await using server = await startProviderServer(() => {
      arrived.resolve()
      return { kind: 'silence' }
    })
    const calls = openCalls(server.origin, { concurrency: 1 })
    const [first, second] = [new AbortController(), new AbortController()]
    const running = failureOf(calls.ask('chat', { signal: first.signal }))
    await arrived.promise
    const waiting = failureOf(calls.ask('chat', { signal: second.signal }))
    second.abort('enough')
    expect(await waiting).toBe('enough')
    first.abort('enough as well')
    expect(await running).toBe('enough as well')
    expect(server.requests).toHaveLength(1)
  })

  test('before the call sends nothing', async () => {
    await using server = await faulty(good)
    const calls = openCalls(server.origin)
    expect(await failureOf(calls.ask('chat', { signal: AbortSignal.abort('early') }))).toBe('early')
    expect(server.requests).toHaveLength(0)
  })

  test.each(everyWire)('leaves no listener behind where it never comes: %s', async (wire) => {
    await using server = await startProviderServer(({ index }) =>
      index % 2 === 0 ? { kind: 'status', status: 503 } : good,
    )
    const { signal } = new AbortController()
    const calls = openCalls(server.origin, { budget: createBudget(null) })
    await Promise.all(Array.from({ length: 5 }, () => calls.ask(wire, { signal })))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('the budget', () => {
  const cost = (100 * 1.1 + 50 * 4.4) / 1e6

  test.each<[string, WireReply]>([
    ['cut off', { kind: 'cut', afterCharacters: 10, ...cut }],
    ['unreadable', { kind: 'invalid-json' }],
  ])('counts the whole reservation of a try whose answer was %s, as it may have been charged', async (_, fault) => {
    await using server = await faulty(fault, 1)
    const budget = createBudget(100)
    const reply = await openCalls(server.origin, { budget }).ask('responses')
    expect(reply.costUsd).toBeCloseTo(cost, 9)
    // 1,000 tokens of output alone are reserved at 4.40 dollars a million
    expect(budget.spentUsd).toBeGreaterThan(cost + 0.0044)
    expect(budget.spentUsd).toBeLessThan(cost + 0.006)
  })

  test.each<[string, WireReply]>([
    ['refused', { kind: 'status', status: 503 }],
    ['never made', { kind: 'reset' }],
  ])('counts nothing for a try that was %s, and has its reservation back', async (_, fault) => {
    await using server = await faulty(fault, 1)
    // room for one reservation of about half a cent, not for two
    const budget = createBudget(0.008)
    await openCalls(server.origin, { budget }).ask('responses')
    expect(budget.spentUsd).toBeCloseTo(cost, 9)
  })

  test('ends a call between its tries when the next one no longer fits', async () => {
    await using server = await faulty({ kind: 'cut', afterCharacters: 10, ...cut })
    const calls = openCalls(server.origin, { budget: createBudget(0.008) })
    expect(await failureOf(calls.ask('responses'))).toMatchObject({ code: 'budget-spent' })
    expect(server.requests).toHaveLength(1)
    expect(calls.events).toMatchObject([
      { type: 'call-broken' },
      { type: 'call-retried' },
      { type: 'model-call-failed', code: 'budget-spent' },
    ])
  })

  test('that is spent, or cannot hold for want of a price, lets nothing be sent', async () => {
    await using server = await faulty(good)
    const spent = openCalls(server.origin, { budget: createBudget(1, 1) })
    expect(await failureOf(spent.ask('responses'))).toMatchObject({ code: 'budget-spent' })
    const priceless = openCalls(server.origin, { budget: createBudget(1) })
    expect(await failureOf(priceless.ask('compatible'))).toMatchObject({ code: 'budget-spent' })
    expect(server.requests).toHaveLength(0)
    expect(spent.events).toMatchObject([{ type: 'model-call-failed', code: 'budget-spent', retries: 0 }])
  })

  test('of an experiment is charged besides the run’s, and is whole again when that one refuses', async () => {
    await using server = await faulty(good)
    const [own, run] = [createBudget(0.008), createBudget(0.008)]
    const calls = openCalls(server.origin, { budget: run })
    await calls.ask('responses', { budget: own })
    expect([own.spentUsd, run.spentUsd]).toEqual([expect.closeTo(cost, 9), expect.closeTo(cost, 9)])
    const poor = openCalls(server.origin, { budget: createBudget(0) })
    expect(await failureOf(poor.ask('responses', { budget: own }))).toMatchObject({ code: 'budget-spent' })
    expect(own.spentUsd).toBeCloseTo(cost, 9)
    await calls.ask('responses', { budget: own })
    expect(server.requests).toHaveLength(2)
  })

  test('is never overrun by calls in flight together', async () => {
    let inFlight = 0
    let most = 0
    await using server = await startProviderServer(async () => {
      inFlight += 1
      most = Math.max(most, inFlight)
      await sleep(5)
      inFlight -= 1
      return good
    })
    // room for two reservations of about half a cent, and for all of what eight calls really cost
    const budget = createBudget(0.0125)
    const calls = openCalls(server.origin, { budget })
    await Promise.all(Array.from({ length: 8 }, () => calls.ask('responses')))
    expect(most).toBe(2)
    expect(budget.spentUsd).toBeCloseTo(8 * cost, 9)
  })
})
