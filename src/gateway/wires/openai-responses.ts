import type { Usage } from '../../schema/usage.ts'
import { RefusalError, statusOf } from '../refusal.ts'
import { admitFields } from './admit-fields.ts'
import type { AdmitOptions, FinishReason, GatewayWire, Inputs, Json } from './gateway-wire.ts'
import { asJsonObject, countDataUrl, countOf, isJson, isSet, limitIn, noInputs, objectsOf, stringOf } from './json.ts'
import { describeOpenaiModel, listOpenaiModels, openaiErrorBody } from './openai-errors.ts'

const fields: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'top_logprobs',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'truncation',
  'include',
  'store',
  'service_tier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'metadata',
  'client_metadata',
  'safety_identifier',
  'user',
])

/** @see https://platform.openai.com/docs/api-reference/responses */
export const openaiResponses: GatewayWire = {
  wire: 'openai-responses',

  admit(body, options) {
    const inputs = noInputs()
    admitFields(body, fields, { ...options, inputs })
    refuseTier(body)
    // nothing of a study stays on the provider's side
    body['store'] = false
    body['tools'] = admitTools(body['tools'], { ...options, choice: body['tool_choice'] })
    if (body['tools'] === undefined) delete body['tools']
    for (const item of objectsOf(body['input'])) admitItem(item, options, inputs)
    return inputs
  },

  outputLimit: (body) => limitIn(body, 'max_output_tokens'),
  limitOutput(body, { tokens }) {
    body['max_output_tokens'] = tokens
  },
  choices: () => 1,

  isIdle: (data, { isBegun }) => isBegun && /^\{"type":"response\.[a-z_.]{1,60}\.delta"/.test(data),
  read(payload, before) {
    const { type } = payload
    if (type === 'error') return { ...before, error: errorMessage(payload['error'] ?? payload) }
    const response = isJson(payload['response']) ? payload['response'] : payload
    if (response['object'] !== 'response')
      return { ...before, isBegun: before.isBegun || (typeof type === 'string' && type.startsWith('response.output')) }
    const status = stringOf(response['status'])
    const finishReason = finishReasonOf(response)
    return {
      responseModel: stringOf(response['model']) ?? before.responseModel,
      finishReason: finishReason ?? before.finishReason,
      rawUsage: asJsonObject(response['usage']) ?? before.rawUsage,
      error: status === 'failed' ? errorMessage(response['error']) : before.error,
      isComplete: before.isComplete || status === 'completed' || status === 'incomplete',
      isBegun: before.isBegun || status === 'completed' || status === 'incomplete',
    }
  },

  usageOf(raw): Usage {
    const input = isJson(raw['input_tokens_details']) ? raw['input_tokens_details'] : {}
    const output = isJson(raw['output_tokens_details']) ? raw['output_tokens_details'] : {}
    return {
      inputTokens: countOf(raw['input_tokens']),
      outputTokens: countOf(raw['output_tokens']),
      cachedReadTokens: countOf(input['cached_tokens']),
      cachedWriteTokens: countOf(input['cache_write_tokens']),
      reasoningTokens: countOf(output['reasoning_tokens']),
    }
  },

  // Codex tries again for seconds after 402, and stops at once when a quota is spent
  statusOf: (code) => (statusOf(code) === 402 ? 429 : null),
  errorBody: openaiErrorBody,
  listModels: listOpenaiModels,
  describeModel: describeOpenaiModel,
}

function finishReasonOf(response: Json): FinishReason | null {
  switch (response['status']) {
    case 'completed':
      return objectsOf(response['output']).some(({ type }) => type === 'function_call' || type === 'custom_tool_call')
        ? 'tool-calls'
        : 'stop'
    case 'incomplete': {
      const details = isJson(response['incomplete_details']) ? response['incomplete_details'] : {}
      return details['reason'] === 'content_filter' ? 'content-filter' : 'length'
    }
    case 'failed':
      return 'error'
    default:
      return null
  }
}

function errorMessage(error: unknown): string {
  const told = isJson(error) ? error : {}
  return `${stringOf(told['code']) ?? stringOf(told['type']) ?? 'error'}: ${stringOf(told['message']) ?? ''}`
}

/** Fields that both of OpenAI's interfaces have. */
export function refuseTier({ service_tier: tier }: Json): void {
  if (isSet(tier) && tier !== 'auto' && tier !== 'default' && tier !== 'flex')
    throw new RefusalError('dearer-tier', 'only the default service tier, or a cheaper one, is forwarded')
}

/** Tools the caller runs itself. */
const callersTools: ReadonlySet<unknown> = new Set(['function', 'custom', 'local_shell', 'apply_patch'])

function isHosted(tool: Json): boolean {
  switch (tool['type']) {
    case 'namespace':
      return objectsOf(tool['tools']).some(isHosted)
    case 'tool_search':
      return tool['execution'] !== 'client'
    case 'shell':
      return !(isJson(tool['environment']) && tool['environment']['type'] === 'local')
    default:
      return !callersTools.has(tool['type'])
  }
}

function admitTools(value: unknown, { hostedTools, leavesOut, choice }: AdmitOptions & { choice: unknown }): unknown {
  const tools = objectsOf(value)
  if (hostedTools || !tools.some(isHosted)) return value
  const kept = tools.filter((tool) => !isHosted(tool))
  const searches = tools.filter(isHosted).every(({ type }) => stringOf(type)?.startsWith('web_search'))
  const isFree = choice === undefined || choice === null || choice === 'auto' || choice === 'none'
  if (leavesOut && searches && kept.length > 0 && isFree) return kept
  throw new RefusalError('hosted-tool', 'tools that the provider runs itself are not forwarded')
}

function admitItem(item: Json, options: AdmitOptions, inputs: Inputs): void {
  const type = stringOf(item['type']) ?? 'message'
  if (type === 'item_reference')
    throw new RefusalError(
      'kept-state',
      'items kept at the provider are not forwarded: send them whole, with store: false',
    )
  if (type.startsWith('mcp_')) throw new RefusalError('hosted-tool', 'servers of tools are not reached by the provider')
  // later tools come in the conversation itself
  if (item['tools'] !== undefined) item['tools'] = admitTools(item['tools'], { ...options, choice: undefined })
  for (const part of [...objectsOf(item['content']), ...objectsOf(item['output'])]) admitPart(part, inputs)
  if (isJson(item['output'])) admitPart(item['output'], inputs)
}

function admitPart(part: Json, inputs: Inputs): void {
  if (isSet(part['file_id'])) throw new RefusalError('kept-state', 'files kept at the provider are not forwarded')
  if (isSet(part['file_url']))
    throw new RefusalError('remote-file', 'the provider would fetch this file from an address: send its data instead')
  if (isSet(part['image_url'])) countDataUrl(part['image_url'], inputs)
  if (isSet(part['file_data'])) countDataUrl(part['file_data'], inputs)
  if (part['type'] === 'input_audio' || part['type'] === 'input_video')
    throw new RefusalError('uncounted-input', 'what sound and film cost is not known beforehand')
}
