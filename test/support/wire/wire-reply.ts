import type { Answer, Finish, WireEvent, WireToolCall, WireUsage } from './wire-format.ts'

/** Where `usage` may be null the server reports none; Anthropic always does, so null is an error there. */
export type WireReply =
  | {
      readonly kind: 'message'
      readonly text: string
      readonly usage: WireUsage | null
      readonly toolCalls?: readonly WireToolCall[]
      /** By default `tool-calls` when there are any, else `stop`. */
      readonly finish?: Finish
      readonly reasoning?: string
      readonly delayMs?: number
      /** Length of the pieces a stream tells the text in; 16 by default. */
      readonly chunkCharacters?: number
    }
  | { readonly kind: 'refusal'; readonly text: string; readonly usage: WireUsage | null }
  /** The provider's own JSON when `body` is absent. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number; readonly body?: string }
  /** The error page of a proxy. */
  | { readonly kind: 'html'; readonly status: number }
  /** Status 200 and not JSON: the body, or the stream's first data line. */
  | { readonly kind: 'invalid-json' }
  /** A well-formed answer that says nothing. */
  | { readonly kind: 'empty'; readonly usage: WireUsage | null }
  /** Status 200 and JSON of something else. */
  | { readonly kind: 'wrong-shape' }
  /** The connection breaks after so much of the text; without streaming, half-way through the body. */
  | {
      readonly kind: 'cut'
      readonly afterCharacters: number
      readonly text: string
      readonly usage: WireUsage | null
    }
  /** The same, but the response ends as if it were whole. */
  | {
      readonly kind: 'cut-clean'
      readonly afterCharacters: number
      readonly text: string
      readonly usage: WireUsage | null
    }
  /**
   * The model fails after status 200 and after `text` (by default a few words; '' makes the error the first event).
   * `code` by default is `server_error`, of Anthropic `overloaded_error`.
   */
  | { readonly kind: 'stream-error'; readonly message: string; readonly code?: string; readonly text?: string }
  /** Never answers; with `text`, a stream that says it and then never goes on. */
  | { readonly kind: 'silence'; readonly text?: string }
  /** Exactly these bytes under status 200, one write after the other with a pause between them. */
  | { readonly kind: 'bytes'; readonly contentType: string; readonly writes: readonly (string | Uint8Array)[] }
  /** Sends the caller elsewhere. */
  | { readonly kind: 'redirect'; readonly location: string }
  /** The connection is closed before any byte of the answer. */
  | { readonly kind: 'reset' }

/** The events up to the one with which so much of the text has been told. */
export function upTo(events: WireEvent[], characters: number): WireEvent[] {
  let told = 0
  const last = events.findIndex((event) => {
    told += event.characters
    return told >= characters
  })
  return last === -1 ? events : events.slice(0, last + 1)
}

interface Told {
  readonly text: string
  readonly usage: WireUsage | null
  readonly toolCalls?: readonly WireToolCall[]
  readonly finish?: Finish
  readonly reasoning?: string
  readonly chunkCharacters?: number
}

/**
 * What a reply makes the model say.
 * @param breakAt characters after which a new piece begins, so that a stream can stop right there
 */
export function toAnswer(told: Told, breakAt = 0): Answer {
  const size = told.chunkCharacters ?? 16
  const toolCalls = told.toolCalls ?? []
  return {
    text: told.text,
    pieces: [...pieces(told.text.slice(0, breakAt), size), ...pieces(told.text.slice(breakAt), size)],
    refused: false,
    reasoning: told.reasoning ?? null,
    toolCalls,
    finish: told.finish ?? (toolCalls.length > 0 ? 'tool-calls' : 'stop'),
    usage: told.usage,
  }
}

function pieces(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  )
}
