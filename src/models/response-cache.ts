import { join } from 'node:path'
import { z } from 'zod'
import { readTextIfPresent, writeJson } from '../base/files.ts'
import { finishReasonSchema } from '../schema/event.ts'
import { usageSchema } from '../schema/usage.ts'
import type { ModelReply } from './model.ts'

/** The messages of a reply are the AI SDK's own and go back to it unread. */
const cachedReplySchema = z.strictObject({
  schema: z.literal('mlrbench/cached-reply@1'),
  reply: z.strictObject({
    callId: z.string(),
    text: z.string(),
    toolCalls: z.array(z.strictObject({ toolCallId: z.string(), toolName: z.string(), input: z.unknown() })),
    messages: z.array(z.custom<ModelReply['messages'][number]>((value) => typeof value === 'object' && value !== null)),
    finishReason: finishReasonSchema,
    responseModel: z.string().nullable(),
    usage: usageSchema,
    costUsd: z.number().nullable(),
    latencyMs: z.number(),
    retries: z.int(),
  }),
})

export interface ResponseCache {
  read(key: string): Promise<ModelReply | null>
  write(key: string, reply: ModelReply): Promise<void>
}

/** Keeps complete replies as files, one each, so that a resumed run pays for nothing twice. */
export function openResponseCache(folder: string): ResponseCache {
  const path = (key: string): string => join(folder, key.slice(0, 2), `${key}.json`)
  return {
    async read(key) {
      const text = await readTextIfPresent(path(key))
      if (text === null) return null
      try {
        return cachedReplySchema.parse(JSON.parse(text)).reply
      } catch {
        // a damaged entry is worth as much as none: the call is made again and the entry replaced
        return null
      }
    },
    async write(key, reply) {
      await writeJson(path(key), { schema: 'mlrbench/cached-reply@1', reply })
    },
  }
}
