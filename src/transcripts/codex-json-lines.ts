import { z } from 'zod'
import type { CoderEnding } from '../schema/event.ts'
import { openCalls } from './open-calls.ts'
import type { Recorder } from './recorder.ts'
import { endingOfError, unlessAllDenied } from './said-endings.ts'
import { scriptOf } from './shell-words.ts'
import { readStreamWith, type StartReader } from './stream-reader.ts'

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
 * Reads the lines of `codex exec --json` (Codex CLI 0.5 to 0.16x). Calls are not told apart, so the tokens of whole turns are
 * the session's report. Patches are named without their text, the files it reads by commands alone, times of commands not at
 * all, and a tool call the program did not understand leaves no line.
 */
export const readCodexLines: StartReader = (recorder) => {
  let totalTokens: number | null = null
  let turns = 0
  let denials = 0
  let carriedOut = 0
  let unfinished = 0
  let lastWords = ''
  let ending: CoderEnding = 'unknown'
  function record(item: Item): void {
    if (item.status === 'declined') denials += 1
    else if (item.type === 'command_execution' || item.type === 'file_change') carriedOut += 1
    recordItem(recorder, item)
  }
  function giveUp(item: Item): void {
    unfinished += 1
    record(item)
  }
  const started = openCalls<Item>(giveUp)
  return {
    read(value, bytes) {
      const parsed = lineSchema.safeParse(value)
      if (!parsed.success) return false
      const { type, item, usage, message, error } = parsed.data
      if (type === 'item.started' && item?.id !== undefined) started.open(item.id, item, bytes)
      if (type === 'item.completed' && item !== undefined) {
        started.close(item.id ?? '')
        record(item)
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
      if (type !== 'turn.failed' && type !== 'error') return true
      const words = error?.message ?? message ?? 'an error without a message'
      recorder.show('Error', words)
      // it only says that it tries again
      if (type === 'error' && reconnecting.test(words)) return true
      lastWords = words
      ending = endingOfError(words, null)
      return true
    },
    end() {
      for (const item of started.drain()) giveUp(item)
      if (unfinished > 0) recorder.note(`${unfinished} items have no end`)
      return {
        costUsd: null,
        durationMs: null,
        totalTokens,
        ending: unlessAllDenied(ending, { denials, carriedOut }),
        steps: turns,
        message: lastWords,
        denials,
      }
    },
  }
}

/** Codex keeps a mebibyte of an output, and says in its middle what is missing. */
const omission = /\n\.\.\. (\d{1,15}) bytes omitted \.\.\.\n/
const fewestCutCharacters = 250_000
const reconnecting = /^Reconnecting\.\.\. \d/

/** Reads such lines after the end; its events are those of the follower, its session's report and its end. */
export const readCodexJsonLines = readStreamWith(readCodexLines)

function recordItem(recorder: Recorder, item: Item): void {
  if (item.status === 'declined')
    return recorder.show('Not allowed', item.command ?? item.changes.map(({ path }) => path).join('\n'))
  if (item.type === 'agent_message') return recorder.say(item.text ?? '')
  if (item.type === 'reasoning') return recorder.say(item.text ?? '', { thought: true })
  const output = item.aggregated_output ?? ''
  const omitted = output.length < fewestCutCharacters ? null : omission.exec(output)
  if (item.type === 'command_execution' && item.command !== undefined)
    return recorder.command({
      command: scriptOf(item.command),
      exitCode: item.exit_code,
      exceededLimit: null,
      durationMs: null,
      output,
      ...(omitted === null ? {} : { outputBytes: Buffer.byteLength(output) - omitted[0].length + Number(omitted[1]) }),
      outputTruncated: item.status === 'in_progress' || omitted !== null,
    })
  if (item.type !== 'file_change') return recorder.show(`Item ${item.type}`, item.message ?? item.text ?? '')
  for (const { path, kind } of item.changes) {
    const change = kind === 'add' ? 'created' : kind === 'delete' ? 'deleted' : 'changed'
    const refusal = item.status === 'failed' ? 'the patch failed' : null
    recorder.edit({ path, change, typed: null, isWholeFile: false }, refusal)
  }
}
