import { z } from 'zod'
import type { CoderEnding } from '../schema/event.ts'
import { recordGeminiTool } from './gemini-tools.ts'
import { openCalls } from './open-calls.ts'
import { endingOfError, unlessAllDenied } from './said-endings.ts'
import { showValue } from './show-value.ts'
import { joinWords } from './join-words.ts'
import { readStreamWith, type StartReader } from './stream-reader.ts'

const optionalText = z.string().optional().catch(undefined)
const amount = z.number().nonnegative().nullable().default(null).catch(null)

const lineSchema = z.object({
  type: z.string(),
  role: optionalText,
  content: optionalText,
  delta: z.boolean().optional().catch(undefined),
  tool_name: optionalText,
  tool_id: optionalText,
  parameters: z.unknown().optional(),
  status: optionalText,
  output: optionalText,
  message: optionalText,
  severity: optionalText,
  error: z.object({ type: optionalText, message: optionalText }).optional().catch(undefined),
  stats: z.object({ total_tokens: amount, duration_ms: amount }).optional().catch(undefined),
})
type Line = z.infer<typeof lineSchema>

/** Kinds of errors with which a tool was not even begun. */
const untried = new Set(['invalid_tool_params', 'tool_not_registered', 'path_not_in_workspace'])
const blocked = /^Blocked: command substitution detected in shell command/
const notAllowed = new Set(['policy_violation', 'permission_denied', 'sandbox_expansion_required'])

/** Its own watch over a model that repeats itself ends a session, and calls that a success. */
const loop = /^Loop detected/

/**
 * Reads the lines of Gemini CLI's `--output-format stream-json` (0.61). They leave out the codes with which commands ended
 * (but for those that printed nothing), what was read of a file, whether a written file was there before, times of commands, and
 * thoughts.
 */
export const readGeminiCliStream: StartReader = (recorder) => {
  let ending: CoderEnding = 'unknown'
  let lastWords = ''
  let lastError = ''
  let totalTokens: number | null = null
  let durationMs: number | null = null
  let [denials, carriedOut, unanswered, rounds] = [0, 0, 0, 0]
  const words = joinWords((text) => {
    recorder.say(text)
    lastWords = text
  })
  function record(asked: Line, answer: Line | null): void {
    const kind = answer?.error?.type ?? ''
    if (notAllowed.has(kind)) {
      denials += 1
      return recorder.show(`Not allowed: ${asked.tool_name ?? 'a tool'}`, showValue(asked.parameters))
    }
    if (answer !== null) carriedOut += 1
    const isError = answer?.status === 'error'
    const text = (isError ? answer?.error?.message : undefined) ?? answer?.output ?? ''
    recordGeminiTool(recorder, {
      name: asked.tool_name ?? '',
      input: asked.parameters,
      outputs: [{ text, hasImage: false }],
      isError: answer === null ? null : isError,
      isAnswered: answer !== null,
      showsReads: false,
      mostShownLines: null,
      isUntried: untried.has(kind) || blocked.test(text),
    })
  }
  const pending = openCalls<Line>((asked) => {
    unanswered += 1
    record(asked, null)
  })
  function readResult({ status, error, stats }: Line): void {
    totalTokens = stats?.total_tokens ?? null
    durationMs = stats?.duration_ms ?? null
    if (status === 'success') {
      const gaveUp = loop.test(lastError)
      ending = gaveUp ? 'crashed' : 'done'
      if (gaveUp) lastWords = lastError
      return
    }
    lastWords = error?.message ?? (lastError === '' ? 'an error without a message' : lastError)
    recorder.show('Error', lastWords)
    ending = error?.type === 'FatalTurnLimitedError' ? 'step-limit' : endingOfError(lastWords, null)
  }
  return {
    read(value, bytes) {
      const parsed = lineSchema.safeParse(value)
      if (!parsed.success) return false
      const line = parsed.data
      const isWord = line.type === 'message' && line.role === 'assistant' && line.delta === true
      if (isWord) {
        words.add(line.content ?? '')
        return true
      }
      words.end()
      if (line.type === 'message' && line.role === 'assistant') words.whole(line.content ?? '')
      else if (line.type === 'message') recorder.tell('The user says', line.content ?? '')
      if (line.type === 'tool_use' && line.tool_id !== undefined) {
        rounds += 1
        pending.open(line.tool_id, line, bytes)
      }
      if (line.type === 'tool_result') {
        const asked = pending.close(line.tool_id ?? '')
        if (asked === undefined) recorder.note(`a result answers no tool call: ${line.tool_id ?? 'without id'}`)
        else record(asked, line)
      }
      if (line.type === 'error') {
        lastError = line.message ?? lastError
        recorder.show(line.severity === 'warning' ? 'Warning' : 'Error', line.message ?? '')
      }
      if (line.type === 'result') readResult(line)
      return true
    },
    end() {
      words.end()
      for (const asked of pending.drain()) {
        unanswered += 1
        record(asked, null)
      }
      if (unanswered > 0) recorder.note(`${unanswered} tool calls have no result`)
      return {
        costUsd: null,
        durationMs,
        totalTokens,
        ending: unlessAllDenied(ending, { denials, carriedOut }),
        steps: rounds,
        message: ending === 'unknown' ? '' : lastWords,
        denials,
      }
    },
  }
}

/** Reads such lines after the end. */
export const readGeminiCliLines = readStreamWith(readGeminiCliStream)
