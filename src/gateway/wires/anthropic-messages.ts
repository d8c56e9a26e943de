import type { Usage } from '../../schema/usage.ts'
import { RefusalError } from '../refusal.ts'
import { admitFields } from './admit-fields.ts'
import type { AdmitOptions, FinishReason, GatewayWire, Inputs, Json } from './gateway-wire.ts'
import { asJsonObject, countData, countOf, isJson, isSet, limitIn, noInputs, objectsOf, stringOf } from './json.ts'

const fields: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'stop_sequences',
  'stream',
  'temperature',
  'top_k',
  'top_p',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
  'cache_control',
  'metadata',
  // only some of their values
  'context_management',
  'service_tier',
  'speed',
  'inference_geo',
])

/** @see https://docs.claude.com/en/api/messages */
export const anthropicMessages: GatewayWire = {
  wire: 'anthropic-messages',

  admit(body, options) {
    const inputs = noInputs()
    admitFields(body, fields, { ...options, inputs })
    refuseFields(body)
    admitTools(body, options, inputs)
    for (const message of objectsOf(body['messages'])) admitBlocks(message['content'], { inputs, depth: 0 })
    admitBlocks(body['system'], { inputs, depth: 0 })
    return inputs
  },

  outputLimit: (body) => limitIn(body, 'max_tokens'),
  limitOutput(body, { tokens }) {
    body['max_tokens'] = tokens
    // thoughts come out of the same allowance, and must leave room for an answer
    const { thinking } = body
    if (isJson(thinking) && typeof thinking['budget_tokens'] === 'number' && thinking['budget_tokens'] >= tokens)
      body['thinking'] = { ...thinking, budget_tokens: Math.max(1_024, tokens - 1_024) }
  },
  choices: () => 1,

  isIdle: (data) => data.startsWith('{"type":"content_block_'),
  read(payload, before) {
    switch (payload['type']) {
      case 'error':
        return { ...before, error: errorMessage(payload) }
      case 'message':
        return { ...readMessage(payload, before), isComplete: true }
      case 'message_start':
        return isJson(payload['message']) ? readMessage(payload['message'], before) : before
      case 'message_delta': {
        const delta = isJson(payload['delta']) ? payload['delta'] : {}
        const finishReason = finishReasonOf(delta['stop_reason']) ?? before.finishReason
        return {
          ...before,
          finishReason,
          // the last word on usage comes with the reason to stop, and repeats only some of what the first word said
          rawUsage: { ...before.rawUsage, ...asJsonObject(payload['usage']) },
          isComplete: finishReason !== null,
          isBegun: true,
        }
      }
      default:
        return before
    }
  },

  usageOf(raw): Usage {
    const fresh = countOf(raw['input_tokens'])
    const cachedReadTokens = countOf(raw['cache_read_input_tokens'])
    const cachedWriteTokens = countOf(raw['cache_creation_input_tokens'])
    const details = isJson(raw['output_tokens_details']) ? raw['output_tokens_details'] : {}
    return {
      inputTokens: fresh === null ? null : fresh + (cachedReadTokens ?? 0) + (cachedWriteTokens ?? 0),
      outputTokens: countOf(raw['output_tokens']),
      cachedReadTokens,
      cachedWriteTokens,
      reasoningTokens: countOf(details['thinking_tokens']),
    }
  },

  countBody: (tokens) => ({ input_tokens: tokens }),
  errorBody: ({ status, message }) => ({ type: 'error', error: { type: errorTypes[status] ?? 'api_error', message } }),

  listModels: (models) => ({
    data: models.map(describeModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  }),
  describeModel,
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  404: 'not_found_error',
  413: 'request_too_large',
  415: 'invalid_request_error',
  503: 'overloaded_error',
  504: 'timeout_error',
}

function describeModel({ id }: { readonly id: string }): Json {
  return { type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' }
}

function readMessage(message: Json, before: Parameters<GatewayWire['read']>[1]) {
  return {
    ...before,
    responseModel: stringOf(message['model']) ?? before.responseModel,
    finishReason: finishReasonOf(message['stop_reason']) ?? before.finishReason,
    rawUsage: { ...before.rawUsage, ...asJsonObject(message['usage']) },
    isBegun: true,
  }
}

function finishReasonOf(reason: unknown): FinishReason | null {
  switch (reason) {
    case undefined:
    case null:
      return null
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool-calls'
    case 'refusal':
      return 'content-filter'
    default:
      return 'other'
  }
}

function errorMessage({ error }: Json): string {
  const told = isJson(error) ? error : {}
  return `${stringOf(told['type']) ?? 'error'}: ${stringOf(told['message']) ?? ''}`
}

function refuseFields(body: Json): void {
  const { service_tier: tier, speed, inference_geo: place, context_management: management } = body
  if (isSet(tier) && tier !== 'auto' && tier !== 'standard_only')
    throw new RefusalError('dearer-tier', 'only the standard service tier is forwarded')
  if (isSet(speed) && speed !== 'standard') throw new RefusalError('dearer-tier', 'only standard speed is forwarded')
  if (isSet(place) && place !== 'global')
    throw new RefusalError('dearer-tier', 'a place for the computation has a price of its own')
  // clearing old thoughts and results is free; a summary by the provider is a second answer beside the one that is counted
  const edits = objectsOf(isJson(management) ? management['edits'] : undefined)
  if (edits.some(({ type }) => typeof type !== 'string' || !type.startsWith('clear_')))
    throw new RefusalError('uncounted-output', 'only context_management that clears is forwarded')
}

/** Tools the caller itself runs, though the provider describes them to the model, and the search among the caller's own tools. */
const callersTools = /^(?:bash|text_editor|computer|memory|tool_search_tool_(?:regex|bm25))_\d{8}$/

function admitTools(body: Json, { hostedTools, leavesOut }: AdmitOptions, inputs: Inputs): void {
  const isOwn = ({ type }: Json): boolean => type === undefined || type === null || type === 'custom'
  const isHosted = (tool: Json): boolean => !isOwn(tool) && !callersTools.test(stringOf(tool['type']) ?? '')
  let tools = objectsOf(body['tools'])
  if (!hostedTools && tools.some(isHosted)) {
    const kept = tools.filter((tool) => !isHosted(tool))
    const searches = tools.filter(isHosted).every(({ type }) => stringOf(type)?.startsWith('web_search_'))
    const choice = isJson(body['tool_choice']) ? body['tool_choice']['type'] : undefined
    if (!leavesOut || !searches || kept.length === 0 || choice === 'tool')
      throw new RefusalError('hosted-tool', 'tools that the provider runs itself are not forwarded')
    body['tools'] = kept
    tools = kept
  }
  inputs.describedTools += tools.filter((tool) => !isOwn(tool)).length
}

/** Deeper than any client nests them. */
const maxDepth = 8

function admitBlocks(content: unknown, place: { inputs: Inputs; depth: number }): void {
  if (place.depth > maxDepth) throw new RefusalError('invalid-request', 'content is nested too deeply')
  for (const block of objectsOf(content)) {
    if (block['type'] === 'container_upload')
      throw new RefusalError('kept-state', 'files kept at the provider are not forwarded')
    if (block['type'] === 'image' || block['type'] === 'document') admitSource(block['source'], place)
    admitBlocks(block['content'], { ...place, depth: place.depth + 1 })
  }
}

function admitSource(source: unknown, place: { inputs: Inputs; depth: number }): void {
  if (!isJson(source)) return
  switch (source['type']) {
    case 'base64':
      return countData(
        { mediaType: stringOf(source['media_type']) ?? '', bytes: stringOf(source['data'])?.length ?? 0 },
        place.inputs,
      )
    case 'text':
      return
    case 'content':
      return admitBlocks(source['content'], { ...place, depth: place.depth + 1 })
    case 'file':
      throw new RefusalError('kept-state', 'files kept at the provider are not forwarded')
    default:
      throw new RefusalError('remote-file', 'the provider would fetch this file from an address: send its data instead')
  }
}
