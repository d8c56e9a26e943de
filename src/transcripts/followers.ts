import { readClaudeCodeLines } from './claude-code-follow.ts'
import { readCodexLines } from './codex-json-lines.ts'
import type { FollowStream } from './follow.ts'
import { readGeminiCliStream } from './gemini-cli-lines.ts'
import { readOpencodeStream } from './opencode.ts'
import { readOpenhandsStream } from './openhands.ts'
import { readQwenCodeStream } from './qwen-code.ts'
import { follow } from './stream-reader.ts'

/** For each coding agent's program, what turns its printed lines into events while it works. */
export const followers = {
  'claude-code': follow(readClaudeCodeLines),
  codex: follow(readCodexLines),
  'gemini-cli': follow(readGeminiCliStream),
  'qwen-code': follow(readQwenCodeStream),
  opencode: follow(readOpencodeStream),
  openhands: follow(readOpenhandsStream),
} satisfies Record<string, FollowStream>
export type FollowedProgram = keyof typeof followers
