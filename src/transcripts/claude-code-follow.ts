import type { CoderEnding } from '../schema/event.ts'
import { endingOf, startClaudeCodeSession, sumKnown, wordsOf } from './claude-code-session.ts'
import { readEntry, type SessionResult } from './claude-code-stream.ts'
import { recordTool, type ToolUse } from './claude-code-tools.ts'
import type { Recorder } from './recorder.ts'
import { unlessAllDenied } from './said-endings.ts'
import type { StartReader, StreamReader } from './stream-reader.ts'

/**
 * As the program words it when nobody is there to allow a tool; which calls were not allowed is said at the end only. What a
 * command printed that ran and failed begins with its code.
 */
const notAllowed =
  /^(?:Permission to use .{1,200} has been denied|Claude requested permissions? to |[^\n]{0,300}\brequires? approval\b|[^\n]{0,400} was blocked\. For security, Claude Code may only )/s
const mostRemembered = 10_000

/**
 * Reads the lines of Claude Code's `--output-format stream-json --verbose` (2.1) while they are printed. They leave out the
 * code with which a successful command ended (it is 0), the output of one left running in the background, the time a command
 * took, and which files commands wrote.
 */
export const readClaudeCodeLines: StartReader = (recorder) =>
  readClaudeCodeLike({ recorder, recordTool, notAllowed, endingOf })

/** For programs that print the same lines about tools of their own. */
export function readClaudeCodeLike(program: {
  readonly recorder: Recorder
  readonly recordTool: (recorder: Recorder, use: ToolUse) => void
  /** Matches what stands in place of the result of a tool that was not allowed. */
  readonly notAllowed: RegExp
  readonly endingOf: (result: SessionResult | undefined) => CoderEnding
}): StreamReader {
  const { recorder } = program
  const denied = new Set<string>()
  const messages = new Set<string>()
  const costs = new Map<string, number | null>()
  let durationMs: number | null = null
  let last: SessionResult | undefined
  let carriedOut = 0
  const deny = (id: string): void => void (denied.size < mostRemembered && denied.add(id))
  const session = startClaudeCodeSession({
    recorder,
    isDenied(id, said) {
      if (program.notAllowed.test(said.slice(0, 1_000))) deny(id)
      return denied.has(id)
    },
    recordTool(to, use) {
      if (use.isAnswered) carriedOut += 1
      program.recordTool(to, use)
    },
  })
  return {
    read(value, bytes) {
      const entry = readEntry(value)
      if (entry === null) return false
      if (entry.kind === 'denial') deny(entry.toolUseId)
      if (entry.kind === 'message') {
        const { id, role } = entry.message
        if (role === 'assistant' && id !== null && messages.size < mostRemembered) messages.add(id)
        // a program that goes on after its result, because a command in the background has ended, has not ended yet
        if (role === 'assistant') last = undefined
        session.message(entry.message, bytes)
      }
      if (entry.kind === 'result') {
        last = entry.result
        for (const id of last.denied) deny(id)
        const key = last.session ?? `result ${costs.size}`
        if (costs.has(key) || costs.size < mostRemembered) costs.set(key, last.costUsd)
        durationMs = sumKnown([durationMs ?? 0, last.durationMs])
      }
      return true
    },
    end() {
      session.end(last !== undefined && !last.isInterrupted)
      const ending = program.endingOf(last)
      return {
        costUsd: sumKnown([...costs.values()]),
        durationMs,
        totalTokens: null,
        ending: unlessAllDenied(ending, { denials: denied.size, carriedOut }),
        steps: messages.size,
        message: last === undefined ? '' : wordsOf(last),
        denials: denied.size,
      }
    },
  }
}
