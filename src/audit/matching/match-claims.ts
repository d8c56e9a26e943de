import type { AuditFacts } from '../facts.ts'
import { openAligner } from './align-tables.ts'
import { openCompanions } from './companions.ts'
import { openLookup } from './lookup.ts'
import type { ClaimMatch, TableAlignment } from './match.ts'
import { matchDocument } from './match-document.ts'

/** Says for every claim where its number comes from, and sets the papers' tables beside those of the evidence. */
export function matchClaims(facts: Omit<AuditFacts, 'matches' | 'alignments'>): {
  matches: ClaimMatch[]
  alignments: TableAlignment[]
} {
  const lookup = openLookup(facts.pool)
  const align = openAligner(facts.pool)
  const matcher = { pool: facts.pool, lookup, align, hasCompanion: openCompanions(facts.pool) }
  const matched = facts.documents.map((document) => matchDocument(document, matcher))
  return {
    matches: matched.flatMap(({ matches }) => matches).toSorted((a, b) => a.claim - b.claim),
    alignments: matched.flatMap(({ alignments }) => alignments),
  }
}
