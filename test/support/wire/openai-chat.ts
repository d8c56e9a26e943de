import {
  type Answer,
  isRecord,
  nowSeconds,
  records,
  stringOf,
  textOf,
  type WireError,
  type WireEvent,
  type WireFormat,
  wireId,
  type WireRequest,
  type WireUsage,
} from './wire-format.ts'

type Json = Record<string, unknown>

/**
 * Also what OpenRouter and other compatible servers speak. An answer with `costUsd` is told the way OpenRouter does:
 * with a `provider`, and with the usage in every stream, asked for or not.
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const openaiChat: WireFormat = {
  api: 'openai-chat',
  path: '/chat/completions',

  read(body) {
    const messages = records(body['messages'])
    const asked = messages.filter((message) => message['role'] !== 'assistant')
    const parts = asked.flatMap((message) => records(message['content']))
    const format = isRecord(body['response_format']) ? body['response_format'] : {}
    const named = isRecord(format['json_schema']) ? format['json_schema'] : {}
    return {
      text: asked
        .map((message) => textOf(message['content']))
        .filter((text) => text !== '')
        .join('\n'),
      toolResults: messages.filter((message) => message['role'] === 'tool').length,
      images: parts.filter((part) => part['type'] === 'image_url').length,
      tools: records(body['tools']).map((tool) =>
        stringOf(isRecord(tool['function']) ? tool['function']['name'] : tool['type']),
      ),
      schema: isRecord(named['schema']) ? named['schema'] : null,
    }
  },

  answer(request, answer) {
    const message = {
      role: 'assistant',
      content: answer.refused || (answer.text === '' && answer.toolCalls.length > 0) ? null : answer.text,
      refusal: answer.refused ? answer.text : null,
      annotations: [],
      ...(answer.reasoning === null ? {} : { reasoning: answer.reasoning }),
      ...(answer.toolCalls.length === 0 ? {} : { tool_calls: toolCalls(request, answer) }),
    }
    return {
      ...envelope(request, answer, 'chat.completion'),
      choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(answer) }],
      ...(answer.usage === null ? {} : { usage: usageObject(answer.usage) }),
    }
  },

  events(request, answer) {
    const options = isRecord(request.body['stream_options']) ? request.body['stream_options'] : {}
    const accounting = isRecord(request.body['usage']) && request.body['usage']['include'] === true
    const asked = options['include_usage'] === true || accounting
    const base = {
      ...envelope(request, answer, 'chat.completion.chunk'),
      // With include_usage every chunk has the field, null until the last.
      ...(options['include_usage'] === true ? { usage: null } : {}),
    }
    const chunk = (delta: Json, finish_reason: string | null = null, characters = 0): WireEvent => ({
      name: null,
      data: { ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason }] },
      characters,
    })
    const field = answer.refused ? 'refusal' : 'content'
    return [
      chunk({ role: 'assistant', content: answer.refused ? null : '', refusal: null }),
      ...(answer.reasoning === null ? [] : [chunk({ reasoning: answer.reasoning })]),
      ...answer.pieces.map((piece) => chunk({ [field]: piece }, null, piece.length)),
      ...toolCalls(request, answer).flatMap((call, index) => [
        chunk({ tool_calls: [{ index, ...call, function: { ...call.function, arguments: '' } }] }),
        chunk({ tool_calls: [{ index, function: { arguments: call.function.arguments } }] }),
      ]),
      chunk({}, finishReason(answer)),
      ...(answer.usage !== null && (asked || isOpenRouter(answer))
        ? [{ name: null, data: { ...base, choices: [], usage: usageObject(answer.usage) }, characters: 0 }]
        : []),
      { name: null, data: '[DONE]', characters: 0 },
    ]
  },

  errorBody: openaiErrorBody,

  streamError: (_request, error) => [{ name: null, data: errorObject(error), characters: 0 }],

  // OpenRouter answers 200 with an error inside when the model behind it fails late.
  failure: (_request, error) => ({ status: 200, body: errorObject(error) }),
}

/** What OpenAI says with an HTTP error. */
export function openaiErrorBody(status: number): Json {
  const known: Record<number, readonly [type: string, code: string | null, message: string]> = {
    401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
    402: ['insufficient_quota', 'insufficient_quota', 'The balance is used up.'],
    403: ['invalid_request_error', 'unsupported_country_region_territory', 'The country is not supported.'],
    404: ['invalid_request_error', 'model_not_found', 'The model does not exist or you do not have access to it.'],
    429: ['tokens', 'rate_limit_exceeded', 'Rate limit reached for the model.'],
    503: ['service_unavailable_error', null, 'The engine is overloaded.'],
  }
  const other: (typeof known)[number] =
    status < 500
      ? ['invalid_request_error', null, 'The request is not valid.']
      : ['server_error', null, 'The server had an error.']
  const [type, code, message] = known[status] ?? other
  return { error: { message, type, param: null, code } }
}

/** OpenRouter's codes are HTTP statuses, as numbers; OpenAI's are words. */
function errorObject(error: WireError): Json {
  const code = error.code ?? 'server_error'
  if (/^\d{3}$/.test(code)) return { error: { code: Number(code), message: error.message } }
  return { error: { message: error.message, type: code, param: null, code } }
}

function isOpenRouter(answer: Answer): boolean {
  return answer.usage?.costUsd !== undefined
}

function envelope(request: WireRequest, answer: Answer, object: string): Json {
  return {
    id: wireId('chatcmpl-', request),
    object,
    created: nowSeconds(),
    model: request.model,
    ...(isOpenRouter(answer)
      ? { provider: 'Loopback' }
      : { service_tier: 'default', system_fingerprint: 'fp_loopback' }),
  }
}

function finishReason(answer: Answer): string {
  return answer.finish.replace('-', '_')
}

function toolCalls(request: WireRequest, answer: Answer) {
  return answer.toolCalls.map((call, index) => ({
    id: wireId('call_', request, 10 + index),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }))
}

function usageObject(usage: WireUsage): Json {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: {
      cached_tokens: usage.cachedRead ?? 0,
      audio_tokens: 0,
      ...(usage.cachedWrite === undefined ? {} : { cache_write_tokens: usage.cachedWrite }),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning ?? 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...(usage.costUsd === undefined
      ? {}
      : { cost: usage.costUsd, is_byok: false, cost_details: { upstream_inference_cost: null } }),
  }
}
