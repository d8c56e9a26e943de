import type { ModelCallCode } from '../models/model-call-error.ts'
import type { UpstreamAnswer } from './upstream.ts'
import type { Json } from './wires/gateway-wire.ts'
import { isJson, objectsOf, stringOf } from './wires/json.ts'

export interface Fault {
  /** For the caller. */
  readonly status: number
  readonly code: ModelCallCode
  readonly message: string
  /** As the provider sent it; null when it is not for the caller. */
  readonly body: Buffer | null
}

/** Providers explain themselves in a few thousand bytes. */
const maxBytes = 1024 ** 2

/** Reads an answer that is no answer. What would show the user's key goes no further. */
export async function readFault(answer: UpstreamAnswer, apiKey: string | null): Promise<Fault> {
  const read = await readBytes(answer)
  const text = read?.toString('utf8') ?? ''
  const quotesKey = apiKey !== null && text.includes(apiKey)
  const error = errorIn(text)
  const code = codeOf(answer.status, error)
  // a page of a proxy or a redirect says where to; callers are told in their provider's own words that it failed
  const told = stringOf(error['message'])
  const message = `HTTP ${answer.status}: ${explain(code, told === null ? null : shorten(told, apiKey))}`
  const status = answer.status < 400 ? 502 : answer.status
  const isShown = code !== 'not-authorised' && !quotesKey && read !== null && status === answer.status
  return { status, code, message, body: isShown ? read : null }
}

/** What is said of a bad key may quote it in part. */
function explain(code: ModelCallCode, told: string | null): string {
  return code === 'not-authorised' ? 'the key is not taken' : (told ?? 'no explanation that can be read')
}

/** Null when it is too long or breaks off. */
async function readBytes({ body }: UpstreamAnswer): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) return null
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch {
    // the status says enough
    return null
  }
}

function errorIn(text: string): Json {
  try {
    const parsed: unknown = JSON.parse(text)
    // Google tells the errors of a stream in a list
    const [first] = Array.isArray(parsed) ? objectsOf(parsed) : [parsed]
    return isJson(first) && isJson(first['error']) ? first['error'] : {}
  } catch {
    return {}
  }
}

function codeOf(status: number, error: Json): ModelCallCode {
  // OpenRouter forbids a single request in the words it uses for a bad key, but says why
  if (status === 403 && isJson(error['metadata']) && Array.isArray(error['metadata']['reasons']))
    return 'rejected-request'
  if (status === 401 || status === 403) return 'not-authorised'
  // Google's word for a key it does not know
  if (status === 400 && objectsOf(error['details']).some(({ reason }) => reason === 'API_KEY_INVALID'))
    return 'not-authorised'
  if (status === 429) return 'rate-limited'
  if (status === 408 || status === 409 || status >= 500 || status < 400) return 'provider-failed'
  return 'rejected-request'
}

function shorten(text: string, apiKey: string | null): string {
  const message = apiKey === null ? text : text.replaceAll(apiKey, '[key]')
  return message.length > 300 ? `${message.slice(0, 300)} …` : message
}
