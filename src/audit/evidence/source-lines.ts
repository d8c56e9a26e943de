/** Longer lines are cut: no result stands behind so many characters of one. */
const longestLine = 20_000

/**
 * The lines of a file or output as a terminal would leave them: without escapes, and of what a lone carriage return writes over only the
 * last state. A text that has no other line breaks is split at them.
 */
export function sourceLines(text: string): string[] {
  const visible = text.includes('\u001B') || text.includes('\u009B') ? stripEscapes(text) : text
  if (!visible.includes('\r')) return visible.split('\n').map(cut)
  if (!visible.includes('\n')) return visible.split('\r').map(cut)
  return visible.split('\n').map((line) => cut(lastState(line)))
}

function cut(line: string): string {
  return line.length > longestLine ? line.slice(0, longestLine) : line
}

function lastState(line: string): string {
  let end = line.length
  while (end > 0 && line.charAt(end - 1) === '\r') end -= 1
  const start = line.lastIndexOf('\r', end - 1)
  return line.slice(end === 0 ? 0 : start + 1, end)
}

/** Longest control sequence that is taken for one: an unfinished one would eat the text. */
const longestSequence = 200

function stripEscapes(text: string): string {
  const parts: string[] = []
  let from = 0
  let index = nextEscape(text, 0)
  while (index !== -1) {
    parts.push(text.slice(from, index))
    from = endOfEscape(text, index)
    index = nextEscape(text, from)
  }
  parts.push(text.slice(from))
  return parts.join('')
}

function nextEscape(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x1b || code === 0x9b) return index
  }
  return -1
}

function endOfEscape(text: string, start: number): number {
  const isShort = text.charAt(start) === '\u009B'
  const kind = isShort ? '[' : text.charAt(start + 1)
  const first = start + (isShort ? 1 : 2)
  const limit = Math.min(text.length, first + longestSequence)
  if (kind === '[') {
    for (let index = first; index < limit; index += 1) {
      const code = text.charCodeAt(index)
      if (code >= 0x40 && code <= 0x7e) return index + 1
      if (code < 0x20) return index
    }
    return first
  }
  if (kind !== ']') return first
  for (let index = first; index < limit; index += 1) {
    if (text.charAt(index) === '\u0007') return index + 1
    if (text.charAt(index) === '\u001B') return index + (text.charAt(index + 1) === '\\' ? 2 : 0)
    if (text.charAt(index) === '\n') return index
  }
  return first
}

const time = /\b\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?\b/g
const date = /\b\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:T(?=\d))?/g
const hash = /\b(?=[0-9a-f]{0,63}[a-f])(?=[0-9a-f]{0,63}\d)[0-9a-f]{12,64}\b/g
const word = /[^\s"'()=,;]{3,300}/g
const progress =
  /\d{1,3}%\|[^|]{0,300}\|\s{0,4}\d{1,12}\/\d{1,12}\s{0,4}(?:\[[^\]\n]{0,80}?(?:(?:it|s|B|ex|batch|sample)\w{0,10}\/\w{1,10}|\?)[^\],\n]{0,20}(?:\]|,\s?))?/g

/** The line without what has digits and is no result: times, dates, hashes, paths, progress bars. */
export function withoutNoise(line: string): string {
  let text = line
  if (text.includes('%|')) text = text.replaceAll(progress, ' ')
  if (text.includes(':')) text = text.replaceAll(time, ' ')
  if (text.includes('-') || text.includes('/')) text = text.replaceAll(date, ' ')
  if (text.includes('/') && text.includes('.'))
    text = text.replaceAll(word, (part) => (part.includes('/') && /\.[A-Za-z]\w{0,8}[:.]?$/.test(part) ? ' ' : part))
  return text.length > 12 ? text.replaceAll(hash, ' ') : text
}
