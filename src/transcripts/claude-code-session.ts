import { z } from 'zod'
import type { CoderEnding } from '../schema/event.ts'
import { type Block, type Message, readOutputs, type SessionResult } from './claude-code-stream.ts'
import type { ToolUse } from './claude-code-tools.ts'
import { openCalls } from './open-calls.ts'
import type { Recorder } from './recorder.ts'
import { endingOfError } from './said-endings.ts'
import { showValue } from './show-value.ts'

export interface ClaudeCodeSession {
  /** @param bytes about what it holds in memory */
  message(message: Message, bytes: number): void
  /**
   * Tells of the tool calls that have no result.
   * @param isOver whether the session came to its end: then they never ran, as when a limit ended it before
   */
  end(isOver: boolean): void
}

export interface SessionOptions {
  readonly recorder: Recorder
  readonly recordTool: (recorder: Recorder, use: ToolUse) => void
  /** Whether a tool call was not allowed, and so never ran. @param refusal what its result says in place of an output; empty for one that is no error */
  readonly isDenied: (toolUseId: string, refusal: string) => boolean
}

/** Tells a recorder the messages of a session: what is said, and each tool with its result. */
export function startClaudeCodeSession({ recorder, recordTool, isDenied }: SessionOptions): ClaudeCodeSession {
  const record = (asked: Block, answer: Block | null): void => recordAnswer(asked, answer, { recorder, recordTool })
  let unanswered = 0
  function giveUp(asked: Block): void {
    unanswered += 1
    record(asked, null)
  }
  const pending = openCalls<Block>(giveUp)
  function readBlock(block: Block, { role, bytes }: { role: Message['role']; bytes: number }): void {
    if (block.type === 'text' && block.text !== undefined && block.text.trim() !== '') {
      if (role === 'user') recorder.tell('The user says', block.text)
      else recorder.say(block.text)
    }
    if (block.type === 'thinking' && block.thinking !== undefined) recorder.say(block.thinking, { thought: true })
    if (block.type === 'tool_use' && block.id !== undefined) pending.open(block.id, block, bytes)
    if (block.type !== 'tool_result') return
    const id = block.tool_use_id ?? ''
    const asked = pending.close(id)
    if (asked === undefined) return recorder.note(`a result answers no tool call: ${id === '' ? 'without id' : id}`)
    const refusal = block.is_error === true ? (readOutputs(block.content)[0]?.text ?? '') : ''
    if (isDenied(id, refusal)) recorder.show(`Not allowed: ${asked.name ?? 'a tool'}`, showValue(asked.input))
    else record(asked, block)
  }
  return {
    message({ blocks, role }, bytes) {
      for (const block of blocks) readBlock(block, { role, bytes })
    },
    end(isOver) {
      for (const asked of pending.drain()) {
        if (!isOver) giveUp(asked)
        else recorder.show(`Not run: ${asked.name ?? 'a tool'}`, showValue(asked.input))
      }
      if (unanswered > 0) recorder.note(`${unanswered} tool calls have no result`)
    },
  }
}

export const batchSchema = z.object({
  invocations: z.array(z.object({ tool_name: z.string(), input: z.unknown().optional() })),
})

function recordAnswer(
  asked: Block,
  answer: Block | null,
  { recorder, recordTool }: Pick<SessionOptions, 'recorder' | 'recordTool'>,
): void {
  const outputs = answer === null ? [] : readOutputs(answer.content)
  const batch = asked.name === 'Batch' ? batchSchema.safeParse(asked.input) : null
  if (batch?.success === true) {
    // the result of a batch holds two parts for each tool: which one it was, and its output
    const { invocations } = batch.data
    const isPaired = outputs.length === 2 * invocations.length
    for (const [index, { tool_name, input }] of invocations.entries()) {
      const output = isPaired ? [outputs[2 * index + 1] ?? { text: '', hasImage: false }] : []
      recordTool(recorder, { name: tool_name, input, outputs: output, isError: null, isAnswered: isPaired })
    }
    if (!isPaired) recorder.show('Results of a batch', outputs.map(({ text }) => text).join('\n'))
    return
  }
  recordTool(recorder, {
    name: asked.name ?? '',
    input: asked.input,
    outputs,
    isError: answer?.is_error ?? null,
    isAnswered: answer !== null,
    ...(answer?.printed === undefined ? {} : { printed: answer.printed }),
  })
}

/** How a session ended, by its last result. */
export function endingOf(result: SessionResult | undefined): CoderEnding {
  if (result === undefined || result.isInterrupted) return 'unknown'
  const { subtype, isError, stopReason, status } = result
  if (subtype === 'error_max_turns') return 'step-limit'
  if (subtype === 'error_max_budget_usd') return 'cost-limit'
  if (!isError && subtype?.startsWith('error') !== true) return 'done'
  return stopReason === 'refusal' ? 'refused' : endingOfError(wordsOf(result), status)
}

/** What a result says: its last words, or what went wrong. */
export function wordsOf({ text, errors }: SessionResult): string {
  return text === '' ? errors.join('\n') : text
}

/** Null when nothing was reported, or one part of the sum was not. A session's later results count its earlier cost once more. */
export function costOf(results: readonly Pick<SessionResult, 'session' | 'costUsd'>[]): number | null {
  const last = new Map<string, number | null>()
  for (const [index, { session, costUsd }] of results.entries()) last.set(session ?? `result ${index}`, costUsd)
  return sumKnown([...last.values()])
}

/** Null for no values, or where one is missing. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0)
}
