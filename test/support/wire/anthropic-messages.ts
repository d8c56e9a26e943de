import {
  type Answer,
  isRecord,
  records,
  stringOf,
  textOf,
  type WireEvent,
  type WireFormat,
  wireId,
  type WireRequest,
  type WireUsage,
} from './wire-format.ts'

type Json = Record<string, unknown>

/** @see https://docs.claude.com/en/api/messages and its page on streaming */
export const anthropicMessages: WireFormat = {
  api: 'anthropic-messages',
  path: '/messages',

  read(body) {
    const asked = records(body['messages']).filter((message) => message['role'] !== 'assistant')
    const parts = asked.flatMap((message) => records(message['content']))
    const results = parts.filter((part) => part['type'] === 'tool_result')
    const nested = results.flatMap((part) => records(part['content']))
    return {
      text: [textOf(body['system']), ...asked.map(messageText)].filter((text) => text !== '').join('\n'),
      toolResults: results.length,
      images: [...parts, ...nested].filter((part) => part['type'] === 'image').length,
      tools: records(body['tools']).map((tool) => stringOf(tool['name'])),
      schema: outputSchema(body),
    }
  },

  answer: (request, answer) => ({
    ...messageObject(request, contentBlocks(request, answer)),
    ...stop(request, answer),
    usage: { ...inputUsage(answer.usage), ...outputUsage(answer.usage) },
  }),

  events(request, answer) {
    const begun = { ...inputUsage(answer.usage), output_tokens: 1, service_tier: 'standard' }
    return [
      event({ type: 'message_start', message: { ...messageObject(request, []), usage: begun } }),
      ...contentBlocks(request, answer).flatMap((block, index) => blockEvents(block, index, answer)),
      event({
        type: 'message_delta',
        delta: stop(request, answer),
        usage: { ...tokenCounts(answer.usage), ...outputUsage(answer.usage) },
      }),
      event({ type: 'message_stop' }),
    ]
  },

  errorBody(status) {
    const [type, message] = statusErrors[status] ?? (status < 500 ? invalidRequest : internalError)
    return errorObject(type, message)
  },

  streamError: (_request, error) => [event(errorObject(error.code ?? 'overloaded_error', error.message))],

  failure(_request, error) {
    const type = error.code ?? 'overloaded_error'
    const [status = '500'] = Object.entries(statusErrors).find(([, [known]]) => known === type) ?? []
    return { status: Number(status), body: errorObject(type, error.message) }
  },
}

const invalidRequest = ['invalid_request_error', 'The request is not valid.'] as const
const internalError = ['api_error', 'Internal server error'] as const
const statusErrors: Record<number, readonly [type: string, message: string]> = {
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'The credit balance is too low.'],
  403: ['permission_error', 'The API key may not use this resource.'],
  404: ['not_found_error', 'The model was not found.'],
  413: ['request_too_large', 'The request exceeds the maximum size.'],
  429: ['rate_limit_error', 'The request would exceed the rate limit.'],
  504: ['timeout_error', 'The request timed out.'],
  529: ['overloaded_error', 'Overloaded'],
}

function errorObject(type: string, message: string): Json {
  return { type: 'error', error: { type, message }, request_id: 'req_loopback' }
}

function event(data: Json, characters = 0): WireEvent {
  return { name: stringOf(data['type']), data, characters }
}

function messageText(message: Json): string {
  if (typeof message['content'] === 'string') return message['content']
  return records(message['content'])
    .map((part) => textOf(part['type'] === 'tool_result' ? part['content'] : [part]))
    .filter((text) => text !== '')
    .join('\n')
}

function outputSchema(body: Json): Json | null {
  const config = isRecord(body['output_config']) ? body['output_config'] : {}
  const format = isRecord(config['format']) ? config['format'] : body['output_format']
  if (isRecord(format) && isRecord(format['schema'])) return format['schema']
  const schema = jsonTool(body)?.['input_schema']
  return isRecord(schema) ? schema : null
}

/** Models without structured output are offered a tool of this name, and answer by calling it. */
function jsonTool(body: Json): Json | undefined {
  return records(body['tools']).find((tool) => tool['name'] === 'json')
}

