import { z } from 'zod'
import type { NewEvent } from '../schema/event.ts'
import { startRecorder, type Recorder } from './recorder.ts'
import type { Transcript, TranscriptPlace } from './transcript.ts'

const optionalText = z.string().optional().catch(undefined)
const count = z.int().nonnegative().nullable().default(null).catch(null)
const errorSchema = z.object({ message: optionalText }).optional().catch(undefined)

const itemSchema = z.object({
  type: z.string(),
  id: optionalText,
  text: optionalText,
  message: optionalText,
  command: optionalText,
  aggregated_output: optionalText,
  exit_code: z.int().nullable().default(null).catch(null),
  status: optionalText,
  changes: z
    .array(z.object({ path: z.string(), kind: z.string() }))
    .default([])
    .catch([]),
})
type Item = z.infer<typeof itemSchema>

const lineSchema = z.object({
  type: z.string(),
  item: itemSchema.optional().catch(undefined),
  usage: z.object({ input_tokens: count, output_tokens: count }).optional().catch(undefined),
  message: optionalText,
  error: errorSchema,
})

/**
 * Reads the lines of `codex exec --json`. Calls are not told apart, so the tokens of whole turns are the session's report;
 * patches are named without their text.
 */
export function readCodexJsonLines(text: string, where: TranscriptPlace): Transcript {
  const recorder = startRecorder(where, null)
  const started = new Map<string, Item>()
  let totalTokens: number | null = null
  let turns = 0
  let broken = 0
  let lastWords = ''
  let ending: Extract<NewEvent, { type: 'coder-finished' }>['ending'] = 'unknown'
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const parsed = lineSchema.safeParse(parseJson(line))
    if (!parsed.success) {
      broken += 1
      continue
    }
    const { type, item, usage, message, error } = parsed.data
    if (type === 'item.started' && item?.id !== undefined) started.set(item.id, item)
    if (type === 'item.completed' && item !== undefined) {
      started.delete(item.id ?? '')
      recordItem(recorder, item)
      if (item.type === 'agent_message') lastWords = item.text ?? ''
    }
    if (type === 'turn.started') ending = 'unknown'
    if (type === 'turn.completed') {
      turns += 1
      ending = 'done'
      const tokens =
        usage?.input_tokens == null || usage.output_tokens === null ? null : usage.input_tokens + usage.output_tokens
      totalTokens = tokens === null ? totalTokens : (totalTokens ?? 0) + tokens
    }
    if (type !== 'turn.failed' && type !== 'error') continue
    ending = 'model-failed'
    lastWords = error?.message ?? message ?? 'an error without a message'
    recorder.show('Error', lastWords)
  }
  for (const item of started.values()) recordItem(recorder, item)
  if (started.size > 0) recorder.note(`${started.size} items have no end`)
  if (broken > 0) recorder.note(`${broken} lines are no JSON of a known shape and were left out`)
  return recorder.end({ costUsd: null, durationMs: null, totalTokens, ending, steps: turns, message: lastWords })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function recordItem(recorder: Recorder, item: Item): void {
  if (item.type === 'agent_message') return recorder.say(item.text ?? '')
  if (item.type === 'reasoning') return recorder.say(item.text ?? '', { thought: true })
  if (item.type === 'command_execution' && item.command !== undefined)
    return recorder.command({
      command: item.command,
      exitCode: item.exit_code,
      exceededLimit: null,
      durationMs: null,
      output: item.aggregated_output ?? '',
      outputTruncated: item.status === 'in_progress',
    })
  if (item.type !== 'file_change') return recorder.show(`Item ${item.type}`, item.message ?? item.text ?? '')
  for (const { path, kind } of item.changes) {
    const change = kind === 'add' ? 'created' : kind === 'delete' ? 'deleted' : 'changed'
    const refusal = item.status === 'failed' ? 'the patch failed' : null
    recorder.edit({ path, change, typed: null, isWholeFile: false }, refusal)
  }
}
