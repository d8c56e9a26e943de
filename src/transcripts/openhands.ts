import { z } from 'zod'
import type { CoderEnding } from '../schema/event.ts'
import { openCalls } from './open-calls.ts'
import { actionSchema, observationSchema, type OpenhandsTool, recordOpenhandsTool } from './openhands-tools.ts'
import type { Recorder } from './recorder.ts'
import { endingOfError, unlessAllDenied } from './said-endings.ts'
import { showValue } from './show-value.ts'
import { readStreamWith, type StartReader } from './stream-reader.ts'

const optionalText = z.string().optional().catch(undefined)
const partsSchema = z
  .array(z.object({ text: optionalText }))
  .default([])
  .catch([])

const lineSchema = z.object({
  kind: z.string(),
  source: optionalText,
  timestamp: optionalText,
  llm_message: z.object({ content: partsSchema, reasoning_content: optionalText }).optional().catch(undefined),
  thought: partsSchema,
  reasoning_content: optionalText,
  action: actionSchema.optional().catch(undefined),
  observation: observationSchema.optional().catch(undefined),
  tool_name: optionalText,
  tool_call_id: optionalText,
  error: optionalText,
  rejection_reason: optionalText,
  code: optionalText,
  detail: optionalText,
})
type Line = z.infer<typeof lineSchema>

const textOf = (parts: readonly { readonly text?: string | undefined }[]): string =>
  parts.map(({ text }) => text ?? '').join('\n')

/**
 * Reads the lines of `openhands --headless --json` (1.16), which stand between words for people. They leave out tokens and cost,
 * and what a command printed beyond its last 30,000 characters. A text that was edited is told whole.
 */
export const readOpenhandsStream: StartReader = (recorder) => {
  let ending: CoderEnding = 'unknown'
  let lastWords = ''
  let [denials, carriedOut, unanswered, steps] = [0, 0, 0, 0]
  let [firstMs, lastMs] = [Number.NaN, Number.NaN]
  function record(tool: OpenhandsTool): void {
    if (tool.observation !== null) carriedOut += 1
    recordOpenhandsTool(recorder, tool)
  }
  const pending = openCalls<Line>(({ action, tool_name: name }) => {
    unanswered += 1
    record({ name: name ?? '', action, observation: null, error: null })
  })
  function answer(line: Line): void {
    const asked = pending.close(line.tool_call_id ?? '')
    if (asked === undefined) return recorder.note(`a result answers no tool call: ${line.tool_call_id ?? 'without id'}`)
    const { action, tool_name: name } = asked
    if (line.kind === 'UserRejectObservation') {
      denials += 1
      return recorder.show(`Not allowed: ${name ?? 'a tool'}`, showValue(action))
    }
    const error = line.kind === 'AgentErrorEvent' ? (line.error ?? 'the tool failed') : null
    record({ name: name ?? '', action, observation: line.observation ?? null, error })
    if (action?.kind !== 'FinishAction' || error !== null) return
    ending = 'done'
    lastWords = action.message ?? ''
  }
  function readMessage({ source, llm_message: message }: Line): void {
    const text = textOf(message?.content ?? [])
    if (source !== 'agent') return recorder.tell('The user says', text)
    recorder.say(message?.reasoning_content ?? '', { thought: true })
    recorder.say(text)
    steps += 1
    // words without a tool are its last
    ending = 'done'
    lastWords = text
  }
  function readFailure({ code, detail }: Line): void {
    lastWords = detail ?? code ?? 'an error without a message'
    recorder.show(`Error ${code ?? ''}`.trim(), lastWords)
    ending = code === 'MaxIterationsReached' ? 'step-limit' : endingOfError(lastWords, null)
  }
  return {
    // a cut or broken event is no word for people
    isWords: (line) => !line.trimStart().startsWith('{'),
    read(value, bytes) {
      const parsed = lineSchema.safeParse(value)
      if (!parsed.success) return false
      const line = parsed.data
      // its times carry no zone, and only their distance counts
      const atMs = Date.parse(`${line.timestamp?.slice(0, 23) ?? ''}Z`)
      if (Number.isNaN(firstMs)) firstMs = atMs
      if (!Number.isNaN(atMs)) lastMs = atMs
      if (line.kind === 'MessageEvent') readMessage(line)
      if (line.kind === 'ConversationErrorEvent') readFailure(line)
      if (line.kind === 'ActionEvent') {
        ending = 'unknown'
        steps += 1
        tellThoughts(recorder, line)
        pending.open(line.tool_call_id ?? '', line, bytes)
      }
      if (/^(?:ObservationEvent|AgentErrorEvent|UserRejectObservation)$/.test(line.kind)) answer(line)
      return true
    },
    end() {
      for (const { action, tool_name: name } of pending.drain()) {
        unanswered += 1
        record({ name: name ?? '', action, observation: null, error: null })
      }
      if (unanswered > 0) recorder.note(`${unanswered} tool calls have no result`)
      return {
        costUsd: null,
        durationMs: lastMs >= firstMs ? lastMs - firstMs : null,
        totalTokens: null,
        ending: unlessAllDenied(ending, { denials, carriedOut }),
        steps,
        message: ending === 'unknown' ? '' : lastWords,
        denials,
      }
    },
  }
}

function tellThoughts(recorder: Recorder, { thought, reasoning_content: reasoning }: Line): void {
  recorder.say(reasoning ?? '', { thought: true })
  recorder.say(textOf(thought))
}

/** Reads such lines after the end. */
export const readOpenhands = readStreamWith(readOpenhandsStream)
