import { auditFacts } from '../audit/audit.ts'
import { collectFacts } from '../audit/collect-facts.ts'
import { readTrialSubject } from '../audit/subject/read-trial.ts'
import type { AuditSubject } from '../audit/subject/subject.ts'
import { keepAudit, readReproduction } from '../runs/audit-store.ts'
import type { Audit } from '../schema/audit.ts'

/**
 * Audits a trial of the run store, with what running it again gave, and keeps the audit in the place of an earlier one.
 * @returns null for a trial without a paper and without a report
 */
export async function auditTrial(
  runFolder: string,
  trialId: string,
): Promise<{ readonly audit: Audit; readonly subject: AuditSubject } | null> {
  const subject = await readTrialSubject(runFolder, trialId)
  if (subject.documents.length === 0) return null
  const reproduction = await readReproduction(runFolder, trialId)
  const audit = auditFacts(
    await collectFacts(subject),
    reproduction === null ? null : { id: reproduction.id, outcome: reproduction.outcome },
  )
  await keepAudit(runFolder, trialId, audit)
  return { audit, subject }
}
