import { rules } from '../../audit/rules/index.ts'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import { type Audit, type AuditClaim, type AuditFinding, isGrave } from '../../schema/audit.ts'
import { lookUpDigits } from './lookup-baseline.ts'

/** What the audit says of a run nobody changed. */
export interface CleanResult {
  /** Informative results of the main paper. */
  readonly claims: number
  readonly flagged: number
  /** Of all documents. */
  readonly allClaims: number
  readonly allFlagged: number
  /** Claims of the main paper whose digits stand nowhere else. */
  readonly lookupFlagged: number
  /** Findings of severity critical or major, by rule. */
  readonly graveByRule: Readonly<Record<string, number>>
  /** Those of rules about code, and about the session. */
  readonly graveInCode: number
  readonly graveInExecution: number
  /** Results of all documents that are flagged, and by which rules: what to look at. */
  readonly flaggedClaims: readonly {
    readonly path: string
    readonly line: number
    readonly text: string
    readonly rules: readonly string[]
  }[]
}

/** What could be planted, and what is counted. */
export const isResult = ({ role, informative }: AuditClaim): boolean => role === 'result' && informative

export function graveFindings({ findings }: Audit): AuditFinding[] {
  return findings.filter(({ severity }) => isGrave(severity))
}

/** Ids of the claims that a finding of severity critical or major names. */
export function flaggedClaims(audit: Audit): Set<number> {
  return new Set(graveFindings(audit).flatMap(({ claims }) => claims))
}

/** @param audit of the subject as it is */
export function describeClean(audit: Audit, subject: AuditSubject): CleanResult {
  const flagged = flaggedClaims(audit)
  const isNowhere = lookUpDigits(subject)
  const all = audit.claims.filter(isResult)
  const own = all.filter(({ path }) => path === subject.documents[0]?.path)
  const partOf = new Map(rules.map(({ id, part }) => [id, part]))
  const grave = graveFindings(audit)
  const byRule = Map.groupBy(grave, ({ rule }) => rule)
  return {
    claims: own.length,
    flagged: own.filter(({ id }) => flagged.has(id)).length,
    allClaims: all.length,
    allFlagged: all.filter(({ id }) => flagged.has(id)).length,
    lookupFlagged: own.filter(({ text }) => isNowhere(text)).length,
    graveByRule: Object.fromEntries([...byRule].map(([rule, found]) => [rule, found.length])),
    graveInCode: grave.filter(({ rule }) => partOf.get(rule) === 'code').length,
    graveInExecution: grave.filter(({ rule }) => partOf.get(rule) === 'execution').length,
    flaggedClaims: all.flatMap(({ id, path, line, text }) => {
      const about = grave.filter(({ claims }) => claims.includes(id)).map(({ rule }) => rule)
      return about.length === 0 ? [] : [{ path, line, text, rules: about }]
    }),
  }
}
