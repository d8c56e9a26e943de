import type { EvidencePlace } from '../../schema/audit.ts'
import type { EvidencePool } from './evidence.ts'

type Role = EvidencePlace['role']

/** Far above what records hold of a quote, which is cut when white space is folded: lines of data may have megabytes. */
const longestQuote = 800
/** A record of nested data that is longer is quoted by its first line. */
const mostRecordLines = 200

/** A line of a file, as findings show it; line null where none is meant. */
export function filePlace(
  path: string,
  { line, quote, role = 'origin' }: { readonly line: number | null; readonly quote: string; readonly role?: Role },
): EvidencePlace {
  return { path, step: null, line, quote: beginningOf(quote), role }
}

/** A step of the session, as findings show it; line null where none of its text or output is meant. */
export function stepPlace(
  step: number,
  quote: string,
  { line = null, role = 'origin' }: { readonly line?: number | null; readonly role?: Role } = {},
): EvidencePlace {
  return { path: null, step, line, quote: beginningOf(quote), role }
}

/**
 * A line of the evidence, as findings show it.
 * @param at.text of a cell, as written: of a record over several lines the one that holds it is shown
 */
export function poolPlace(
  pool: EvidencePool,
  at: { readonly source: number; readonly line: number; readonly text?: string },
  { role = 'origin' }: { readonly role?: Role } = {},
): EvidencePlace {
  const source = pool.sources[at.source]
  const line = lineOfCell(source?.lines ?? [], at)
  return {
    path: source?.path ?? null,
    step: source?.step ?? null,
    line: line > 0 ? line : null,
    quote: beginningOf(source?.lines[line - 1] ?? ''),
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

function beginningOf(text: string): string {
  return text.trim().slice(0, longestQuote)
}
