import type { CoderKind } from '../schema/config.ts'
import { bashLoop } from './bash-loop.ts'
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import type { Coder } from './coder.ts'
import type { CoderProgram, ProgramKind } from './coder-program.ts'
import { commandCoder } from './command.ts'
import { geminiCli } from './gemini-cli.ts'
import { opencode } from './opencode.ts'
import { openhands } from './openhands.ts'
import { qwenCode } from './qwen-code.ts'
import { programCoder } from './run-program.ts'

/** Coders that their users install. */
export const coderPrograms = {
  'claude-code': claudeCode,
  codex,
  'gemini-cli': geminiCli,
  'qwen-code': qwenCode,
  opencode,
  openhands,
} satisfies Record<ProgramKind, CoderProgram>

export const coders = {
  'bash-loop': bashLoop,
  'claude-code': programCoder(claudeCode),
  codex: programCoder(codex),
  'gemini-cli': programCoder(geminiCli),
  'qwen-code': programCoder(qwenCode),
  opencode: programCoder(opencode),
  openhands: programCoder(openhands),
  command: commandCoder,
} satisfies Record<CoderKind, Coder>
