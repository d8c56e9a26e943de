import type { EvidencePlace } from '../../schema/audit.ts'
import type { EvidencePool } from '../evidence/evidence.ts'

/** Longest quote of the record. */
const mostQuoted = 200

/** A record of nested data that is longer is quoted by its first line. */
const mostRecordLines = 200

/**
 * A line of the evidence as readers are shown it.
 * @param at.text of a cell, as written: of a record over several lines the one that holds it is shown
 */
export function placeOf(
  pool: EvidencePool,
  at: { readonly source: number; readonly line: number; readonly text?: string },
  role: EvidencePlace['role'],
): EvidencePlace {
  const source = pool.sources[at.source]
  const line = lineOfCell(source?.lines ?? [], at)
  return {
    path: source?.path ?? null,
    step: source?.step ?? null,
    line: line > 0 ? line : null,
    quote: quoteOf(source?.lines[line - 1] ?? ''),
    role,
  }
}

/** Rows of nested data carry the line where their record begins, which says nothing but `{`. */
function lineOfCell(lines: readonly string[], { line, text = '' }: { line: number; text?: string }): number {
  if (text === '' || !/[{[(]\s*$/.test(lines[line - 1]?.slice(-200) ?? '')) return line
  const record = lines.slice(line, line + mostRecordLines)
  const found = record.findIndex((one) => standsIn(text, one))
  return found === -1 ? line : line + 1 + found
}

/** Whether a line holds a text that is no part of a longer number or word. */
function standsIn(text: string, line: string): boolean {
  const at = line.indexOf(text)
  return at !== -1 && !/[\w.]$/.test(line.slice(0, at)) && !/^\.?\w/.test(line.slice(at + text.length))
}

/** Text on one line, of the length that records hold. */
export function quoteOf(text: string): string {
  const line = text
    .slice(0, 4 * mostQuoted)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length <= mostQuoted ? line : `${line.slice(0, mostQuoted - 1)}…`
}
