import type { TranscriptKind } from './index.ts'

/** Enough of a record to know it by. */
const headCharacters = 20_000

/**
 * Whose record of a session a text is, by its own marks and never by its file's name alone.
 * @param path only for records that carry no marks: Gemini CLI prints words and nothing else
 * @returns null for any other text
 */
export function guessTranscript(path: string, text: string): TranscriptKind | null {
  const head = text.slice(0, headCharacters)
  if (/^\s*\[\s*\{\s*"(?:role|type)"\s*:\s*"(?:user|assistant|system)"/.test(head)) return 'claude-code'
  if (/^\s*\{"type":"(?:system|assistant|user)",/.test(head)) return 'claude-code'
  if (/^\s*\{"type":"(?:thread|turn|item)\.[a-z]+"/.test(head)) return 'codex'
  if (/^\s*\[[0-9T:.Z-]+\] OpenAI Codex v/.test(head)) return 'codex'
  return /(?:^|\/)gemini[^/]*\.log$/.test(path) ? 'gemini-cli' : null
}
