import type { Usage } from '../../schema/usage.ts'
import { RefusalError } from '../refusal.ts'
import { admitFields } from './admit-fields.ts'
import type { AdmitOptions, FinishReason, GatewayWire, Inputs, Json, ListedModel } from './gateway-wire.ts'
import {
  asJsonObject,
  choicesIn,
  countData,
  countOf,
  isJson,
  isSet,
  limitIn,
  noInputs,
  objectsOf,
  stringOf,
} from './json.ts'

const fields: ReadonlySet<string> = new Set([
  // where a whole request stands inside the question how many tokens it has
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'safetySettings',
  'generationConfig',
  'serviceTier',
  'labels',
])

/**
 * Every field has two spellings there, `maxOutputTokens` and `max_output_tokens`; requests are put into the first.
 * @see https://ai.google.dev/api/generate-content
 */
export const googleGenerateContent: GatewayWire = {
  wire: 'google-generate-content',

  admit(body, options) {
    const inputs = noInputs()
    rename(body, ['cachedContent', ...fields])
    admitFields(body, fields, { ...options, inputs })
    const tier = stringOf(body['serviceTier'])?.toLowerCase() ?? null
    if (tier !== null && !['standard', 'flex', 'service_tier_standard', 'service_tier_flex'].includes(tier))
      throw new RefusalError('dearer-tier', 'only the standard service tier, or a cheaper one, is forwarded')
    admitConfig(body['generationConfig'])
    body['tools'] = admitTools(body['tools'], options)
    if (body['tools'] === undefined) delete body['tools']
    for (const content of [...objectsOf(body['contents']), body['contents'], body['systemInstruction']])
      if (isJson(content)) admitParts(content['parts'], { inputs, depth: 0 })
    return inputs
  },

  outputLimit: (body) => limitIn(configOf(body), 'maxOutputTokens'),
  limitOutput(body, { tokens }) {
    body['generationConfig'] = { ...configOf(body), maxOutputTokens: tokens }
  },
  choices: (body) => choicesIn(configOf(body), 'candidateCount'),

  read(payload, before) {
    if (isSet(payload['error'])) return { ...before, error: errorMessage(payload['error']) }
    const [candidate] = objectsOf(payload['candidates'])
    const feedback = isJson(payload['promptFeedback']) ? payload['promptFeedback'] : {}
    const blocked: FinishReason | null = isSet(feedback['blockReason']) ? 'content-filter' : null
    const finishReason = finishReasonOf(candidate) ?? blocked ?? before.finishReason
    return {
      responseModel: stringOf(payload['modelVersion']) ?? before.responseModel,
      finishReason,
      // each event repeats the counts so far
      rawUsage: asJsonObject(payload['usageMetadata']) ?? before.rawUsage,
      error: before.error,
      isComplete: finishReason !== null,
      isBegun: before.isBegun || candidate !== undefined,
    }
  },

  usageOf(raw): Usage {
    const prompt = countOf(raw['promptTokenCount'])
    const thoughts = countOf(raw['thoughtsTokenCount'])
    const total = countOf(raw['totalTokenCount'])
    const input = prompt === null ? null : prompt + (countOf(raw['toolUsePromptTokenCount']) ?? 0)
    const answer = countOf(raw['candidatesTokenCount'])
    // an answer of nothing but thoughts comes without its own count
    const output = answer ?? (thoughts !== null || (total !== null && total === input) ? 0 : null)
    return {
      inputTokens: input,
      outputTokens: output === null ? null : output + (thoughts ?? 0),
      cachedReadTokens: countOf(raw['cachedContentTokenCount']),
      cachedWriteTokens: null,
      reasoningTokens: thoughts,
    }
  },

  countBody: (tokens) => ({ totalTokens: tokens }),
  errorBody: ({ status, message }) => ({ error: { code: status, message, status: statusNames[status] ?? 'INTERNAL' } }),
  listModels: (models) => ({ models: models.map(describeModel) }),
  describeModel,
}

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'FAILED_PRECONDITION',
  404: 'NOT_FOUND',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

function describeModel({ id }: ListedModel): Json {
  return {
    name: `models/${id}`,
    displayName: id,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
  }
}

function finishReasonOf(candidate: Json | undefined): FinishReason | null {
  const reason = candidate?.['finishReason']
  switch (reason) {
    case undefined:
    case null:
      return null
    case 'STOP':
      return objectsOf(isJson(candidate?.['content']) ? candidate['content']['parts'] : undefined).some((part) =>
        isJson(part['functionCall']),
      )
        ? 'tool-calls'
        : 'stop'
    case 'MAX_TOKENS':
      return 'length'
    case 'SAFETY':
    case 'RECITATION':
    case 'BLOCKLIST':
    case 'PROHIBITED_CONTENT':
    case 'SPII':
      return 'content-filter'
    default:
      return 'other'
  }
}

function errorMessage(error: unknown): string {
  const told = isJson(error) ? error : {}
  return `${stringOf(told['status']) ?? 'error'}: ${stringOf(told['message']) ?? ''}`
}

const configOf = (body: Json): Json => (isJson(body['generationConfig']) ? body['generationConfig'] : {})

/** @throws RefusalError when both spellings stand there: which one counts would be the provider's choice */
function rename(body: Json, names: readonly string[]): void {
  for (const name of names) {
    const other = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    if (other === name || !Object.hasOwn(body, other)) continue
    if (Object.hasOwn(body, name)) throw new RefusalError('invalid-request', `${name} is given twice`)
    body[name] = body[other]
    delete body[other]
  }
}

function admitConfig(config: unknown): void {
  if (!isJson(config)) return
  rename(config, ['maxOutputTokens', 'candidateCount', 'responseModalities', 'speechConfig', 'imageConfig'])
  const modalities = Array.isArray(config['responseModalities']) ? config['responseModalities'] : []
  if (isSet(config['speechConfig']) || isSet(config['imageConfig']) || modalities.some((kind) => kind !== 'TEXT'))
    throw new RefusalError('uncounted-output', 'answers in sound or pictures are not forwarded')
}

function admitTools(value: unknown, { hostedTools }: AdmitOptions): unknown {
  const tools = isJson(value) ? [value] : objectsOf(value)
  for (const tool of tools) rename(tool, ['functionDeclarations'])
  const isHosted = (tool: Json): boolean => Object.keys(tool).some((name) => name !== 'functionDeclarations')
  if (!hostedTools && tools.some(isHosted))
    throw new RefusalError('hosted-tool', 'tools that the provider runs itself are not forwarded')
  return value
}

/** Deeper than any client nests them: the parts of a function's answer. */
const maxDepth = 4

function admitParts(value: unknown, place: { inputs: Inputs; depth: number }): void {
  if (place.depth > maxDepth) throw new RefusalError('invalid-request', 'parts are nested too deeply')
  for (const part of isJson(value) ? [value] : objectsOf(value)) {
    rename(part, ['fileData', 'inlineData', 'functionResponse'])
    if (isSet(part['fileData']))
      throw new RefusalError('remote-file', 'the provider would fetch this file from an address: send its data instead')
    const data = part['inlineData']
    if (isJson(data)) {
      rename(data, ['mimeType'])
      countData(
        { mediaType: stringOf(data['mimeType']) ?? '', bytes: stringOf(data['data'])?.length ?? 0 },
        place.inputs,
      )
    }
    if (isJson(part['functionResponse']))
      admitParts(part['functionResponse']['parts'], { ...place, depth: place.depth + 1 })
  }
}
