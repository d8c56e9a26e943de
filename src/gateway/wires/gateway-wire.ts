import type { JSONObject } from '@ai-sdk/provider'
import type { z } from 'zod'
import type { ConnectedProvider } from '../../models/connections.ts'
import type { Wire } from '../../schema/config.ts'
import type { finishReasonSchema } from '../../schema/event.ts'
import type { Usage } from '../../schema/usage.ts'
import type { ErrorReply, RefusalCode } from '../refusal.ts'

export type Json = Record<string, unknown>
export type FinishReason = z.infer<typeof finishReasonSchema>

/** What part of a request is not text, found while it was looked through. */
export interface Inputs {
  /** Bytes of base64 in it, which stand for what they show and not for text. */
  dataBytes: number
  images: number
  /** PDF files; nobody can say from outside how many pages they show. */
  documents: number
  /** Tools that the provider itself describes to the model, in words that are not in the request. */
  describedTools: number
  /** Whether the answer was made to tell its usage, for which the caller has not asked. */
  addsUsage: boolean
  /** Names of unknown fields that were taken out of the request, as they are told; null when there were none. */
  leftOut: string | null
}

export interface AdmitOptions {
  readonly connected: ConnectedProvider
  readonly modelId: string
  /** Whether the provider may run tools of its own. */
  readonly hostedTools: boolean
  /**
   * Whether what nobody can teach a coder's program is taken out and not refused: a search that it only offers along with its own tools, and
   * fields of its next version.
   */
  readonly leavesOut: boolean
}

/** What is known of an answer so far. */
export interface Reading {
  readonly responseModel: string | null
  readonly finishReason: FinishReason | null
  /** As the provider reported it, put together from all its parts. */
  readonly rawUsage: JSONObject | null
  readonly error: string | null
  /** Whether the answer, or its end, was reached. */
  readonly isComplete: boolean
  /** Whether anything came that may be charged. */
  readonly isBegun: boolean
}

export interface ListedModel {
  /** As callers name it. */
  readonly id: string
}

/** One provider protocol as the gateway speaks it to callers. Adding one is one file and one line in the registry. */
export interface GatewayWire {
  readonly wire: Wire
  /**
   * Looks through a request and changes it where something must not go out.
   * @throws RefusalError for what escapes accounting or reaches the network for the caller
   */
  admit(body: Json, options: AdmitOptions): Inputs
  /** Tokens the answer may have at most, all choices together count separately; null when the caller set no limit. */
  outputLimit(body: Json): number | null
  limitOutput(body: Json, limit: { tokens: number; connected: ConnectedProvider }): void
  /** Answers asked for at once. */
  choices(body: Json): number
  /**
   * Whether an event of a stream says nothing that is not known yet, by how it begins: most are pieces of text, and need not be parsed.
   * @param data one event's data
   */
  isIdle?(data: string, before: Reading): boolean
  /** @param payload one event of a stream, or the whole answer of a call that does not stream */
  read(payload: Json, before: Reading): Reading
  usageOf(raw: JSONObject): Usage
  /** Where the coding agents of this format give up on another status than those of the others; null for the usual one. */
  statusOf?(code: RefusalCode): number | null
  /** The answer to how many tokens a request has, where there is such a question. */
  countBody?(tokens: number): Json
  errorBody(error: ErrorReply): Json
  listModels(models: readonly ListedModel[]): Json
  describeModel(model: ListedModel): Json
}
