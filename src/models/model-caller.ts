import { randomUUID } from 'node:crypto'
import pRetry from 'p-retry'
import { setTimeout as sleep } from 'node:timers/promises'
import { PrerequisiteError } from '../base/errors.ts'
import type { ModelSettings, ProviderSpec } from '../schema/config.ts'
import type { RunEvent } from '../schema/event.ts'
import type { ConnectedProvider, Secrets } from './connections.ts'
import { generate } from './generate.ts'
import { type ModelAccount, openModelAccount } from './model-account.ts'
import { modelId } from './model-id.ts'
import type { Budget, CallContext, ModelReply, ModelRequest, Reservation } from './model.ts'
import { type ModelCallCode, mayHaveCost, ModelCallError } from './model-call-error.ts'
import { upperBoundUsd } from './price.ts'
import { questionKey, sizeOf } from './question.ts'
import type { ResponseCache } from './response-cache.ts'
import { untilAborted } from './until-aborted.ts'

export interface ModelCallerOptions {
  readonly providers: Readonly<Record<string, ProviderSpec>>
  readonly secrets: Secrets
  /** The whole run's. */
  readonly budget: Budget
  /** Null: no reply is kept or used again. */
  readonly cache: ResponseCache | null
  /** Equal questions share one reply, whoever asks. */
  readonly sharedCache?: boolean
  /** Waits between tries; the defaults suit real providers. */
  readonly retry?: { readonly retries: number; readonly minDelayMs: number; readonly maxDelayMs: number }
}

/** Calls models: cache, retries, budget and the provider's queue, in that order, and events of what happens. */
export interface ModelCaller {
  /**
   * One question, one complete answer; what the answer is worth is for the caller to say.
   * @throws ModelCallError when there is no answer after the retries, or the budget is spent; the signal's reason on abort
   */
  call(settings: ModelSettings, request: ModelRequest, context: CallContext): Promise<ModelReply>
  /**
   * Throws PrerequisiteError unless the model's provider is known, its key is there, a scripted model exists, and there is a
   * price where a budget must hold.
   */
  check(settings: ModelSettings): void
  /** Whether the provider can hold replies to a schema. */
  hasStructuredOutput(settings: ModelSettings): boolean
  /** For those who call by another road, such as the gateway: the same keys, budget and queues. */
  readonly account: ModelAccount
}

const defaultRetry = { retries: 5, minDelayMs: 2_000, maxDelayMs: 120_000 }

export function createModelCaller(options: ModelCallerOptions): ModelCaller {
  // settings a model does not take are dropped by the AI SDK; what was sent stands in the events, not on the console
  globalThis.AI_SDK_LOG_WARNINGS = false
  const account = openModelAccount(options)
  const connect = (settings: ModelSettings): ConnectedProvider => account.connect(settings)
  const inFlight = new Map<string, Promise<ModelReply>>()

  return {
    account,
    check(settings) {
      const { provider, connection } = connect(settings)
      provider.open(connection).languageModel(settings, false)
      const aCall = { textBytes: 1, images: 0, maxOutputTokens: 1 }
      if (options.budget.limitUsd !== null && upperBoundUsd(provider, modelId(settings), aCall) === null)
        throw new PrerequisiteError(
          `no price is known for ${settings.model}, so a budget in dollars cannot hold: use a model with a known price, or run without a budget`,
        )
    },
    hasStructuredOutput: (settings) => connect(settings).provider.structuredOutput,
    async call(settings, request, context) {
      const connected = connect(settings)
      const callId = randomUUID()
      const { cache, sharedCache } = options
      if (cache === null)
        return announce(await callWithRetries(connected, { settings, request, callId }, context), 'off')
      const scope = sharedCache ? sharedScope(connected, context) : context.cacheScope
      const key = await questionKey(settings, request, scope)
      do {
        // what becomes of it is for its own caller; afterwards its reply is in the cache, or this one asks itself
        await untilAborted(inFlight.get(key)?.then(nothing, nothing) ?? Promise.resolve(), context.signal)
        const kept = await cache.read(key)
        if (kept) return announce(kept, sharedCache ? 'shared' : 'hit')
      } while (inFlight.has(key))
      const answer = callWithRetries(connected, { settings, request, callId }, context).then(async (reply) => {
        // the reply is kept before it is announced: after a kill in between it is found again, under the same call id
        if (isComplete(reply)) await cache.write(key, reply)
        return reply
      })
      inFlight.set(key, answer)
      try {
        return announce(await answer, 'miss')
      } finally {
        inFlight.delete(key)
      }

      function announce(reply: ModelReply, from: CacheUse): ModelReply {
        context.append(calledEvent(settings, context, { ...reply, cache: from }))
        return reply
      }
    },
  }

  async function callWithRetries(
    connected: ConnectedProvider,
    call: { settings: ModelSettings; request: ModelRequest; callId: string },
    context: CallContext,
  ): Promise<ModelReply> {
    const { retries, minDelayMs, maxDelayMs } = options.retry ?? defaultRetry
    const about = { callId: call.callId, purpose: context.purpose }
    let failures = 0
    let timeOuts = 0
    try {
      return await pRetry(
        async () => ({ callId: call.callId, ...(await tryOnce(connected, call, context)), retries: failures }),
        {
          retries,
          minTimeout: minDelayMs,
          maxTimeout: maxDelayMs,
          randomize: true,
          signal: context.signal,
          shouldRetry: ({ error }) => isWorthAnotherTry(error, timeOuts),
          async onFailedAttempt({ error, retryDelay, retriesLeft }) {
            failures += 1
            if (error instanceof ModelCallError && error.code === 'timed-out') timeOuts += 1
            if (retriesLeft === 0 || !isWorthAnotherTry(error, timeOuts)) return
            const delayMs = Math.max(retryDelay, Math.min(error.retryAfterMs ?? 0, maxRetryAfterMs))
            context.append({
              type: 'call-retried',
              ...about,
              code: error.code,
              message: error.message,
              delayMs: Math.round(delayMs),
            })
            // a wait that is aborted ends quietly, and the retry wrapper then rejects with the signal's own reason
            await sleep(delayMs - retryDelay, undefined, { signal: context.signal }).catch(nothing)
          },
        },
      )
    } catch (error) {
      if (error instanceof ModelCallError) {
        const { code, message } = error
        announceFailure(call, context, { code, message, retries: failures - 1 })
      }
      throw error
    }
  }

  /** Each try has its own reservation: one that broke half-way may have been charged, and the next is charged again. */
  async function tryOnce(
    connected: ConnectedProvider,
    call: { settings: ModelSettings; request: ModelRequest; callId: string },
    context: CallContext,
  ) {
    const upToUsd = await boundOf(connected, call)
    const reservations = await reserve(upToUsd, { ...context, runBudget: options.budget })
    const settle = (costUsd: number | null): void => {
      for (const reservation of reservations) reservation.settle(costUsd)
    }
    let isSent = false
    try {
      const { signal } = context
      const send = () => {
        isSent = true
        return generate(connected, call, context)
      }
      const answer = await account.queueFor(connected).add(send, { signal })
      settle(answer.costUsd)
      return answer
    } catch (error) {
      const code = error instanceof ModelCallError ? error.code : context.signal.aborted ? 'aborted' : null
      if (isSent && code !== null && mayHaveCost(code)) {
        settle(null)
        const { callId } = call
        context.append({ type: 'call-broken', callId, purpose: context.purpose, code, upToUsd })
      }
      throw error
    } finally {
      for (const reservation of reservations) reservation.release()
    }
  }
}

