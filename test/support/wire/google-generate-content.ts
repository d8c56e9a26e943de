import {
  type Answer,
  isRecord,
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
 * The model and the wish to stream stand in the path, `…/models/<model>:streamGenerateContent?alt=sse`.
 * @see https://ai.google.dev/api/generate-content
 */
export const googleGenerateContent: WireFormat = {
  api: 'google-generate-content',
  path: '/models',

  read(body) {
    const asked = records(body['contents']).filter((content) => content['role'] !== 'model')
    const parts = asked.flatMap((content) => records(content['parts']))
    const system = isRecord(body['systemInstruction']) ? textOf(body['systemInstruction']['parts']) : ''
    const config = isRecord(body['generationConfig']) ? body['generationConfig'] : {}
    const schema = config['responseJsonSchema'] ?? config['responseSchema']
    return {
      text: [system, textOf(parts)].filter((text) => text !== '').join('\n'),
      toolResults: parts.filter((part) => isRecord(part['functionResponse'])).length,
      images: parts.filter((part) => isRecord(part['inlineData'])).length,
      tools: records(body['tools'])
        .flatMap((tool) => records(tool['functionDeclarations']))
        .map((tool) => stringOf(tool['name'])),
      schema: isRecord(schema) ? schema : null,
    }
  },

  answer: (request, answer) => chunk(request, { parts: allParts(answer), answer, isLast: true }),

  // the last piece comes with the reason to stop, as Google sends it
  events(request, answer) {
    const thought = answer.reasoning === null ? [] : [{ text: answer.reasoning, thought: true }]
    const told = [
      ...thought.map((part) => ({ part, characters: 0 })),
      ...answer.pieces.map((text) => ({ part: { text }, characters: text.length })),
      ...functionCalls(answer).map((part) => ({ part, characters: 0 })),
    ]
    const events = told.map(({ part, characters }) => ({
      name: null,
      data: chunk(request, { parts: [part], answer, isLast: false }),
      characters,
    }))
    return [...events, { name: null, data: chunk(request, { parts: [], answer, isLast: true }), characters: 0 }]
  },

  errorBody(status) {
    const [name, message] = statusErrors[status] ?? (status < 500 ? invalidArgument : internal)
    return { error: { code: status, message, status: name } }
  },

  streamError: (_request, error): WireEvent[] => [{ name: null, data: errorObject(error), characters: 0 }],
  failure: (_request, error) => ({ status: 503, body: errorObject(error) }),
}

const invalidArgument = ['INVALID_ARGUMENT', 'The request is not valid.'] as const
const internal = ['INTERNAL', 'An internal error occurred.'] as const
const statusErrors: Record<number, readonly [status: string, message: string]> = {
  401: ['UNAUTHENTICATED', 'The request has no valid credentials.'],
  403: ['PERMISSION_DENIED', 'The key may not use this method.'],
  404: ['NOT_FOUND', 'The model was not found.'],
  429: ['RESOURCE_EXHAUSTED', 'The quota is exhausted.'],
  503: ['UNAVAILABLE', 'The model is overloaded.'],
  504: ['DEADLINE_EXCEEDED', 'The deadline passed.'],
}

function errorObject({ message, code }: WireError): Json {
  return { error: { code: 503, message, status: code ?? 'UNAVAILABLE' } }
}

const functionCalls = (answer: Answer): Json[] =>
  answer.toolCalls.map((call) => ({ functionCall: { name: call.name, args: call.arguments } }))

function allParts(answer: Answer): Json[] {
  return [
    ...(answer.reasoning === null ? [] : [{ text: answer.reasoning, thought: true }]),
    ...(answer.text === '' ? [] : [{ text: answer.text }]),
    ...functionCalls(answer),
  ]
}

function chunk(
  request: WireRequest,
  { parts, answer, isLast }: { parts: Json[]; answer: Answer; isLast: boolean },
): Json {
  return {
    candidates: [
      { content: { role: 'model', parts }, index: 0, ...(isLast ? { finishReason: finishReason(answer) } : {}) },
    ],
    ...(answer.usage === null ? {} : { usageMetadata: usageMetadata(answer.usage) }),
    modelVersion: request.model,
    responseId: wireId('', request),
  }
}

function finishReason(answer: Answer): string {
  if (answer.refused) return 'SAFETY'
  const reasons = { stop: 'STOP', length: 'MAX_TOKENS', 'content-filter': 'SAFETY', 'tool-calls': 'STOP' }
  return reasons[answer.finish]
}

function usageMetadata(usage: WireUsage): Json {
  return {
    promptTokenCount: usage.input,
    candidatesTokenCount: usage.output - (usage.reasoning ?? 0),
    totalTokenCount: usage.input + usage.output,
    ...(usage.cachedRead === undefined ? {} : { cachedContentTokenCount: usage.cachedRead }),
    ...(usage.reasoning === undefined ? {} : { thoughtsTokenCount: usage.reasoning }),
  }
}
