import { providers } from '../../models/index.ts'
import type { Usage } from '../../schema/usage.ts'
import { RefusalError } from '../refusal.ts'
import { admitFields } from './admit-fields.ts'
import type { FinishReason, GatewayWire, Inputs, Json } from './gateway-wire.ts'
import {
  asJsonObject,
  choicesIn,
  countDataUrl,
  countOf,
  isJson,
  isSet,
  limitIn,
  noInputs,
  objectsOf,
  stringOf,
} from './json.ts'
import { describeOpenaiModel, listOpenaiModels, openaiErrorBody } from './openai-errors.ts'
import { refuseTier } from './openai-responses.ts'

const fields: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'stop',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'seed',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'response_format',
  'reasoning_effort',
  'verbosity',
  'modalities',
  'store',
  'service_tier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'metadata',
  'safety_identifier',
  'user',
  // of OpenRouter
  'reasoning',
  'include_reasoning',
  'usage',
  'top_a',
  // of servers that one runs oneself
  'best_of',
  'top_k',
  'min_p',
  'min_tokens',
  'repetition_penalty',
  'stop_token_ids',
  'ignore_eos',
  'thinking',
  'enable_thinking',
  'chat_template_kwargs',
  'guided_json',
  'guided_regex',
  'guided_choice',
  'structured_outputs',
])

/** @see https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: GatewayWire = {
  wire: 'openai-chat',

  admit(body, options) {
    const { connected, hostedTools } = options
    const inputs = noInputs()
    admitFields(body, fields, { ...options, inputs })
    refuseFields(body)
    for (const tool of objectsOf(body['tools']))
      if (!hostedTools && tool['type'] !== 'function' && tool['type'] !== 'custom')
        throw new RefusalError('hosted-tool', 'tools that the provider runs itself are not forwarded')
    for (const message of objectsOf(body['messages'])) {
      if (isSet(message['audio'])) throw new RefusalError('kept-state', 'sound kept at the provider is not forwarded')
      for (const part of objectsOf(message['content'])) admitPart(part, inputs)
    }
    // nothing of a study stays on the provider's side; servers that know no such field may refuse it
    if (body['store'] !== undefined) body['store'] = false
    // a stream tells its usage only when asked
    if (body['stream'] === true) {
      const asked = isJson(body['stream_options']) ? body['stream_options'] : {}
      inputs.addsUsage = asked['include_usage'] !== true
      body['stream_options'] = { ...asked, include_usage: true }
    }
    if (connected.provider === providers.openrouter) body['usage'] = { include: true }
    return inputs
  },

  outputLimit(body) {
    const limits = ['max_completion_tokens', 'max_tokens'].map((name) => limitIn(body, name))
    const given = limits.filter((limit) => limit !== null)
    // which of two a server obeys is its own affair
    return given.length === 0 ? null : Math.max(...given)
  },
  limitOutput(body, { tokens, connected }) {
    const { max_completion_tokens: newer, max_tokens: older } = body
    const isOlder = isSet(older) || (!isSet(newer) && connected.provider !== providers.openai)
    if (isSet(newer) || !isOlder) body['max_completion_tokens'] = tokens
    if (isOlder) body['max_tokens'] = tokens
  },
  choices: (body) => Math.max(choicesIn(body, 'n'), choicesIn(body, 'best_of')),

  read(payload, before) {
    if (isSet(payload['error'])) return { ...before, error: errorMessage(payload['error']) }
    const choices = objectsOf(payload['choices'])
    const finished = choices.map((choice) => finishReasonOf(choice['finish_reason'])).find((reason) => reason !== null)
    const finishReason = before.finishReason ?? finished ?? null
    return {
      responseModel: stringOf(payload['model']) ?? before.responseModel,
      finishReason,
      rawUsage: asJsonObject(payload['usage']) ?? before.rawUsage,
      error: before.error,
      isComplete: finishReason !== null,
      isBegun: before.isBegun || choices.length > 0,
    }
  },

  usageOf(raw): Usage {
    const input = isJson(raw['prompt_tokens_details']) ? raw['prompt_tokens_details'] : {}
    const output = isJson(raw['completion_tokens_details']) ? raw['completion_tokens_details'] : {}
    return {
      inputTokens: countOf(raw['prompt_tokens']),
      outputTokens: countOf(raw['completion_tokens']),
      cachedReadTokens: countOf(input['cached_tokens']),
      cachedWriteTokens: countOf(input['cache_write_tokens']),
      reasoningTokens: countOf(output['reasoning_tokens']),
    }
  },

  errorBody: openaiErrorBody,
  listModels: listOpenaiModels,
  describeModel: describeOpenaiModel,
}

function finishReasonOf(reason: unknown): FinishReason | null {
  switch (reason) {
    case undefined:
    case null:
      return null
    case 'stop':
      return 'stop'
    case 'length':
      return 'length'
    case 'content_filter':
      return 'content-filter'
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls'
    case 'error':
      return 'error'
    default:
      return 'other'
  }
}

/** A code that is a number is a status, as OpenRouter tells it. */
function errorMessage(error: unknown): string {
  if (!isJson(error)) return stringOf(error) ?? 'error'
  const code = typeof error['code'] === 'number' ? String(error['code']) : stringOf(error['code'])
  return `${code ?? stringOf(error['type']) ?? 'error'}: ${stringOf(error['message']) ?? ''}`
}

function refuseFields(body: Json): void {
  refuseTier(body)
  const modalities = Array.isArray(body['modalities']) ? body['modalities'] : []
  if (modalities.some((kind) => kind !== 'text'))
    throw new RefusalError('uncounted-output', 'answers in sound or pictures are not forwarded')
}

function admitPart(part: Json, inputs: Inputs): void {
  const image = part['image_url']
  if (isSet(image)) countDataUrl(isJson(image) ? image['url'] : image, inputs)
  const { file } = part
  if (isJson(file)) {
    if (isSet(file['file_id'])) throw new RefusalError('kept-state', 'files kept at the provider are not forwarded')
    countDataUrl(file['file_data'], inputs)
  }
  for (const kind of ['input_audio', 'video_url', 'audio_url', 'input_video'])
    if (isSet(part[kind])) throw new RefusalError('uncounted-input', 'what sound and film cost is not known beforehand')
}
