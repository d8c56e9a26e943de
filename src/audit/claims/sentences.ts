/** A sentence, or what of an endless one is read as one: `[start, end)`. */
export interface Sentence {
  readonly start: number
  readonly end: number
}

/** Cuts a range of text at ends of sentences; no piece is longer than `mostCharacters`. */
export function splitSentences(text: string, range: { start: number; end: number }): Sentence[] {
  const sentences: Sentence[] = []
  let start = range.start
  const push = (end: number): void => {
    if (end > start) sentences.push({ start, end })
    start = end
  }
  for (let at = range.start; at < range.end; at += 1) {
    const sign = text.charCodeAt(at)
    // . ! ?
    if ((sign === 46 || sign === 33 || sign === 63) && endsSentence(text, at)) push(at + 1)
    else if (at - start >= mostCharacters && (sign === 32 || at - start >= 2 * mostCharacters)) push(at + 1)
  }
  push(range.end)
  return sentences
}

const mostCharacters = 1_000

function endsSentence(text: string, at: number): boolean {
  const behind = /^[*_)"'”’\]$]{0,4}(?:\s+[*_("'“‘[$\\`]{0,4}([\p{Lu}\p{Lo}\d])?|$)/u.exec(text.slice(at + 1, at + 16))
  if (behind === null) return false
  if (text[at] !== '.') return true
  const before = /(?:^|[\s(*_])([\p{L}.]{1,7})$/u.exec(text.slice(Math.max(0, at - 9), at))?.[1]?.toLowerCase() ?? ''
  if (abbreviations.has(before)) return false
  return behind[1] !== undefined || text.slice(at + 1, at + 16).trim() === ''
}

const abbreviations = new Set([
  'e.g',
  'i.e',
  'vs',
  'al',
  'fig',
  'figs',
  'tab',
  'eq',
  'eqs',
  'sec',
  'cf',
  'approx',
  'resp',
  'no',
  'ref',
  'w.r.t',
  'ca',
  'avg',
  'max',
  'min',
  'std',
])
