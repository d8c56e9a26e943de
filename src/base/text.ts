import { stripVTControlCharacters } from 'node:util'

/** Keeps head and tail of a text within a number of UTF-8 bytes, and says in between how much is left out. */
export function cutMiddle(text: string, maxBytes: number): { text: string; cut: boolean } {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxBytes) return { text, cut: false }
  const half = Math.floor(maxBytes / 2)
  // a character split by the cut is dropped rather than shown as a replacement mark
  const head = bytes.subarray(0, half).toString('utf8').replace(/�$/, '')
  const tail = bytes
    .subarray(bytes.length - half)
    .toString('utf8')
    .replace(/^�+/, '')
  const leftOut = bytes.length - Buffer.byteLength(head) - Buffer.byteLength(tail)
  return { text: `${head}\n[… ${leftOut} bytes left out …]\n${tail}`, cut: true }
}

/** A line for a terminal: what comes from agents and providers may hold codes that draw on it, or turn its order about. */
export function plain(text: string): string {
  return showTurns(stripVTControlCharacters(text).replace(/\p{Cc}+/gu, ' '))
}

/** A replacement mark for each character that makes what follows be shown in another order than it stands: 0.91 can look like 19.0. */
export function showTurns(text: string): string {
  return text.replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, '\uFFFD')
}

/** JSON for a terminal: the same value, with every character escaped that could draw on it. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(
    /[\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A text of any origin as one line for messages: without line breaks and control characters, and at most so long. */
export function oneLine(text: string, maxCharacters: number): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length <= maxCharacters
    ? line
    : `${line
        .slice(0, maxCharacters - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`
}

/** A Markdown code block whose fence is longer than any run of backticks inside, so that the text cannot end it. */
export function fenceBlock(text: string, language = ''): string {
  let longest = 2
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}
