import { readClaudeCodeLike } from './claude-code-follow.ts'
import { endingOf } from './claude-code-session.ts'
import type { SessionResult } from './claude-code-stream.ts'
import { recordGeminiTool } from './gemini-tools.ts'
import { endingOfError } from './said-endings.ts'
import { readStreamWith, type StartReader } from './stream-reader.ts'

/** As the program words it to the model when nobody is there to allow a tool. */
const notAllowed =
  /requires permission to use .{1,200} but that permission was declined|requires user approval but cannot execute in non-interactive mode/s
/** It calls a session a success in which its model could not be reached, and says so in its last words alone. */
const apiError = '[API Error: '
const hints = /^\n(?:Possible quota limitations|Please wait)/
/** It reads outputs off a terminal that keeps so many lines. */
const mostShownLines = 10_000

/**
 * Reads the lines of Qwen Code's `--output-format stream-json` (0.15), which are Claude Code's about the tools of Gemini CLI.
 * They leave out the codes with which commands ended (but for those that printed nothing), times of commands, what a session
 * cost, and the end at a limit on turns, which is told on standard error alone.
 */
export const readQwenCodeStream: StartReader = (recorder) =>
  readClaudeCodeLike({
    recorder,
    recordTool: (to, use) =>
      recordGeminiTool(to, {
        ...use,
        showsReads: true,
        mostShownLines,
        isUntried: use.isError === true && isUntried(use.outputs[0]?.text ?? ''),
      }),
    notAllowed,
    endingOf(result: SessionResult | undefined) {
      const failure = result === undefined ? null : failureOf(result.text)
      return failure === null ? endingOf(result) : endingOfError(failure, null)
    },
  })

function isUntried(said: string): boolean {
  return /^(?:Tool "[^"\n]{1,200}" not found|params\b|Directory |Command substitution|Command is not allowed|Blocked: )/.test(
    said,
  )
}

/** The failure that ends a result's text; null for one that ends in the model's own words. */
function failureOf(text: string): string | null {
  const start = text.lastIndexOf(apiError)
  const end = text.lastIndexOf(']')
  if (start === -1 || end < start) return null
  const rest = text.slice(end + 1)
  return rest === '' || hints.test(rest) ? text.slice(start, end + 1) : null
}

/** Reads such lines after the end. */
export const readQwenCode = readStreamWith(readQwenCodeStream)
