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
  if (/^\s*\{"type":"system",/.test(head) && /"(?:qwen_code_version|permission_mode)":/.test(head)) return 'qwen-code'
  if (/^\s*\[\s*\{\s*"(?:role|type)"\s*:\s*"(?:user|assistant|system)"/.test(head)) return 'claude-code'
  if (/^\s*\{"type":"(?:system|assistant|user)",/.test(head)) return 'claude-code'
  if (/^\s*\{"type":"(?:thread|turn|item)\.[a-z]+"/.test(head)) return 'codex'
  if (/^\s*\[[0-9T:.Z-]+\] OpenAI Codex v/.test(head)) return 'codex'
  if (/^\s*\{"type":"init","timestamp":"[^"]{1,40}","session_id":/.test(head)) return 'gemini-cli'
  if (/^\s*\{"type":"[a-z_]{1,40}","timestamp":\d{1,20},"sessionID":/.test(head)) return 'opencode'
  if (
    /^\{"id": ?"[^"]{1,80}", ?"timestamp": ?"[^"]{1,40}", ?"source": ?"[a-z]{1,20}", ?"(?:llm_message|thought|tool_name|action)":/m.test(
      head,
    )
  )
    return 'openhands'
  return /(?:^|\/)gemini[^/]*\.log$/.test(path) ? 'gemini-cli' : null
}
