import { z } from 'zod'
import { parseJson } from '../base/parse-json.ts'
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
  /** What the program keeps of a long output beside what it shows the model. */
  printed: z.object({ stdout: z.string(), persistedOutputSize: z.int().nonnegative() }).optional().catch(undefined),
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
  session_id: optionalText,
  tool_use_id: optionalText,
  result: optionalText,
  errors: z.array(z.string()).default([]).catch([]),
  is_error: z.boolean().optional().catch(undefined),
  api_error_status: count,
  terminal_reason: optionalText,
  tool_use_result: z.unknown().optional(),
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
  /** Null where the record does not say; a session may have several results, each with its cost so far. */
  readonly session: string | null
  readonly subtype: string | null
  readonly isError: boolean
  /** Of the request that failed; null where none did. */
  readonly status: number | null
  /** Somebody ended the program. */
  readonly isInterrupted: boolean
  readonly stopReason: string | null
  readonly text: string
  readonly errors: readonly string[]
  readonly costUsd: number | null
  readonly durationMs: number | null
  /** Ids of tool calls that were not allowed, and so never ran. */
  readonly denied: readonly string[]
}

/** One line of a stream, or one element of a saved array. */
export type Entry = { readonly cwd: string | null } & (
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'result'; readonly result: SessionResult }
  | { readonly kind: 'denial'; readonly toolUseId: string }
  | { readonly kind: 'other' }
)

export interface ClaudeCodeStream {
  readonly messages: Message[]
  readonly results: SessionResult[]
  /** Ids of tool calls that were not allowed. */
  readonly denied: ReadonlySet<string>
  /** Folder the agent was started in, where the record says it. */
  readonly cwd: string | null
  readonly notes: string[]
}

/** Splits a record of Claude Code, an array or lines of JSON, into messages and results. Never throws. */
export function readStream(text: string): ClaudeCodeStream {
  const { values, notes } = parseValues(text)
  const messages: Message[] = []
  const results: SessionResult[] = []
  const denied = new Set<string>()
  let cwd: string | null = null
  let unknown = 0
  for (const value of values) {
    const entry = readEntry(value)
    if (entry === null) {
      unknown += 1
      continue
    }
    cwd ??= entry.cwd
    if (entry.kind === 'denial') denied.add(entry.toolUseId)
    if (entry.kind === 'result') {
      results.push(entry.result)
      for (const id of entry.result.denied) denied.add(id)
    }
    if (entry.kind === 'message') messages.push(entry.message)
  }
  if (unknown > 0) notes.push(`${unknown} entries are no objects and were left out`)
  return { messages, results, denied, cwd, notes }
}

/** @returns null for what is no entry at all */
export function readEntry(value: unknown): Entry | null {
  const parsed = entrySchema.safeParse(value)
  if (!parsed.success) return null
  const entry = parsed.data
  const cwd = entry.cwd ?? null
  const message = entry.message ?? entry
  const role = message.role ?? entry.type
  if (entry.type === 'result' || (role === 'system' && (entry.cost_usd !== null || entry.result !== undefined)))
    return { kind: 'result', cwd, result: toResult(entry) }
  if (entry.type === 'system' && entry.subtype === 'permission_denied' && entry.tool_use_id !== undefined)
    return { kind: 'denial', cwd, toolUseId: entry.tool_use_id }
  if (role !== 'user' && role !== 'assistant') return { kind: 'other', cwd }
  return {
    kind: 'message',
    cwd,
    message: {
      id: message.id ?? null,
      role,
      model: message.model ?? null,
      blocks: withPrinted(readBlocks(message.content), entry.tool_use_result),
      stopReason: message.stop_reason ?? null,
      usage: message.usage === null ? unknownUsage : toUsage(message.usage),
    },
  }
}

function toResult(entry: z.infer<typeof entrySchema>): SessionResult {
  return {
    session: entry.session_id ?? null,
    subtype: entry.subtype ?? null,
    isError: entry.is_error ?? false,
    status: entry.api_error_status,
    isInterrupted: entry.terminal_reason?.startsWith('aborted') === true,
    stopReason: entry.stop_reason ?? null,
    text: entry.result ?? '',
    errors: entry.errors,
    costUsd: entry.total_cost_usd ?? entry.cost_usd,
    durationMs: entry.duration_ms,
    denied: entry.permission_denials.map(({ tool_use_id }) => tool_use_id),
  }
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

function readBlocks(content: unknown): Block[] {
  if (typeof content === 'string') return [blockSchema.parse({ type: 'text', text: content })]
  if (!Array.isArray(content)) return []
  return content.flatMap((value) => {
    const parsed = blockSchema.safeParse(value)
    return parsed.success ? [parsed.data] : []
  })
}

/** A line with one result tells more of it beside it. */
function withPrinted(blocks: Block[], told: unknown): Block[] {
  const [block] = blocks
  return blocks.length === 1 && block?.type === 'tool_result'
    ? [blockSchema.parse({ ...block, printed: told })]
    : blocks
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
