import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { generateText, ModelMessage, ToolSet } from 'ai'
import type { ModelSettings, Wire } from '../schema/config.ts'
import type { NewEvent, Purpose, RunEvent } from '../schema/event.ts'
import type { Usage } from '../schema/usage.ts'

export type ProviderOptions = NonNullable<Parameters<typeof generateText>[0]['providerOptions']>

/** How to reach a provider: its address and the key, which stays in memory and nowhere else. */
export interface Connection {
  readonly baseUrl: string
  /** Null for providers that need none. */
  readonly apiKey: string | null
}

/** One company or server that answers for models. Adding one is one file here and one line in the registry. */
export interface ModelProvider {
  /** Environment variable its key is read from by default; null when it needs none. */
  readonly keyVariable: string | null
  /** Null when the user must say where it is. */
  readonly defaultBaseUrl: string | null
  /** Whether replies can be held to a JSON schema by the provider itself. */
  readonly structuredOutput: boolean
  /** Its id in the price tables; `free` charges nothing; null: no prices are known. */
  readonly prices: string | null
  /** Wire formats its address answers to, for programs that bring their own client. */
  readonly wires: readonly Wire[]
  /** Header in which it expects the key; `authorization` holds it as a bearer token. */
  readonly keyHeader: 'authorization' | 'x-api-key' | 'x-goog-api-key'
  /** Tokens that thinking may take beyond the limit on output; absent where the limit covers both. */
  readonly thinkingTokensOnTop?: number
  open(connection: Connection): {
    /** @param search whether the call may search the web, for providers where that is a setting of the model */
    languageModel(settings: ModelSettings, search: boolean): LanguageModelV4
    /** The provider's own web search, where it is a tool. */
    searchTools?(settings: ModelSettings): ToolSet
    /** Options of its own for every call. */
    options?(settings: ModelSettings): ProviderOptions
  }
}

/** What is asked of a model, whoever it is. */
export interface ModelRequest {
  readonly system: string
  readonly messages: ModelMessage[]
  readonly tools?: ToolSet
  /** Give the model its provider's web search, where there is one. */
  readonly search?: boolean
  /** Ask for JSON of this shape, where the provider can be held to it. */
  readonly jsonSchema?: { readonly name: string; readonly schema: Record<string, unknown> }
  /** Unless the model's settings say otherwise. */
  readonly maxOutputTokens: number
}

export interface CallContext {
  readonly purpose: Purpose
  /**
   * `owner/attempt`, part of the cache's key: calls of different owners share a reply only when the cache is shared; calls of
   * different attempts never do.
   */
  readonly cacheScope: string
  readonly append: (event: NewEvent) => RunEvent | void
  readonly signal: AbortSignal
  /** A ledger besides the run's own, such as one experiment's. */
  readonly budget?: Budget
}

export interface ToolCall {
  readonly toolCallId: string
  readonly toolName: string
  readonly input: unknown
}

export interface ModelReply {
  readonly callId: string
  readonly text: string
  readonly toolCalls: ToolCall[]
  /** The reply as messages, to be sent back with the next request of a conversation. */
  readonly messages: ModelMessage[]
  readonly finishReason: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other'
  readonly responseModel: string | null
  readonly usage: Usage
  /** Dollars; null when neither the provider nor the price tables say. */
  readonly costUsd: number | null
  readonly latencyMs: number
  readonly retries: number
}

/** Money set aside before a call and settled after it, so that calls in flight cannot overrun together. */
export interface Budget {
  /** Waits while open reservations stand in the way; rejects with `budget-spent` when even without them it does not fit. */
  reserve(upperBoundUsd: number | null, signal: AbortSignal): Promise<Reservation>
  readonly spentUsd: number
  /** Null: no limit. */
  readonly limitUsd: number | null
}

export interface Reservation {
  /** @param costUsd what the call cost; null (unknown) counts the whole reservation */
  settle(costUsd: number | null): void
  release(): void
}
