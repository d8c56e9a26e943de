export interface FoundObject {
  /** As it stands in the text. */
  readonly json: string
  readonly start: number
  /** A member that stands in it twice, by whatever spelling; `JSON.parse` would keep the last and say nothing. */
  readonly repeatedKey: string | null
}

interface Cursor {
  readonly text: string
  at: number
  repeatedKey: string | null
  /** Where a string began that is the last thing read; else null. */
  stringStart: number | null
}

/** Longer numbers are no marks, and reading them may round them to one: 8.9999999999999999 is read as 9. */
const longestNumber = 17
/** No review is nested deeper than this; whatever is, is no answer. */
const deepest = 64
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/**
 * The outermost JSON objects of a text, as they stand there, in order. Objects inside a broken or unfinished one do not
 * count: they are parts of an answer. The time taken grows with the length of the text alone, whatever is in it.
 */
export function findObjects(text: string): FoundObject[] {
  const found: FoundObject[] = []
  for (let start = text.indexOf('{'); start !== -1; ) {
    const cursor: Cursor = { text, at: start, stringStart: null, repeatedKey: null }
    const whole = skipValue(cursor, 0)
    if (whole) found.push({ json: text.slice(start, cursor.at), start, repeatedKey: cursor.repeatedKey })
    // nothing is read twice but a string just before the fault: it may be the words around an object, between two quotes
    const next = whole || cursor.stringStart === null ? cursor.at : cursor.stringStart + 1
    start = text.indexOf('{', next)
  }
  return found
}

/** Moves behind the JSON value at the cursor. False when there is none; the cursor then stands where JSON ends. */
function skipValue(cursor: Cursor, depth: number): boolean {
  skipSpace(cursor)
  const character = cursor.text[cursor.at]
  if (character === '{' || character === '[') return depth < deepest && skipMembers(cursor, depth + 1)
  if (character === '"') return skipString(cursor)
  scalar.lastIndex = cursor.at
  if (!scalar.test(cursor.text) || scalar.lastIndex - cursor.at > longestNumber) return false
  cursor.at = scalar.lastIndex
  cursor.stringStart = null
  return true
}

function skipMembers(cursor: Cursor, depth: number): boolean {
  const named = cursor.text[cursor.at] === '{'
  const end = named ? '}' : ']'
  cursor.at += 1
  cursor.stringStart = null
  if (skipMark(cursor, end)) return true
  const keys = new Set<string>()
  for (;;) {
    skipSpace(cursor)
    if (named && !skipKey(cursor, keys)) return false
    if (!skipValue(cursor, depth)) return false
    if (skipMark(cursor, end)) return true
    if (!skipMark(cursor, ',')) return false
  }
}

function skipKey(cursor: Cursor, keys: Set<string>): boolean {
  const start = cursor.at
  if (cursor.text[start] !== '"' || !skipString(cursor)) return false
  const key = unescapeKey(cursor.text.slice(start, cursor.at))
  if (keys.has(key)) cursor.repeatedKey ??= key
  keys.add(key)
  return skipMark(cursor, ':')
}

/** A key as it is meant: `"sc\\u006fre"` is `score`. One that JSON cannot read stays as it is; the object is refused anyway. */
function unescapeKey(json: string): string {
  if (!json.includes('\\')) return json.slice(1, -1)
  try {
    return String(JSON.parse(json))
  } catch {
    return json
  }
}

function skipString(cursor: Cursor): boolean {
  const { text } = cursor
  cursor.stringStart = cursor.at
  for (cursor.at += 1; cursor.at < text.length; cursor.at += 1) {
    const character = text[cursor.at]
    if (character === '\\') cursor.at += 1
    else if (character === '"') {
      cursor.at += 1
      return true
    } else if (character !== undefined && character < ' ') return false
  }
  return false
}

function skipMark(cursor: Cursor, mark: string): boolean {
  skipSpace(cursor)
  if (cursor.text[cursor.at] !== mark) return false
  cursor.at += 1
  cursor.stringStart = null
  return true
}

function skipSpace(cursor: Cursor): void {
  while (' \t\r\n'.includes(cursor.text[cursor.at] ?? 'end')) cursor.at += 1
}
