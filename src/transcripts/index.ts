import { readClaudeCode } from './claude-code.ts'
import { readCodex } from './codex.ts'
import { readGeminiCli } from './gemini-cli.ts'
import { readOpencode } from './opencode.ts'
import { readOpenhands } from './openhands.ts'
import { readQwenCode } from './qwen-code.ts'
import type { ReadTranscript, Transcript, TranscriptPlace } from './transcript.ts'

const transcripts = {
  'claude-code': readClaudeCode,
  codex: readCodex,
  'gemini-cli': readGeminiCli,
  'qwen-code': readQwenCode,
  opencode: readOpencode,
  openhands: readOpenhands,
} satisfies Record<string, ReadTranscript>
export type TranscriptKind = keyof typeof transcripts

/** Turns a coding agent's own record of a session into events and a readable transcript; never throws (see `ReadTranscript`). */
export function readTranscript(kind: TranscriptKind, text: string, where: TranscriptPlace): Transcript {
  return transcripts[kind](text, where)
}
