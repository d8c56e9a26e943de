import type { IncomingHttpHeaders } from 'node:http'
import type { ConnectedProvider } from '../models/connections.ts'

/** What callers may tell a provider beside the body. Their key, which is our token, and cookies stay here. */
const forwarded = [
  'accept',
  'anthropic-version',
  'openai-beta',
  // with it Codex says that its tools stand in the conversation
  'x-openai-internal-codex-responses-lite',
] as const

/** Features that let a provider run tools or keep files, or that are charged otherwise. The body may not ask for them either. */
const refusedFeatures =
  /^(?:mcp|code-execution|files-api|web-|skills|fast-mode|message-batches|oauth|managed-|advisor|compact|server-side)/

/** Headers of a request as it goes out, with the user's own key. */
export function requestHeaders(from: IncomingHttpHeaders, { provider, connection }: ConnectedProvider) {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    // what is compressed cannot be read on its way past
    'accept-encoding': 'identity',
    'user-agent': 'mlrbench',
  }
  for (const name of forwarded) {
    const value = from[name]
    if (typeof value === 'string') headers[name] = value
  }
  const features = String(from['anthropic-beta'] ?? '')
    .split(',')
    .map((feature) => feature.trim())
    .filter((feature) => /^[a-z0-9-]{1,100}$/.test(feature) && !refusedFeatures.test(feature))
  if (features.length > 0) headers['anthropic-beta'] = features.join(',')
  if (connection.apiKey !== null)
    headers[provider.keyHeader] =
      provider.keyHeader === 'authorization' ? `Bearer ${connection.apiKey}` : connection.apiKey
  return headers
}

/** What of a provider's headers callers act on. */
const returned = [
  'content-type',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'request-id',
  'x-request-id',
  'openai-model',
  'openai-processing-ms',
] as const

export function responseHeaders(from: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = { 'cache-control': 'no-cache' }
  for (const name of returned) {
    const value = from[name]
    if (typeof value === 'string') headers[name] = value
  }
  return headers
}
