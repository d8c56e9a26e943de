import { readCodexJsonLines } from './codex-json-lines.ts'
import { readCodexLog } from './codex-log.ts'
import type { Transcript, TranscriptPlace } from './transcript.ts'

/** Reads a session of Codex CLI: the lines of `codex exec --json`, or what `codex exec` of 2025 printed for people. */
export function readCodex(text: string, where: TranscriptPlace): Transcript {
  return text.trimStart().startsWith('{') ? readCodexJsonLines(text, where) : readCodexLog(text, where)
}
