import type { TranscriptKind } from './index.ts'

/** Enough of a record to know it by. */
const headCharacters = 20_000

/**
 * Whose record of a session a text is, by its own marks and never by its file's name alone.
 * @param path only for records that carry no marks: Gemini CLI prints words and nothing else
 * @returns null for any other text
 */
export function guessTranscript(path: string, text: string): TranscriptKind | null {
  const head = text.slice(0, headCharacters).trimStart()
  if (/^\[[0-9T:.Z-]+\] OpenAI Codex v/.test(head)) return 'codex'
  const saved = /^\[\s*(?=\{)/.exec(head)
  if (saved !== null) return guessSaved(readMembers(head.slice(saved[0].length)))
  const lines = head.split('\n')
  const kind = guessLine(readMembers(lines[0] ?? ''))
  if (kind !== null) return kind
  // OpenHands prints words before its first line
  if (lines.some((line) => isOpenhands(readMembers(line)))) return 'openhands'
  return /(?:^|\/)gemini[^/]*\.log$/.test(path) ? 'gemini-cli' : null
}

const speakers = new Set<Value>(['user', 'assistant', 'system'])

/** The array of messages that releases of Claude Code saved in 2025. */
function guessSaved(message: Members): TranscriptKind | null {
  const [first] = message
  return first !== undefined && (first[0] === 'role' || first[0] === 'type') && speakers.has(first[1])
    ? 'claude-code'
    : null
}

function guessLine(line: Members): TranscriptKind | null {
  const type = line.get('type')
  if (typeof type !== 'string') return null
  if (type === 'system' && (line.has('qwen_code_version') || line.has('permission_mode'))) return 'qwen-code'
  // data about users and systems have types too
  if (speakers.has(type)) return claudeCodeKeys.some((key) => line.has(key)) ? 'claude-code' : null
  if (/^(?:thread|turn|item)\.[a-z]+$/.test(type)) return 'codex'
  const timestamp = line.get('timestamp')
  if (type === 'init' && typeof timestamp === 'string' && line.has('session_id')) return 'gemini-cli'
  return typeof timestamp === 'number' && line.has('sessionID') ? 'opencode' : null
}

const claudeCodeKeys = ['message', 'subtype', 'session_id', 'parent_tool_use_id']

function isOpenhands(line: Members): boolean {
  return (
    ['id', 'timestamp', 'source'].every((key) => typeof line.get(key) === 'string') &&
    ['llm_message', 'thought', 'tool_name', 'action'].some((key) => line.has(key))
  )
}

type Value = string | number | boolean | null | undefined
/** By key, in the order in which they stand; `undefined` for objects and arrays. */
type Members = ReadonlyMap<string, Value>

const quoted = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"`
const keyAt = new RegExp(String.raw`\s*(${quoted})\s*:\s*`, 'y')
const plainAt = new RegExp(String.raw`(?:${quoted}|[-+.\w]+)`, 'y')
const commaAt = /\s*,/y

/** The members of the object that a text begins with, as far as the text goes: the head of a record breaks off anywhere. */
function readMembers(text: string): Members {
  const members = new Map<string, Value>()
  if (!text.startsWith('{')) return members
  let at = 1
  const take = (what: RegExp): RegExpExecArray | null => {
    what.lastIndex = at
    const found = what.exec(text)
    if (found !== null) at = what.lastIndex
    return found
  }
  for (let key = take(keyAt); key !== null; key = take(keyAt)) {
    const name = parse(key[1] ?? '')
    const isNested = '{['.includes(text.charAt(at)) && at < text.length
    const value = isNested ? undefined : parse(take(plainAt)?.[0] ?? '')
    if (typeof name === 'string') members.set(name, value)
    if (isNested) at = endOfNested(text, at)
    if (take(commaAt) === null) break
  }
  return members
}

/** Behind the bracket that closes the one at `start`; the end of the text where none does. */
function endOfNested(text: string, start: number): number {
  const part = new RegExp(String.raw`${quoted}|["{}[\]]`, 'g')
  part.lastIndex = start
  let depth = 0
  for (let found = part.exec(text); found !== null; found = part.exec(text)) {
    // text that breaks off
    if (found[0] === '"') return text.length
    if ('{['.includes(found[0])) depth += 1
    else if ('}]'.includes(found[0])) depth -= 1
    if (depth === 0) return part.lastIndex
  }
  return text.length
}

function parse(text: string): Value {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? undefined : (value as Exclude<Value, undefined>)
  } catch {
    return undefined
  }
}
