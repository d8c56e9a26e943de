import type { JSONObject } from '@ai-sdk/provider'
import { RefusalError } from '../refusal.ts'
import type { Inputs, Json } from './gateway-wire.ts'

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Objects of a list; what else stands in it is the provider's to refuse. */
export function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}

/** What came out of JSON.parse as an object is one of JSON. */
export const asJsonObject = (value: unknown): JSONObject | null => (isJson(value) ? (value as JSONObject) : null)

export const stringOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Null for anything that is no count of tokens. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0)
}

export function noInputs(): Inputs {
  return { dataBytes: 0, images: 0, documents: 0, describedTools: 0, addsUsage: false, leftOut: null }
}

/** A limit of the caller's own; a number that is none is refused, as nobody could say what the call may cost. */
export function limitIn(body: Json, name: string): number | null {
  const value = body[name]
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw new RefusalError('invalid-request', `${name} must be a whole number of at least 1`)
  return value
}

/** How often a whole answer is asked for. */
export function choicesIn(body: Json, name: string): number {
  return limitIn(body, name) ?? 1
}

const dataUrl = /^data:([a-z0-9.+/-]+);base64,/i

/** Counts a picture or a file that is written out as a data address; anything that would have to be fetched is refused. */
export function countDataUrl(url: unknown, inputs: Inputs): void {
  const text = stringOf(url) ?? ''
  const head = dataUrl.exec(text.slice(0, 200))
  if (head === null)
    throw new RefusalError('remote-file', 'the provider would fetch this file from an address: send its data instead')
  countData({ mediaType: head[1] ?? '', bytes: text.length - head[0].length }, inputs)
}

/** @param data its media type and the length of its base64 */
export function countData({ mediaType, bytes }: { mediaType: string; bytes: number }, inputs: Inputs): void {
  const kind = mediaType.toLowerCase()
  // base64 of text is longer than the text, so that its own length bounds it
  if (kind.startsWith('text/') || kind === 'application/json') return
  if (kind.startsWith('image/')) inputs.images += 1
  else if (kind === 'application/pdf') inputs.documents += 1
  // sound and film: a second of them may take fewer bytes than tokens, and they have prices of their own
  else
    throw new RefusalError('uncounted-input', `what a file of type ${kind.slice(0, 80)} costs is not known beforehand`)
  inputs.dataBytes += bytes
}
