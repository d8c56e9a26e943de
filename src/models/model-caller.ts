import { randomUUID } from 'node:crypto'
import PQueue from 'p-queue'
import pRetry from 'p-retry'
import { setTimeout as sleep } from 'node:timers/promises'
import { sha256 } from '../base/hash.ts'
import type { ModelSettings, ProviderSpec } from '../schema/config.ts'
import { type ConnectedProvider, connectProvider, type Secrets } from './connections.ts'
import { generate, modelId } from './generate.ts'
import type { Budget, CallContext, ModelReply, ModelRequest, Reservation } from './model.ts'
import { ModelCallError } from './model-call-error.ts'
import { upperBoundUsd } from './price.ts'
import { cacheKey, type ResponseCache } from './response-cache.ts'

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

/** Calls models: cache, budget, the provider's queue, retries and events, in that order. */
export interface ModelCaller {
  /**
   * One question, one complete answer; what the answer is worth is for the caller to say.
   * @throws ModelCallError when there is no answer after the retries, or the budget is spent; the signal's reason on abort
   */
  call(settings: ModelSettings, request: ModelRequest, context: CallContext): Promise<ModelReply>
  /** Throws PrerequisiteError unless the model's provider is known, its key is there, and a scripted model exists. */
  check(settings: ModelSettings): void
  /** Whether the provider can hold replies to a schema. */
  hasStructuredOutput(settings: ModelSettings): boolean
}

const defaultRetry = { retries: 5, minDelayMs: 2_000, maxDelayMs: 120_000 }

export function createModelCaller(options: ModelCallerOptions): ModelCaller {
  // settings a model does not take are dropped by the AI SDK; what was sent stands in the events, not on the console
  globalThis.AI_SDK_LOG_WARNINGS = false
  const queues = new Map<string, PQueue>()
  const connect = (settings: ModelSettings): ConnectedProvider =>
    connectProvider(settings, options.providers, options.secrets)

  return {
    check(settings) {
      const { provider, connection } = connect(settings)
      provider.open(connection).languageModel(settings, false)
    },
    hasStructuredOutput: (settings) => connect(settings).provider.structuredOutput,
    async call(settings, request, context) {
      const connected = connect(settings)
      const key = questionKey(settings, request, options.sharedCache ? null : context.cacheScope)
      const kept = await options.cache?.read(key)
      if (kept) {
        context.append(calledEvent(settings, context, { ...kept, cache: 'hit' }))
        return kept
      }
      const callId = randomUUID()
      const reservations = await reserve(connected, { settings, request }, { ...context, runBudget: options.budget })
      try {
        const reply = await callWithRetries(connected, { settings, request, callId }, context)
        for (const reservation of reservations) reservation.settle(reply.costUsd)
        // the reply is kept before it is announced: after a kill in between it is found again, under the same call id
        if (isComplete(reply)) await options.cache?.write(key, reply)
        context.append(calledEvent(settings, context, { ...reply, cache: options.cache ? 'miss' : 'off' }))
        return reply
      } finally {
        for (const reservation of reservations) reservation.release()
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
    try {
      return await pRetry(
        async () => {
          const answer = await queueFor(connected).add(() => generate(connected, call, context), {
            signal: context.signal,
          })
          return { callId: call.callId, ...answer, retries: failures }
        },
        {
          retries,
          minTimeout: minDelayMs,
          maxTimeout: maxDelayMs,
          randomize: true,
          signal: context.signal,
          shouldRetry: ({ error }) => isWorthAnotherTry(error, failures),
          async onFailedAttempt({ error, retryDelay }) {
            failures += 1
            if (retryDelay === 0 || !isWorthAnotherTry(error, failures)) return
            const delayMs = Math.max(retryDelay, Math.min(error.retryAfterMs ?? 0, maxRetryAfterMs))
            context.append({
              type: 'call-retried',
              ...about,
              code: error.code,
              message: error.message,
              delayMs: Math.round(delayMs),
            })
            await sleep(delayMs - retryDelay, undefined, { signal: context.signal })
          },
        },
      )
    } catch (error) {
      if (error instanceof ModelCallError) {
        const { code, message } = error
        context.append({
          type: 'model-call-failed',
          ...about,
          model: call.settings.model,
          code,
          message,
          retries: failures - 1,
        })
      }
      throw error
    }
  }

  function queueFor(connected: ConnectedProvider): PQueue {
    const queue = queues.get(connected.name) ?? new PQueue({ concurrency: connected.concurrency })
    queues.set(connected.name, queue)
    return queue
  }
}

/** A call that used up its whole time-out is tried only once more. */
function isWorthAnotherTry(error: Error, failures: number): error is ModelCallError {
  return error instanceof ModelCallError && error.retryable && !(error.code === 'timed-out' && failures > 1)
}

/** No provider's Retry-After holds a call longer than this. */
const maxRetryAfterMs = 10 * 60_000

function isComplete(reply: ModelReply): boolean {
  const answered = reply.text.trim() !== '' || reply.toolCalls.length > 0
  return (
    answered && (reply.finishReason === 'stop' || reply.finishReason === 'tool-calls' || reply.finishReason === 'other')
  )
}

async function reserve(
  { provider }: ConnectedProvider,
  { settings, request }: { settings: ModelSettings; request: ModelRequest },
  { budget, runBudget, signal }: CallContext & { runBudget: Budget },
): Promise<Reservation[]> {
  const bound = upperBoundUsd(provider, modelId(settings), {
    ...sizeOf(request),
    maxOutputTokens:
      (settings.maxOutputTokens ?? request.maxOutputTokens) +
      (settings.reasoning === null ? 0 : (provider.thinkingTokensOnTop ?? 0)),
  })
  const reservations: Reservation[] = []
  try {
    for (const ledger of budget ? [budget, runBudget] : [runBudget])
      reservations.push(await ledger.reserve(bound, signal))
    return reservations
  } catch (error) {
    for (const reservation of reservations) reservation.release()
    throw error
  }
}

/** Bytes of all text, with tools and schema; images are counted, not measured. */
function sizeOf(request: ModelRequest): { textBytes: number; images: number } {
  let images = 0
  const text = JSON.stringify(
    [request.system, request.messages, Object.keys(request.tools ?? {}), request.jsonSchema],
    (_key, value: unknown) => {
      if (!isImagePart(value)) return value
      images += 1
      return null
    },
  )
  return { textBytes: Buffer.byteLength(text), images }
}

function isImagePart(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'type' in value && (value.type === 'image' || value.type === 'file')
  )
}

function questionKey(settings: ModelSettings, request: ModelRequest, scope: string | null): string {
  const { stream: _stream, timeoutMs: _timeoutMs, ...asked } = settings
  const { tools, messages, ...rest } = request
  return cacheKey({
    settings: asked,
    ...rest,
    tools: Object.keys(tools ?? {}).toSorted(),
    messages: sha256(JSON.stringify(messages)),
    scope,
  })
}

function calledEvent(
  settings: ModelSettings,
  context: CallContext,
  reply: ModelReply & { cache: 'hit' | 'miss' | 'off' },
) {
  const { callId, responseModel, usage, costUsd, latencyMs, finishReason, retries, cache } = reply
  const answer = { responseModel, usage, costUsd, latencyMs, finishReason, retries, cache }
  return { type: 'model-called' as const, callId, purpose: context.purpose, model: settings.model, ...answer }
}