type CacheUse = Extract<RunEvent, { type: 'model-called' }>['cache']

const nothing = (): void => {}

/** Whoever asks, the same server must have answered, and an attempt after a useless reply must not get it again. */
function sharedScope({ connection }: ConnectedProvider, { cacheScope }: CallContext): string {
  return `${connection.baseUrl} ${cacheScope.slice(cacheScope.lastIndexOf('/') + 1)}`
}

/** A call that used up its whole time-out is tried only once more. */
function isWorthAnotherTry(error: Error, timeOuts: number): error is ModelCallError {
  return error instanceof ModelCallError && error.retryable && !(error.code === 'timed-out' && timeOuts > 1)
}

/** No provider's Retry-After holds a call longer than this. */
const maxRetryAfterMs = 10 * 60_000

function isComplete(reply: ModelReply): boolean {
  const answered = reply.text.trim() !== '' || reply.toolCalls.length > 0
  return (
    answered && (reply.finishReason === 'stop' || reply.finishReason === 'tool-calls' || reply.finishReason === 'other')
  )
}

function announceFailure(
  { callId, settings }: { callId: string; settings: ModelSettings },
  context: CallContext,
  failure: { code: ModelCallCode; message: string; retries: number },
): void {
  context.append({ type: 'model-call-failed', callId, purpose: context.purpose, model: settings.model, ...failure })
}

/** The most the call can cost, in dollars; null where no price is known. */
async function boundOf(
  { provider }: ConnectedProvider,
  { settings, request }: { settings: ModelSettings; request: ModelRequest },
): Promise<number | null> {
  return upperBoundUsd(provider, modelId(settings), {
    ...(await sizeOf(request)),
    maxOutputTokens:
      (settings.maxOutputTokens ?? request.maxOutputTokens) +
      (settings.reasoning === null ? 0 : (provider.thinkingTokensOnTop ?? 0)),
  })
}

async function reserve(
  upToUsd: number | null,
  { budget, runBudget, signal }: CallContext & { runBudget: Budget },
): Promise<Reservation[]> {
  const reservations: Reservation[] = []
  try {
    for (const ledger of budget ? [budget, runBudget] : [runBudget])
      reservations.push(await ledger.reserve(upToUsd, signal))
    return reservations
  } catch (error) {
    for (const reservation of reservations) reservation.release()
    throw error
  }
}

function calledEvent(settings: ModelSettings, context: CallContext, reply: ModelReply & { cache: CacheUse }) {
  const { callId, responseModel, usage, costUsd, latencyMs, finishReason, retries, cache } = reply
  const answer = { responseModel, usage, costUsd, latencyMs, finishReason, retries, cache }
  return { type: 'model-called' as const, callId, purpose: context.purpose, model: settings.model, ...answer }
}
