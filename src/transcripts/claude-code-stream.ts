import { z } from 'zod'
import { type Usage, unknownUsage } from '../schema/usage.ts'

const optionalText = z.string().optional().catch(undefined)
const count = z.int().nonnegative().nullable().default(null).catch(null)
const amount = z.number().nonnegative().nullable().default(null).catch(null)

const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
})

const blockSchema = z.object({
  type: z.string(),
  text: optionalText,
  thinking: optionalText,
  id: optionalText,
  name: optionalText,
  input: z.unknown().optional(),
  tool_use_id: optionalText,
  content: z.unknown().optional(),
  is_error: z.boolean().optional().catch(undefined),
})
export type Block = z.infer<typeof blockSchema>

const messageSchema = z.object({
  id: optionalText,
  role: optionalText,
  model: optionalText,
  content: z.unknown().optional(),
  stop_reason: optionalText,
  usage: usageSchema.nullable().default(null).catch(null),
})

const entrySchema = messageSchema.extend({
  type: optionalText,
  subtype: optionalText,
  message: messageSchema.optional().catch(undefined),
  cwd: optionalText,
  result: optionalText,
  is_error: z.boolean().optional().catch(undefined),
  cost_usd: amount,
  total_cost_usd: amount,
  duration_ms: amount,
  permission_denials: z
    .array(z.object({ tool_use_id: z.string() }))
    .default([])
    .catch([]),
})

/** One message, whichever of the two layouts it stood in: bare (2025's saved output) or as `message` of a line (stream-json). */
export interface Message {
  readonly id: string | null
  readonly role: 'user' | 'assistant'
  readonly model: string | null
  readonly blocks: readonly Block[]
  readonly stopReason: string | null
  readonly usage: Usage
}

export interface SessionResult {
  readonly subtype: string | null
  readonly isError: boolean
  readonly text: string
  readonly costUsd: number | null
  readonly durationMs: number | null
  /** Ids of tool calls that were not allowed, and so never ran. */
  readonly denied: readonly string[]
}

export interface ClaudeCodeStream {
  readonly messages: Message[]
  readonly results: SessionResult[]
  /** Folder the agent was started in, where the record says it. */
  readonly cwd: string | null
  readonly notes: string[]
}

/** Splits a record of Claude Code, an array or lines of JSON, into messages and results. Never throws. */
export function readStream(text: string): ClaudeCodeStream {
  const { values, notes } = parseValues(text)
  const messages: Message[] = []
  const results: SessionResult[] = []
  let cwd: string | null = null
  let unknown = 0
  for (const value of values) {
    const parsed = entrySchema.safeParse(value)
    if (!parsed.success) {
      unknown += 1
      continue
    }
    const entry = parsed.data
    cwd ??= entry.cwd ?? null
    const message = entry.message ?? entry
    const role = message.role ?? entry.type
    if (entry.type === 'result' || (role === 'system' && (entry.cost_usd !== null || entry.result !== undefined)))
      results.push({
        subtype: entry.subtype ?? null,
        isError: entry.is_error ?? false,
        text: entry.result ?? '',
        costUsd: entry.total_cost_usd ?? entry.cost_usd,
        durationMs: entry.duration_ms,
        denied: entry.permission_denials.map(({ tool_use_id }) => tool_use_id),
      })
    else if (role === 'user' || role === 'assistant')
      messages.push({
        id: message.id ?? null,
        role,
        model: message.model ?? null,
        blocks: readBlocks(message.content),
        stopReason: message.stop_reason ?? null,
        usage: message.usage === null ? unknownUsage : toUsage(message.usage),
      })
  }
  if (unknown > 0) notes.push(`${unknown} entries are no objects and were left out`)
  return { messages, results, cwd, notes }
}

function parseValues(text: string): { values: unknown[]; notes: string[] } {
  const trimmed = text.trim()
  if (trimmed.startsWith('[')) {
    const whole = parseJson(trimmed)
    if (Array.isArray(whole)) return { values: whole, notes: [] }
    return { values: [], notes: ['the record is no valid JSON (it may be cut off), so nothing of it could be read'] }
  }
  const values: unknown[] = []
  let broken = 0
  for (const line of trimmed.split('\n')) {
    if (line.trim() === '') continue
    const value = parseJson(line)
    if (value === undefined) broken += 1
    else values.push(value)
  }
  return { values, notes: broken === 0 ? [] : [`${broken} lines are no JSON and were left out`] }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readBlocks(content: unknown): Block[] {
  if (typeof content === 'string') return [blockSchema.parse({ type: 'text', text: content })]
  if (!Array.isArray(content)) return []
  return content.flatMap((value) => {
    const parsed = blockSchema.safeParse(value)
    return parsed.success ? [parsed.data] : []
  })
}

/** Anthropic counts cached input apart from `input_tokens`; here all input is one number. */
function toUsage(usage: z.infer<typeof usageSchema>): Usage {
  const { input_tokens: fresh, cache_creation_input_tokens: written, cache_read_input_tokens: read } = usage
  const input = (fresh ?? 0) + (written ?? 0) + (read ?? 0)
  return {
    inputTokens: fresh === null || !Number.isSafeInteger(input) ? null : input,
    outputTokens: usage.output_tokens,
    cachedReadTokens: read,
    cachedWriteTokens: written,
    reasoningTokens: null,
  }
}

export interface ToolOutput {
  readonly text: string
  readonly hasImage: boolean
}

/** The text parts of a tool's result, one output each; images are only told of. */
export function readOutputs(content: unknown): ToolOutput[] {
  if (typeof content === 'string') return [{ text: content, hasImage: false }]
  return readBlocks(content).map(({ type, text }) => ({ text: text ?? '', hasImage: type === 'image' }))
}
