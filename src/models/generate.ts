import { generateText, Output, streamText, type ToolSet } from 'ai'
import type { ModelSettings } from '../schema/config.ts'
import { classifyError } from './classify-error.ts'
import type { ConnectedProvider } from './connections.ts'
import type { CallContext, ModelReply, ModelRequest } from './model.ts'
import { ModelCallError } from './model-call-error.ts'
import { modelId } from './model-id.ts'
import { priceCall } from './price.ts'
import { readUsage } from './read-usage.ts'

type Answer = Omit<ModelReply, 'callId' | 'retries'>

/**
 * Sends one request and reads the whole answer: one try, no cache.
 * @throws ModelCallError when the call failed; the signal's own reason when it was aborted; PrerequisiteError for a bad setting
 */
export async function generate(
  connected: ConnectedProvider,
  call: { settings: ModelSettings; request: ModelRequest },
  context: CallContext,
): Promise<Answer> {
  const { settings } = call
  // by hand, as AbortSignal.any and AbortSignal.timeout would hold on to every call long after its end
  const stopper = new AbortController()
  const stop = (): void => stopper.abort()
  const deadline = setTimeout(stop, settings.timeoutMs)
  context.signal.addEventListener('abort', stop, { once: true })
  const startedAt = performance.now()
  try {
    context.signal.throwIfAborted()
    const result = await send(connected, call, { ...context, signal: stopper.signal }).catch((error: unknown) => {
      throw describeFault(error)
    })
    const usage = readUsage(result.usage)
    if (endedEarly(result))
      throw new ModelCallError('cut-off', `the answer ended early (${result.rawFinishReason ?? result.finishReason})`, {
        retryable: true,
      })
    return {
      text: result.text,
      toolCalls: result.toolCalls
        .filter((toolCall) => !toolCall.providerExecuted)
        .map(({ toolCallId, toolName, input }) => ({ toolCallId, toolName, input: input as unknown })),
      // the SDK answers malformed tool calls itself, but they are handed out and answered like all others
      messages: result.messages.filter(({ role }) => role === 'assistant'),
      finishReason: result.finishReason,
      responseModel: result.responseModel,
      usage,
      costUsd: priceCall(connected.provider, modelId(settings), { usage, raw: result.usage.raw }),
      latencyMs: Math.round(performance.now() - startedAt),
    }
  } finally {
    clearTimeout(deadline)
    context.signal.removeEventListener('abort', stop)
  }

  /** Of what is thrown while sending; a fault of our own reading is no fault of the provider. */
  function describeFault(error: unknown): unknown {
    if (context.signal.aborted) return context.signal.reason
    if (!stopper.signal.aborted) return classifyError(error, connected.connection.apiKey)
    const message = `no complete answer within ${settings.timeoutMs / 1_000} s`
    return new ModelCallError('timed-out', message, { retryable: true, cause: error })
  }
}

/**
 * Besides what the SDK calls so: of a stream that just ends, OpenRouter's client says `other`, or `tool-calls` when one had
 * begun, without a reason of the provider's and without usage; and Anthropic pauses a turn with many searches half-way.
 */
function endedEarly({ finishReason, rawFinishReason, usage }: Awaited<ReturnType<typeof send>>): boolean {
  if (finishReason === 'error' || finishReason === 'interrupted' || rawFinishReason === 'pause_turn') return true
  const guessed = finishReason === 'other' || finishReason === 'tool-calls'
  return guessed && rawFinishReason === undefined && usage.outputTokens === undefined
}

async function send(
  { provider, connection }: ConnectedProvider,
  { settings, request }: { settings: ModelSettings; request: ModelRequest },
  context: CallContext,
) {
  const opened = provider.open(connection)
  const tools: ToolSet = { ...request.tools, ...(request.search ? opened.searchTools?.(settings) : {}) }
  const options = {
    model: opened.languageModel(settings, request.search ?? false),
    instructions: request.system,
    messages: request.messages,
    maxOutputTokens: settings.maxOutputTokens ?? request.maxOutputTokens,
    maxRetries: 0,
    abortSignal: context.signal,
    // scripted models read what they are asked for; others never see it
    providerOptions: { ...opened.options?.(settings), mlrbench: { ...context.purpose } },
    ...(Object.keys(tools).length > 0 ? { tools } : {}),
    ...(settings.temperature === null ? {} : { temperature: settings.temperature }),
    ...(settings.reasoning === null ? {} : { reasoning: settings.reasoning }),
    ...(request.jsonSchema && provider.structuredOutput ? { output: jsonText(request.jsonSchema) } : {}),
  }
  if (!settings.stream) {
    const result = await generateText(options)
    return {
      text: result.text,
      toolCalls: result.toolCalls,
      messages: result.responseMessages,
      finishReason: result.finishReason,
      rawFinishReason: result.rawFinishReason,
      responseModel: result.response.modelId,
      usage: result.usage,
    }
  }
  // the first error told to `onError` is the true one; what the promises reject with may be a consequence of it
  const failures: unknown[] = []
  const stream = streamText({ ...options, onError: ({ error }) => void failures.push(error) })
  try {
    const [text, toolCalls, finishReason, rawFinishReason, response, usage] = await Promise.all([
      stream.text,
      stream.toolCalls,
      stream.finishReason,
      stream.rawFinishReason,
      stream.response,
      stream.usage,
    ])
    if (failures.length > 0) throw failures[0]
    const { messages, modelId: responseModel } = response
    return { text, toolCalls, messages, finishReason, rawFinishReason, responseModel, usage }
  } catch (error) {
    throw failures[0] ?? error
  }
}

/** JSON is asked for, but read as text: what a reply is worth is decided in one place, wherever it comes from. */
function jsonText({ name, schema }: { name: string; schema: Record<string, unknown> }) {
  return { ...Output.text(), responseFormat: Promise.resolve({ type: 'json' as const, name, schema }) }
}
