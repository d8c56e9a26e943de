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
import { openaiErrorBody } from './openai-chat.ts'

type Json = Record<string, unknown>

/** @see https://platform.openai.com/docs/api-reference/responses */
export const openaiResponses: WireFormat = {
  api: 'openai-responses',
  path: '/responses',

  read(body) {
    const items = typeof body['input'] === 'string' ? [{ content: body['input'] }] : records(body['input'])
    const asked = items.filter((item) => item['role'] !== 'assistant')
    const parts = asked.flatMap((item) => [...records(item['content']), ...records(item['output'])])
    const text = isRecord(body['text']) ? body['text'] : {}
    const format = isRecord(text['format']) ? text['format'] : {}
    return {
      text: [
        stringOf(body['instructions']),
        ...asked.flatMap((item) => [textOf(item['content']), textOf(item['output'])]),
      ]
        .filter((line) => line !== '')
        .join('\n'),
      toolResults: items.filter((item) => item['type'] === 'function_call_output').length,
      images: parts.filter((part) => part['type'] === 'input_image').length,
      tools: records(body['tools']).map((tool) => stringOf(tool['name'] ?? tool['type'])),
      schema: format['type'] === 'json_schema' && isRecord(format['schema']) ? format['schema'] : null,
    }
  },

  answer: (request, answer) => finalResponse(request, answer),

  events(request, answer) {
    const begun = responseObject(request, { status: 'in_progress', output: [], usage: null })
    const final = finalResponse(request, answer)
    const told = outputItems(request, answer).flatMap((item, index) => itemEvents(item, index, answer))
    return numbered([
      { type: 'response.created', response: begun },
      { type: 'response.in_progress', response: begun },
      ...told,
      { type: `response.${String(final['status'])}`, response: final },
    ])
  },

  errorBody: openaiErrorBody,

  streamError(request, error, eventsBefore) {
    const code = error.code ?? 'server_error'
    const failed = failedResponse(request, error)
    return numbered(
      [
        { type: 'error', error: { type: code, code, message: error.message, param: null } },
        { type: 'response.failed', response: failed },
      ],
      eventsBefore,
    )
  },

  failure: (request, error) => ({ status: 200, body: failedResponse(request, error) }),
}

function numbered(payloads: Json[], first = 0): WireEvent[] {
  return payloads.map((payload, index) => {
    const type = stringOf(payload['type'])
    const tells = type === 'response.output_text.delta' || type === 'response.refusal.delta'
    return {
      name: type,
      data: { ...payload, sequence_number: first + index },
      characters: tells ? stringOf(payload['delta']).length : 0,
    }
  })
}

function finalResponse(request: WireRequest, answer: Answer): Json {
  const reasons = { length: 'max_output_tokens', 'content-filter': 'content_filter', stop: null, 'tool-calls': null }
  const reason = reasons[answer.finish]
  return responseObject(request, {
    status: reason === null ? 'completed' : 'incomplete',
    incomplete_details: reason === null ? null : { reason },
    output: outputItems(request, answer),
    usage: answer.usage === null ? null : usageObject(answer.usage),
  })
}

function failedResponse(request: WireRequest, error: WireError): Json {
  return responseObject(request, {
    status: 'failed',
    error: { code: error.code ?? 'server_error', message: error.message },
    output: [],
    usage: null,
  })
}

function responseObject(request: WireRequest, changes: Json): Json {
  const { body } = request
  return {
    id: wireId('resp_', request),
    object: 'response',
    created_at: nowSeconds(),
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: null,
    model: request.model,
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: body['previous_response_id'] ?? null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: { effort: null, summary: null, ...(isRecord(body['reasoning']) ? body['reasoning'] : {}) },
    safety_identifier: null,
    service_tier: 'default',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: { format: { type: 'text' }, verbosity: 'medium', ...(isRecord(body['text']) ? body['text'] : {}) },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_logprobs: 0,
    top_p: body['top_p'] ?? 1,
    truncation: 'disabled',
    user: null,
    metadata: body['metadata'] ?? {},
    ...changes,
  }
}

function usageObject(usage: WireUsage): Json {
  return {
    input_tokens: usage.input,
    input_tokens_details: {
      cached_tokens: usage.cachedRead ?? 0,
      ...(usage.cachedWrite === undefined ? {} : { cache_write_tokens: usage.cachedWrite }),
    },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.input + usage.output,
  }
}

function outputItems(request: WireRequest, answer: Answer): Json[] {
  const items: Json[] = []
  if (answer.reasoning !== null) {
    const include = request.body['include']
    const encrypted = Array.isArray(include) && include.includes('reasoning.encrypted_content')
    items.push({
      id: wireId('rs_', request, 1),
      type: 'reasoning',
      ...(encrypted ? { encrypted_content: 'gAAAAABloopback' } : {}),
      summary: [{ type: 'summary_text', text: answer.reasoning }],
    })
  }
  if (answer.text !== '') {
    const part = answer.refused
      ? { type: 'refusal', refusal: answer.text }
      : { type: 'output_text', annotations: [], logprobs: [], text: answer.text }
    const status = answer.finish === 'length' || answer.finish === 'content-filter' ? 'incomplete' : 'completed'
    items.push({ id: wireId('msg_', request, 2), type: 'message', status, role: 'assistant', content: [part] })
  }
  const calls = answer.toolCalls.map((call, index) => ({
    id: wireId('fc_', request, 10 + index),
    type: 'function_call',
    status: 'completed',
    arguments: JSON.stringify(call.arguments),
    call_id: wireId('call_', request, 10 + index),
    name: call.name,
  }))
  return [...items, ...calls]
}

function itemEvents(item: Json, output_index: number, answer: Answer): Json[] {
  const place = { item_id: item['id'], output_index }
  const added = (unfinished: Json): Json => ({
    type: 'response.output_item.added',
    output_index,
    item: { ...item, ...unfinished },
  })
  const done = { type: 'response.output_item.done', output_index, item }
  switch (item['type']) {
    case 'reasoning': {
      const part = { type: 'summary_text', text: answer.reasoning }
      const at = { ...place, summary_index: 0 }
      return [
        added({ summary: [] }),
        { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
        { type: 'response.reasoning_summary_text.delta', ...at, delta: answer.reasoning },
        { type: 'response.reasoning_summary_text.done', ...at, text: answer.reasoning },
        { type: 'response.reasoning_summary_part.done', ...at, part },
        done,
      ]
    }
    case 'message':
      return [added({ status: 'in_progress', content: [] }), ...contentEvents(item, place, answer), done]
    default:
      return [
        added({ status: 'in_progress', arguments: '' }),
        { type: 'response.function_call_arguments.delta', ...place, delta: item['arguments'] },
        { type: 'response.function_call_arguments.done', ...place, arguments: item['arguments'] },
        done,
      ]
  }
}

function contentEvents(item: Json, place: Json, answer: Answer): Json[] {
  const [part] = records(item['content'])
  const at = { ...place, content_index: 0 }
  const kind = answer.refused ? 'refusal' : 'output_text'
  const field = answer.refused ? 'refusal' : 'text'
  const logprobs = answer.refused ? {} : { logprobs: [] }
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, [field]: '' } },
    ...answer.pieces.map((delta) => ({ type: `response.${kind}.delta`, ...at, delta, ...logprobs })),
    { type: `response.${kind}.done`, ...at, [field]: answer.text, ...logprobs },
    { type: 'response.content_part.done', ...at, part },
  ]
}
