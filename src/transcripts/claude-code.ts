import { posix } from 'node:path'
import { z } from 'zod'
import type { NewEvent } from '../schema/event.ts'
import type { Usage } from '../schema/usage.ts'
import { recordTool } from './claude-code-tools.ts'
import { type Block, type Message, readOutputs, readStream, type SessionResult } from './claude-code-stream.ts'
import { type Recorder, startRecorder } from './recorder.ts'
import type { Transcript, TranscriptPlace } from './transcript.ts'

type Ending = Extract<NewEvent, { type: 'coder-finished' }>['ending']
type FinishReason = Extract<NewEvent, { type: 'model-called' }>['finishReason']

/**
 * Reads a session of Claude Code: the array of messages that releases of 2025 saved, and the lines of `--output-format
 * stream-json`. A message's entries repeat its id and usage, and count as one call.
 */
export function readClaudeCode(text: string, where: TranscriptPlace): Transcript {
  const { messages, results, cwd, notes } = readStream(text)
  const recorder = startRecorder(where, cwd ?? guessRoot(messages))
  for (const note of notes) recorder.note(note)
  const calls = sumCalls(messages)
  const denied = new Set(results.flatMap((result) => result.denied))
  const pending = new Map<string, Block>()
  const told = new Set<string>()
  for (const message of messages) {
    const { id, model } = message
    const call = id === null ? undefined : calls.get(id)
    if (id !== null && call !== undefined && !told.has(id)) {
      told.add(id)
      recorder.call({ id, model: `anthropic/${model ?? 'unknown'}`, ...call })
    }
    for (const block of message.blocks) readBlock(block, message, { recorder, pending, denied })
  }
  for (const block of pending.values()) finishTool(recorder, block, null)
  if (pending.size > 0) recorder.note(`${pending.size} tool calls have no result`)
  return end(recorder, results, calls.size)
}

function readBlock(
  block: Block,
  { role }: Message,
  session: { recorder: Recorder; pending: Map<string, Block>; denied: ReadonlySet<string> },
): void {
  const { recorder, pending, denied } = session
  if (block.type === 'text' && block.text !== undefined && block.text.trim() !== '') {
    if (role === 'user') recorder.tell('The user says', block.text)
    else recorder.say(block.text)
  }
  if (block.type === 'thinking' && block.thinking !== undefined) recorder.say(block.thinking, { thought: true })
  if (block.type === 'tool_use' && block.id !== undefined) pending.set(block.id, block)
  if (block.type !== 'tool_result') return
  const asked = pending.get(block.tool_use_id ?? '')
  if (asked?.id === undefined)
    return recorder.note(`a result answers no tool call: ${block.tool_use_id ?? 'without id'}`)
  pending.delete(asked.id)
  if (denied.has(asked.id))
    recorder.show(`Not allowed: ${asked.name ?? 'a tool'}`, JSON.stringify(asked.input, null, 2))
  else finishTool(recorder, asked, block)
}

const batchSchema = z.object({
  invocations: z.array(z.object({ tool_name: z.string(), input: z.unknown().optional() })),
})

function finishTool(recorder: Recorder, asked: Block, answer: Block | null): void {
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
  const known: Readonly<Record<string, FinishReason>> = {
    end_turn: 'stop',
    stop_sequence: 'stop',
    tool_use: 'tool-calls',
    max_tokens: 'length',
    refusal: 'content-filter',
  }
  return known[stopReason] ?? 'other'
}

function end(recorder: Recorder, results: readonly SessionResult[], steps: number): Transcript {
  const last = results.at(-1)
  return recorder.end({
    costUsd: sumKnown(results.map(({ costUsd }) => costUsd)),
    durationMs: sumKnown(results.map(({ durationMs }) => durationMs)),
    totalTokens: null,
    ending: last === undefined ? 'unknown' : toEnding(last),
    steps,
    message: last?.text ?? '',
  })
}

/** Null when nothing was reported, or one part of the sum was not. */
function sumKnown(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0)
}

function toEnding({ subtype, isError }: SessionResult): Ending {
  if (subtype === 'error_max_turns') return 'step-limit'
  if (subtype === 'error_max_budget_usd') return 'cost-limit'
  return isError || subtype?.startsWith('error') === true ? 'model-failed' : 'done'
}

const givenFiles = new Set(['task.md', 'idea.md', 'related_work.md', 'proposal.md'])
const pathSchema = z.object({ file_path: z.string() })

/** The folder with the files the agent was given and read first, or else the lowest one that holds all it touched. */
function guessRoot(messages: readonly Message[]): string | null {
  const paths = messages.flatMap(({ blocks }) => blocks.flatMap(pathsIn)).filter((path) => posix.isAbsolute(path))
  const given = paths.find((path) => givenFiles.has(posix.basename(path)))
  if (given !== undefined) return posix.dirname(given)
  const [first] = paths
  if (first === undefined) return null
  let root = posix.dirname(first)
  while (root !== '/' && !paths.every((path) => path.startsWith(`${root}/`))) root = posix.dirname(root)
  return root === '/' ? null : root
}

function pathsIn({ name, input }: Block): string[] {
  const batch = name === 'Batch' ? batchSchema.safeParse(input) : null
  const inputs = batch?.success === true ? batch.data.invocations.map((invocation) => invocation.input) : [input]
  return inputs.flatMap((one) => {
    const parsed = pathSchema.safeParse(one)
    return parsed.success ? [parsed.data.file_path] : []
  })
}
