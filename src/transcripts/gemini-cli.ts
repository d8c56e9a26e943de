import { stripVTControlCharacters } from 'node:util'
import { parseJson } from '../base/parse-json.ts'
import { readGeminiCliLines } from './gemini-cli-lines.ts'
import { startRecorder } from './recorder.ts'
import type { Transcript, TranscriptPlace } from './transcript.ts'

const longestLastWords = 2_000
const longestFirstLine = 1024 ** 2

/** Reads a session of Gemini CLI: the lines of `--output-format stream-json`, or the words of its plain mode. */
export function readGeminiCli(text: string, where: TranscriptPlace): Transcript {
  return isStream(text) ? readGeminiCliLines(text, where) : readPlain(text, where)
}

/** By its first line, however it is written. */
function isStream(text: string): boolean {
  const [line = ''] = text.slice(0, longestFirstLine).trimStart().split('\n', 1)
  const first = parseJson(line)
  return typeof first === 'object' && first !== null && 'type' in first && first.type === 'init'
}

/**
 * Reads what Gemini CLI prints in its plain, non-interactive mode (Gemini CLI 0.1, `gemini -p … --yolo`): the agent's words
 * run together, and nothing of its commands, edits, tokens or times.
 */
function readPlain(text: string, where: TranscriptPlace): Transcript {
  const recorder = startRecorder(where, null)
  const said = stripVTControlCharacters(text).trim()
  recorder.note("Gemini CLI's plain output names no commands, no edits and no tokens")
  recorder.say(said)
  const lastWords = said.slice(said.lastIndexOf('\n\n') + 1).trim()
  return recorder.end({
    costUsd: null,
    durationMs: null,
    totalTokens: null,
    ending: 'unknown',
    steps: 0,
    message: lastWords.slice(-longestLastWords).toWellFormed(),
  })
}
