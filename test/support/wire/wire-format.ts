export type WireApi = 'openai-responses' | 'openai-chat' | 'anthropic-messages' | 'google-generate-content'

/** A request as a provider would understand it, whatever format it came in. */
export interface WireRequest {
  readonly api: WireApi
  /** `count` only asks how many tokens the request has. */
  readonly operation: 'generate' | 'count'
  /** With its query, as it was asked for. */
  readonly path: string
  readonly model: string
  readonly stream: boolean
  readonly headers: Record<string, string>
  readonly body: Record<string, unknown>
  /** All text of system, user and tool messages, one line each. */
  readonly text: string
  readonly toolResults: number
  readonly images: number
  /** Names of the tools offered, the `json` tool of forced structured output included. */
  readonly tools: string[]
  /** The JSON schema the answer has to follow; null when none was asked for. */
  readonly schema: Record<string, unknown> | null
  /** Position among the server's requests, from 0. */
  readonly index: number
}

/** Tokens, as totals: `input` includes what the cache read and wrote, `output` includes reasoning. */
export interface WireUsage {
  readonly input: number
  readonly output: number
  readonly cachedRead?: number
  readonly cachedWrite?: number
  readonly reasoning?: number
  /** Dollars. OpenRouter alone reports it, as `usage.cost`. */
  readonly costUsd?: number
}

export type Finish = 'stop' | 'length' | 'content-filter' | 'tool-calls'

export interface WireToolCall {
  readonly name: string
  readonly arguments: Record<string, unknown>
}

/** What the model says in the end, before it is put into a format. */
export interface Answer {
  readonly text: string
  /** The text again, in the pieces a stream tells it in. */
  readonly pieces: readonly string[]
  readonly refused: boolean
  readonly reasoning: string | null
  readonly toolCalls: readonly WireToolCall[]
  readonly finish: Finish
  /** Null: the server reports none. */
  readonly usage: WireUsage | null
}

export interface WireEvent {
  /** The SSE `event:` field; null for formats that have none. */
  readonly name: string | null
  readonly data: Record<string, unknown> | '[DONE]'
  /** How much of the answer's text this event tells. */
  readonly characters: number
}

export interface WireError {
  readonly message: string
  /** The provider's own code; null for its usual one. */
  readonly code: string | null
}

/** One provider protocol. Adding one is one file and one line in the server's table. */
export interface WireFormat {
  readonly api: WireApi
  /** Below `/v1`, `/api/v1` or `/v1beta`. */
  readonly path: string
  read(body: Record<string, unknown>): Pick<WireRequest, 'text' | 'toolResults' | 'images' | 'tools' | 'schema'>
  /** The whole answer of a call that does not stream. */
  answer(request: WireRequest, answer: Answer): Record<string, unknown>
  /** The answer of a call that streams, final events included. */
  events(request: WireRequest, answer: Answer): WireEvent[]
  /** The body of an HTTP error. */
  errorBody(status: number): Record<string, unknown>
  /** How a stream that began with status 200 says that it failed. */
  streamError(request: WireRequest, error: WireError, eventsBefore: number): WireEvent[]
  /** How a call that does not stream says that the model failed half-way. */
  failure(request: WireRequest, error: WireError): { status: number; body: Record<string, unknown> }
}

/** A provider-like identifier, the same in every run. */
export function wireId(prefix: string, request: WireRequest, part = 0): string {
  return `${prefix}${(request.index * 1000 + part).toString(16).padStart(24, '0')}`
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The text of a message's content: a string, or an array of parts of which those with a `text` count. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return records(content)
    .map((part) => stringOf(part['text']))
    .filter((text) => text !== '')
    .join('\n')
}
