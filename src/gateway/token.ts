import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Whether a request shows the token, in any of the places where the providers' clients put their key. */
export function showsToken(token: string, headers: IncomingHttpHeaders, query: URLSearchParams): boolean {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const shown = [headers['x-api-key'], bearer, headers['x-goog-api-key'], query.get('key')]
  return shown.some((value) => typeof value === 'string' && isSame(value, token))
}

/** In the same time whatever they share; hashes have one length. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
