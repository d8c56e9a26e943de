import type { EvidencePlace } from '../../schema/audit.ts'
import type { RuleFinding } from '../rules/rule.ts'

type Role = EvidencePlace['role']

const longestQuote = 400

/** A line of a file, as findings show it; line null where none is meant. */
export function filePlace(
  path: string,
  { line, quote, role = 'origin' }: { readonly line: number | null; readonly quote: string; readonly role?: Role },
): EvidencePlace {
  return { path, step: null, line, quote: quote.trim().slice(0, longestQuote), role }
}

/** A step of the session, as findings show it. */
export function stepPlace(
  step: number,
  quote: string,
  { role = 'origin' }: { readonly role?: Role } = {},
): EvidencePlace {
  return { path: null, step, line: null, quote: quote.trim().slice(0, longestQuote), role }
}

/** A signal counts once, however often it shows: the first finding with the most points keeps them. */
export function pointsOnce(findings: readonly RuleFinding[]): RuleFinding[] {
  const most = Math.max(0, ...findings.map(({ points = 0 }) => points))
  const best = findings.findIndex(({ points = 0 }) => points === most)
  return findings.map((finding, index) => (index === best ? finding : { ...finding, points: 0 }))
}