function jsonToolInput(request: WireRequest, answer: Answer): Json | null {
  if (jsonTool(request.body) === undefined || answer.refused) return null
  try {
    const value: unknown = JSON.parse(answer.text)
    return isRecord(value) ? value : null
  } catch {
    return null // Not JSON, so the model has answered in words instead of calling the tool.
  }
}

function contentBlocks(request: WireRequest, answer: Answer): Json[] {
  const blocks: Json[] = []
  if (answer.reasoning !== null)
    blocks.push({ type: 'thinking', thinking: answer.reasoning, signature: 'bG9vcGJhY2s=' })
  const input = jsonToolInput(request, answer)
  if (input !== null) blocks.push({ type: 'tool_use', id: wireId('toolu_', request, 9), name: 'json', input })
  else if (answer.text !== '') blocks.push({ type: 'text', text: answer.text })
  const calls = answer.toolCalls.map((call, index) => ({
    type: 'tool_use',
    id: wireId('toolu_', request, 10 + index),
    name: call.name,
    input: call.arguments,
  }))
  return [...blocks, ...calls]
}

function blockEvents(block: Json, index: number, answer: Answer): WireEvent[] {
  const start = (content_block: Json): WireEvent => event({ type: 'content_block_start', index, content_block })
  const delta = (change: Json, characters = 0): WireEvent =>
    event({ type: 'content_block_delta', index, delta: change }, characters)
  const end = event({ type: 'content_block_stop', index })
  switch (block['type']) {
    case 'thinking':
      return [
        start({ ...block, thinking: '', signature: '' }),
        delta({ type: 'thinking_delta', thinking: block['thinking'] }),
        delta({ type: 'signature_delta', signature: block['signature'] }),
        end,
      ]
    case 'text':
      return [
        start({ type: 'text', text: '' }),
        event({ type: 'ping' }),
        ...answer.pieces.map((text) => delta({ type: 'text_delta', text }, text.length)),
        end,
      ]
    default: {
      const isAnswer = block['name'] === 'json' && answer.text !== ''
      const pieces = isAnswer ? answer.pieces : [JSON.stringify(block['input'])]
      return [
        start({ ...block, input: {} }),
        delta({ type: 'input_json_delta', partial_json: '' }),
        ...pieces.map((piece) => delta({ type: 'input_json_delta', partial_json: piece }, isAnswer ? piece.length : 0)),
        end,
      ]
    }
  }
}

function messageObject(request: WireRequest, content: Json[]): Json {
  return {
    model: request.model,
    id: wireId('msg_', request),
    type: 'message',
    role: 'assistant',
    content,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
  }
}

function stop(request: WireRequest, answer: Answer): Json {
  const reasons = {
    stop: jsonToolInput(request, answer) === null ? 'end_turn' : 'tool_use',
    length: 'max_tokens',
    'content-filter': 'refusal',
    'tool-calls': 'tool_use',
  }
  const stop_reason = answer.refused ? 'refusal' : reasons[answer.finish]
  const refusal = { type: 'refusal', category: null, explanation: null }
  return { stop_reason, stop_sequence: null, stop_details: stop_reason === 'refusal' ? refusal : null }
}

function tokenCounts(usage: WireUsage | null): Json {
  if (usage === null) throw new TypeError('Anthropic reports its usage with every message; give it one')
  const cachedRead = usage.cachedRead ?? 0
  const cachedWrite = usage.cachedWrite ?? 0
  return {
    input_tokens: usage.input - cachedRead - cachedWrite,
    cache_creation_input_tokens: cachedWrite,
    cache_read_input_tokens: cachedRead,
  }
}

function inputUsage(usage: WireUsage | null): Json {
  const cache_creation = { ephemeral_5m_input_tokens: usage?.cachedWrite ?? 0, ephemeral_1h_input_tokens: 0 }
  return { ...tokenCounts(usage), cache_creation }
}

function outputUsage(usage: WireUsage | null): Json {
  return {
    output_tokens: usage?.output,
    ...(usage?.reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: usage.reasoning } }),
  }
}
