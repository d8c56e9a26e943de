import type { Claim, DocumentClaims } from './claims/claim.ts'
import type { CodeBase } from './code/code.ts'
import type { EvidencePool } from './evidence/evidence.ts'
import type { ClaimMatch, TableAlignment } from './matching/match.ts'
import type { Session } from './session/session.ts'
import type { AuditSubject } from './subject/subject.ts'

/** All that rules reason about: read once, and never changed by a rule. */
export interface AuditFacts {
  readonly subject: AuditSubject
  readonly session: Session
  readonly documents: readonly DocumentClaims[]
  /** Of all documents, by id. */
  readonly claims: readonly Claim[]
  readonly pool: EvidencePool
  readonly code: CodeBase
  /** By claim id, for every claim. */
  readonly matches: readonly ClaimMatch[]
  readonly alignments: readonly TableAlignment[]
}
