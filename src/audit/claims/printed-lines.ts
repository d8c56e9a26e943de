import type { DocumentLine } from './document-lines.ts'

/** A line of a printed page that is part of its text. */
export interface PrintedLine {
  /** Line of the document, from 1. */
  readonly number: number
  /** `[start, end)` of the document, without margin and blanks. */
  readonly start: number
  readonly end: number
  readonly text: string
  /** Characters from the left edge. */
  readonly indent: number
  /** Whether nothing stands right above it. */
  readonly isApart: boolean
}

/** The lines of a printed text in reading order: without numbers in the margin, page numbers and running heads, one column of a page after the other. */
export function printedLines(text: string, lines: readonly DocumentLine[]): PrintedLine[] {
  const margin = findMargin(text, lines)
  const heads = runningHeads(text, lines)
  const printed: PrintedLine[] = []
  let page: PrintedLine[] = []
  let isApart = true
  for (const [index, line] of lines.entries()) {
    const from = margin.get(index) ?? line.start
    const found = inner(text, { number: line.number, from, to: line.end, lineStart: line.start, isApart })
    // an empty line is a gap; a line with nothing but its number in the margin may stand within a sentence
    const isHead = found !== null && (heads.has(found.text) || isPageFurniture(found.text))
    if (isHead || text.charCodeAt(line.start) === formFeed) {
      for (const line of inColumns(text, page)) printed.push(line)
      page = []
    }
    if (found === null || isHead) isApart = true
    else {
      page.push(found)
      isApart = false
    }
  }
  for (const line of inColumns(text, page)) printed.push(line)
  return printed
}

const formFeed = 12
/** A wider line is no line of a page. */
const mostCharacters = 400

function inner(
  text: string,
  place: { number: number; from: number; to: number; lineStart: number; isApart: boolean },
): PrintedLine | null {
  let start = place.from
  let end = place.to
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  if (start === end) return null
  const { number, isApart } = place
  return { number, start, end, text: text.slice(start, end), indent: start - place.lineStart, isApart }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === formFeed || code === 160
}

/** By index of a line: where its number in the margin ends. Such numbers count on from line to line; a document has many or none. */
function findMargin(text: string, lines: readonly DocumentLine[]): Map<number, number> {
  const found = new Map<number, number>()
  let candidates = 0
  let last = -1
  for (const [index, line] of lines.entries()) {
    const written = text.slice(line.start, Math.min(line.end, line.start + 16))
    const number = /^[\f ]{0,8}(\d{3,4})(?=\s|$)/.exec(written)
    if (number === null) continue
    candidates += 1
    const value = Number(number[1])
    if (value <= last || value > last + 4) continue
    last = value
    found.set(index, line.start + number[0].length)
  }
  return found.size >= 12 && found.size >= 0.8 * candidates ? found : new Map()
}

/** Lines that come again on page after page. */
function runningHeads(text: string, lines: readonly DocumentLine[]): Set<string> {
  const counts = new Map<string, number>()
  for (const { start, end } of lines) {
    if (end - start > 200) continue
    const written = text.slice(start, end).trim()
    if (written.length >= 12 && /\p{L}{3}/u.test(written) && !/\d\.\d/.test(written))
      counts.set(written, (counts.get(written) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count >= 3).map(([written]) => written))
}

function isPageFurniture(written: string): boolean {
  if (written.length > 160) return false
  return /^(?:under review (?:as|at|for|by)|published (?:as|at|in)|preprint\b|submitted to|accepted (?:at|to|for|by)|proceedings of|\d+(?:st|nd|rd|th) conference)/i.test(
    written,
  )
}

/** The lines of a page with the left column before the right one, where most of its lines have a wide gap at one place. */
function inColumns(text: string, page: readonly PrintedLine[]): readonly PrintedLine[] {
  const gutter = findGutter(page)
  if (gutter === null) return page
  const ordered: PrintedLine[] = []
  let right: PrintedLine[] = []
  for (const line of page) {
    const at = gutter - line.indent
    const isWhole = at > 0 && at < line.text.length && /\S/.test(line.text.slice(at - 1, at + 1))
    if (isWhole || line.text.length > mostCharacters) {
      // what reaches over both columns parts the page
      for (const other of right) ordered.push(other)
      ordered.push(line)
      right = []
      continue
    }
    const { number, isApart } = line
    const cut = Math.min(line.end, Math.max(line.start, line.start + at))
    const lineStart = line.start - line.indent
    const left = inner(text, { number, from: line.start, to: cut, lineStart, isApart })
    const other = inner(text, { number, from: cut, to: line.end, lineStart, isApart })
    if (left !== null) ordered.push(left)
    if (other !== null) right.push(other)
  }
  return [...ordered, ...right]
}

/** The place between two columns of words; null for a page of one. */
function findGutter(page: readonly PrintedLine[]): number | null {
  if (page.length < 12) return null
  const votes = new Map<number, number>()
  let voters = 0
  for (const { text, indent } of page) {
    if (text.length > mostCharacters || text.length < 60) continue
    voters += 1
    const gaps = [...text.matchAll(/(?<=\S) {2,30}(?=\S)/g)]
    // a justified line has a few
    if (gaps.length > 8) continue
    for (const { 0: gap, index } of gaps) {
      if (!hasWords(text.slice(0, index)) || !hasWords(text.slice(index + gap.length))) continue
      for (let at = index + 1; at < index + gap.length; at += 1)
        votes.set(at + indent, (votes.get(at + indent) ?? 0) + 1)
    }
  }
  let best: number | null = null
  for (const [at, count] of votes) if (best === null || count > (votes.get(best) ?? 0)) best = at
  return best !== null && voters >= 12 && (votes.get(best) ?? 0) >= 0.6 * voters ? best : null
}

/** Running text and no cells. */
function hasWords(written: string): boolean {
  return (written.match(/\p{L}{2,}/gu)?.length ?? 0) >= 4
}
