import type { DocumentClaims } from './claims/claim.ts'
import { extractClaims } from './claims/extract-claims.ts'
import { readCode } from './code/read-code.ts'
import { gatherEvidence } from './evidence/gather-evidence.ts'
import type { AuditFacts } from './facts.ts'
import { matchClaims } from './matching/match-claims.ts'
import { readSession } from './session/read-session.ts'
import type { AuditSubject } from './subject/subject.ts'

/** Reads everything that rules reason about. Rejects only when the parser cannot be loaded: the subject may hold anything. */
export async function collectFacts(subject: AuditSubject): Promise<AuditFacts> {
  const session = readSession(subject)
  const documents: DocumentClaims[] = []
  let firstId = 0
  for (const document of subject.documents) {
    const found = extractClaims(document, firstId)
    documents.push(found)
    firstId += found.claims.length
  }
  const claims = documents.flatMap((document) => document.claims)
  const pool = gatherEvidence(subject, session)
  const code = await readCode(subject, session)
  const read = { subject, session, documents, claims, pool, code }
  return { ...read, ...matchClaims(read) }
}
