import type { EvidencePlace } from '../../schema/audit.ts'
import type { EvidencePool } from '../evidence/evidence.ts'

/** Longest quote of the record. */
const mostQuoted = 200

/** A line of the evidence as readers are shown it. */
export function placeOf(
  pool: EvidencePool,
  at: { readonly source: number; readonly line: number },
  role: EvidencePlace['role'],
): EvidencePlace {
  const source = pool.sources[at.source]
  const line = source?.lines[at.line - 1] ?? ''
  return {
    path: source?.path ?? null,
    step: source?.step ?? null,
    line: at.line > 0 ? at.line : null,
    quote: quoteOf(line),
    role,
  }
}

/** Text on one line, of the length that records hold. */
export function quoteOf(text: string): string {
  const line = text
    .slice(0, 4 * mostQuoted)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length <= mostQuoted ? line : `${line.slice(0, mostQuoted - 1)}…`
}
