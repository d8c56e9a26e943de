import { generateText, Output, streamText, type ToolSet } from 'ai'
import type { ModelSettings } from '../schema/config.ts'
import { classifyError, isTimeout } from './classify-error.ts'
import type { ConnectedProvider } from './connections.ts'
import type { CallContext, ModelReply, ModelRequest } from './model.ts'
import { ModelCallError } from './model-call-error.ts'
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
  const deadline = AbortSignal.timeout(settings.timeoutMs)
  const startedAt = performance.now()
  try {
    const result = await send(connected, call, { ...context, signal: AbortSignal.any([context.signal, deadline]) })
    const usage = readUsage(result.usage)
    if (endedEarly(result))
      throw new ModelCallError('cut-off', `the answer ended early (${result.finishReason})`, { retryable: true })
    return {
      text: result.text,
      toolCalls: result.toolCalls
        .filter((toolCall) => !toolCall.providerExecuted)
        .map(({ toolCallId, toolName, input }) => ({ toolCallId, toolName, input: input as unknown })),
      messages: result.messages,
      finishReason: result.finishReason,
      responseModel: result.responseModel,
      usage,
      costUsd: priceCall(connected.provider, modelId(settings), { usage, raw: result.usage.raw }),
      latencyMs: Math.round(performance.now() - startedAt),
    }
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason
    if (deadline.aborted || isTimeout(error))
      throw new ModelCallError('timed-out', `no complete answer within ${settings.timeoutMs / 1_000} s`, {
        retryable: true,
        cause: error,
      })
    throw withoutKey(classifyError(error), connected.connection.apiKey)
  }
}

/** Providers quote the key they refuse; what goes into events must not. */
function withoutKey(error: Error, apiKey: string | null): Error {
  if (apiKey !== null && apiKey !== '') error.message = error.message.replaceAll(apiKey, '[key]')
  return error
}

/** Besides what the SDK calls so: OpenRouter's client says `other` of a stream that just ends, and then knows no usage. */
function endedEarly({ finishReason, usage }: Awaited<ReturnType<typeof send>>): boolean {
  return (
    finishReason === 'error' ||
    finishReason === 'interrupted' ||
    (finishReason === 'other' && usage.outputTokens === undefined)
  )
}

export const modelId = (settings: ModelSettings): string => settings.model.slice(settings.model.indexOf('/') + 1)

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
      responseModel: result.response.modelId,
      usage: result.usage,
    }
  }
  // the first error told to `onError` is the true one; what the promises reject with may be a consequence of it
  const failures: unknown[] = []
  const stream = streamText({ ...options, onError: ({ error }) => void failures.push(error) })
  try {
    const [text, toolCalls, finishReason, response, usage] = await Promise.all([
      stream.text,
      stream.toolCalls,
      stream.finishReason,
      stream.response,
      stream.usage,
    ])
    if (failures.length > 0) throw failures[0]
    return { text, toolCalls, messages: response.messages, finishReason, responseModel: response.modelId, usage }
  } catch (error) {
    throw failures[0] ?? error
  }
}

/** JSON is asked for, but read as text: what a reply is worth is decided in one place, wherever it comes from. */
function jsonText({ name, schema }: { name: string; schema: Record<string, unknown> }) {
  return { ...Output.text(), responseFormat: Promise.resolve({ type: 'json' as const, name, schema }) }
}
