import { z } from 'zod'
import type { NewEvent } from '../schema/event.ts'
import type { Usage } from '../schema/usage.ts'
import { batchSchema, costOf, endingOf, startClaudeCodeSession, sumKnown, wordsOf } from './claude-code-session.ts'
import { type Block, type Message, readStream } from './claude-code-stream.ts'
import { recordTool } from './claude-code-tools.ts'
import { guessRoot } from './guess-root.ts'
import { startRecorder } from './recorder.ts'
import { unlessAllDenied } from './said-endings.ts'
import type { Transcript, TranscriptPlace } from './transcript.ts'

type FinishReason = Extract<NewEvent, { type: 'model-called' }>['finishReason']

/**
 * Reads a session of Claude Code: the array of messages that releases of 2025 saved, and the lines of `--output-format
 * stream-json`. A message's entries repeat its id and usage, and count as one call.
 */
export function readClaudeCode(text: string, where: TranscriptPlace): Transcript {
  const { messages, results, denied, cwd, notes } = readStream(text)
  const recorder = startRecorder(where, cwd ?? guessRoot(messages.flatMap(({ blocks }) => blocks.flatMap(pathsIn))))
  for (const note of notes) recorder.note(note)
  const calls = sumCalls(messages)
  let carriedOut = 0
  const session = startClaudeCodeSession({
    recorder,
    isDenied: (id) => denied.has(id),
    recordTool(to, use) {
      if (use.isAnswered) carriedOut += 1
      recordTool(to, use)
    },
  })
  const told = new Set<string>()
  for (const message of messages) {
    const { id, model } = message
    const call = id === null ? undefined : calls.get(id)
    if (id !== null && call !== undefined && !told.has(id)) {
      told.add(id)
      recorder.call({ id, model: `anthropic/${model ?? 'unknown'}`, ...call })
    }
    session.message(message, 0)
  }
  const last = results.at(-1)
  session.end(last !== undefined && !last.isInterrupted)
  return recorder.end({
    costUsd: costOf(results),
    durationMs: sumKnown(results.map(({ durationMs }) => durationMs)),
    totalTokens: null,
    ending: unlessAllDenied(endingOf(last), { denials: denied.size, carriedOut }),
    steps: calls.size,
    message: last === undefined ? '' : wordsOf(last),
  })
}

interface Call {
  readonly usage: Usage
  readonly finishReason: FinishReason
}

/** One call for each message id. Streams count the output while it grows, so that the highest count is the whole. */
function sumCalls(messages: readonly Message[]): Map<string, Call> {
  const calls = new Map<string, Call>()
  for (const { id, role, model, usage, stopReason } of messages) {
    // the program's own words about a failed request are no answer of a model
    if (role !== 'assistant' || id === null || model === '<synthetic>') continue
    const before = calls.get(id)
    calls.set(id, {
      usage: before === undefined ? usage : highest(before.usage, usage),
      finishReason: stopReason === null ? (before?.finishReason ?? 'other') : toFinishReason(stopReason),
    })
  }
  return calls
}

function highest(a: Usage, b: Usage): Usage {
  const most = (x: number | null, y: number | null): number | null =>
    x === null || y === null ? (x ?? y) : Math.max(x, y)
  return {
    inputTokens: most(a.inputTokens, b.inputTokens),
    outputTokens: most(a.outputTokens, b.outputTokens),
    cachedReadTokens: most(a.cachedReadTokens, b.cachedReadTokens),
    cachedWriteTokens: most(a.cachedWriteTokens, b.cachedWriteTokens),
    reasoningTokens: most(a.reasoningTokens, b.reasoningTokens),
  }
}

function toFinishReason(stopReason: string): FinishReason {
  return finishReasons.get(stopReason) ?? 'other'
}

const finishReasons = new Map<string, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['tool_use', 'tool-calls'],
  ['max_tokens', 'length'],
  ['refusal', 'content-filter'],
])

const pathSchema = z.object({ file_path: z.string() })

function pathsIn({ name, input }: Block): string[] {
  const batch = name === 'Batch' ? batchSchema.safeParse(input) : null
  const inputs = batch?.success === true ? batch.data.invocations.map((invocation) => invocation.input) : [input]
  return inputs.flatMap((one) => {
    const parsed = pathSchema.safeParse(one)
    return parsed.success ? [parsed.data.file_path] : []
  })
}
