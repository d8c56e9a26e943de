import type { TranscriptKind } from '../../transcripts/index.ts'

/** How a coding agent of the release leaves its work in a task's folder. */
export interface ReleaseCoder {
  readonly name: string
  readonly codeFolder: string
  readonly transcript: string
  readonly kind: TranscriptKind
}

const claudeCode: ReleaseCoder = {
  name: 'Claude Code',
  codeFolder: 'claude_code',
  transcript: 'claude_output.json',
  kind: 'claude-code',
}
const codex: ReleaseCoder = { name: 'Codex CLI', codeFolder: 'codex', transcript: 'codex_log.log', kind: 'codex' }
const geminiCli: ReleaseCoder = {
  name: 'Gemini CLI',
  codeFolder: 'gemini',
  transcript: 'gemini_log.log',
  kind: 'gemini-cli',
}

/** A system of the end-to-end study; models by the names that files of the release use. */
export interface EndToEndSystem {
  readonly backbone: string
  readonly coder: ReleaseCoder
  readonly coderModel: string
}

/** The literature was searched by a model of its own, whatever the backbone. */
export const searchModel = 'gpt-4o-search-preview-2025-03-11'

/** By the folder's name behind `end2end_` (arXiv 2505.19955, section 4.4). */
export const endToEndSystems: Readonly<Record<string, EndToEndSystem>> = {
  'o4-mini': { backbone: 'o4-mini-2025-04-16', coder: claudeCode, coderModel: 'claude-3-7-sonnet-20250219' },
  gemini: { backbone: 'gemini-2.5-pro-preview', coder: claudeCode, coderModel: 'claude-3-7-sonnet-20250219' },
  claude: { backbone: 'claude-3-7-sonnet-20250219', coder: claudeCode, coderModel: 'claude-3-7-sonnet-20250219' },
  codex: { backbone: 'o4-mini-2025-04-16', coder: codex, coderModel: 'o4-mini-2025-04-16' },
  'gemini-cli': {
    backbone: 'gemini-2.5-pro-preview-05-06',
    coder: geminiCli,
    coderModel: 'gemini-2.5-pro-preview-05-06',
  },
}

/** Coders of the stepwise study of experiments, by folder. */
export const stepwiseCoders: Readonly<Record<string, { coder: ReleaseCoder; coderModel: string }>> = {
  claude: { coder: claudeCode, coderModel: 'claude-3-7-sonnet-20250219' },
  codex: { coder: codex, coderModel: 'o4-mini-2025-04-16' },
}
