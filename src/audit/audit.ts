import { listAt } from '../base/list-at.ts'
import { hashJson, sha256 } from '../base/hash.ts'
import { oneLine } from '../base/text.ts'
import type { Audit, AuditClaim, AuditFinding, ClaimStatus, EvidencePlace, Severity } from '../schema/audit.ts'
import { claimStatusSchema, isGrave } from '../schema/audit.ts'
import type { Claim, DocumentClaims } from './claims/claim.ts'
import { collectFacts } from './collect-facts.ts'
import type { AuditFacts } from './facts.ts'
import type { ClaimMatch } from './matching/match.ts'
import { rules, rulesVersion } from './rules/index.ts'
import type { Rule, RuleFinding } from './rules/rule.ts'
import { judgeScore, scoreFindings } from './score.ts'
import type { AuditSubject } from './subject/subject.ts'
import { summarise } from './summarise.ts'

/** A rule that finds more has said it; the rest is counted in a note. */
const mostFindingsOfRule = 100

const gravity: Readonly<Record<Severity, number>> = { critical: 0, major: 1, minor: 2, note: 3 }

interface Found {
  readonly rule: Rule
  readonly finding: RuleFinding
}

/** Audits one piece of work, with every rule. No model, no network, no clock: the same subject gives the same record. */
export async function auditSubject(subject: AuditSubject): Promise<Audit> {
  return auditFacts(await collectFacts(subject))
}

/** `auditSubject` on facts that were collected already. */
export function auditFacts(facts: AuditFacts, reproduction: Audit['reproduction'] = null): Audit {
  const { subject } = facts
  const { found, notes } = applyRules(facts)
  const findings = found.map(({ rule, finding }, id) => toRecord(rule, finding, id))
  const aboutClaim = indexByClaim(findings)
  const claims = facts.claims.map((claim) => {
    const about = aboutClaim.get(claim.id) ?? []
    const grave = about.find(({ severity, id }) => isGrave(severity) && found[id]?.rule.claimStatus !== undefined)
    const status = grave === undefined ? undefined : found[grave.id]?.rule.claimStatus
    return describeClaim(claim, facts.matches[claim.id], { status, findings: about.map(({ id }) => id) })
  })
  const coverage = cover(claims, findings)
  const scored = findings.filter(({ id }) => found[id]?.rule.part !== 'none')
  const score = scoreFindings(
    found.map(({ rule }, index) => ({ finding: findings[index] ?? { points: 0, disclosed: false }, part: rule.part })),
    subject.documents.map(({ path }) => {
      const own = claims.filter((claim) => claim.path === path)
      return { informative: own.filter(isInformative).length, bad: countFlagged(own, scored) }
    }),
  )
  const traced = tracedShare(coverage)
  const verdict = judgeScore(score, {
    isRecorded: (subject.record === 'recorded' || subject.record === 'transcript') && subject.hasRivalRecords !== true,
    traced,
    reproduced: reproduction?.outcome === 'exact' || reproduction?.outcome === 'within-spread',
  })
  const documents = subject.documents.map(({ path, text }, index) => ({
    path,
    sha256: sha256(text),
    lines: text.split(/\r\n|\r|\n/).length,
    claims: facts.documents[index]?.claims.length ?? 0,
  }))
  return {
    schema: 'mlrbench/audit@1',
    id: auditId(subject, reproduction),
    rulesVersion,
    subject: subject.name,
    verdict,
    summary: summarise({ verdict, coverage, findings, record: subject.record, reproduction, traced }),
    score,
    record: subject.record,
    coverage,
    documents,
    findings,
    claims,
    reproduction,
    leftOut: [...subject.leftOut, ...facts.pool.leftOut, ...facts.code.skipped.map((file) => ({ ...file, bytes: 0 }))],
    notes: [
      ...subject.notes,
      ...notes,
      ...facts.documents.flatMap(noteUnread),
      ...subject.documents.flatMap(noteTurns),
    ],
  }
}

function applyRules(facts: AuditFacts): { found: Found[]; notes: string[] } {
  const notes: string[] = []
  const found = rules.flatMap((rule) => {
    const all = rule.find(facts)
    if (all.length > mostFindingsOfRule)
      notes.push(`${rule.id}: ${all.length} findings, of which the gravest ${mostFindingsOfRule} are told`)
    return all
      .toSorted((a, b) => gravity[a.severity] - gravity[b.severity])
      .slice(0, mostFindingsOfRule)
      .map((finding) => ({ rule, finding }))
  })
  return {
    found: found.toSorted((a, b) => gravity[a.finding.severity] - gravity[b.finding.severity]),
    notes,
  }
}

function toRecord(rule: Rule, finding: RuleFinding, id: number): AuditFinding {
  return {
    id,
    rule: rule.id,
    severity: finding.severity,
    disclosed: finding.disclosed ?? false,
    claims: [...new Set(finding.claims ?? [])].toSorted((a, b) => a - b),
    message: oneLine(finding.message, 600),
    evidence: tellPlaces(finding.evidence, 8),
    collision: finding.collision ?? null,
    executed: finding.executed ?? null,
    points: rule.part === 'none' ? 0 : (finding.points ?? 0),
  }
}

function noteUnread({ path, unread = 0 }: DocumentClaims): string[] {
  return unread === 0 ? [] : [`${path}: ${unread} numbers beyond the first of it are not looked at`]
}

/** Numbers are read in the order in which they are written. */
function noteTurns({ path, text }: AuditSubject['documents'][number]): string[] {
  const marks = text.match(/[\u202D\u202E]/g)?.length ?? 0
  return marks === 0 ? [] : [`${path}: ${marks} marks make text be shown in another order than it is written in`]
}

/** Each place once, at most so many. */
function tellPlaces(places: readonly EvidencePlace[], most: number): EvidencePlace[] {
  const byPlace = new Map(
    places.map((place) => [JSON.stringify([place.path, place.step, place.line, place.role]), place]),
  )
  return [...byPlace.values()].slice(0, most).map(tidyPlace)
}

function tidyPlace(place: EvidencePlace): EvidencePlace {
  return { ...place, quote: oneLine(place.quote, 200) }
}

function indexByClaim(findings: readonly AuditFinding[]): Map<number, AuditFinding[]> {
  const index = new Map<number, AuditFinding[]>()
  for (const finding of findings)
    for (const claim of finding.claims) {
      listAt(index, claim).push(finding)
    }
  return index
}

/** @param about.status what the gravest finding makes of it */
function describeClaim(
  { id, path, line, start, end, number, role, informative, where }: Claim,
  match: ClaimMatch | undefined,
  { status, findings }: { readonly status: ClaimStatus | undefined; readonly findings: number[] },
): AuditClaim {
  return {
    id,
    path,
    line,
    start,
    end,
    text: number.text,
    value: number.value,
    role,
    informative,
    label: oneLine(where.kind === 'cell' ? `${where.rowLabel} | ${where.columnLabel}` : where.sentence, 200),
    status: status ?? match?.status ?? 'unchecked',
    evidence: tellPlaces(match?.evidence ?? [], 3),
    collision: match?.collision ?? null,
    findings,
  }
}

function cover(claims: readonly AuditClaim[], findings: readonly AuditFinding[]): Audit['coverage'] {
  const results = claims.filter(({ role }) => role === 'result')
  const informative = results.filter((claim) => claim.informative)
  const byStatus = Object.fromEntries(claimStatusSchema.options.map((status) => [status, 0])) as Record<
    ClaimStatus,
    number
  >
  for (const { status } of informative) byStatus[status] += 1
  return {
    claims: claims.length,
    results: results.length,
    informative: informative.length,
    byStatus,
    flagged: countFlagged(claims, findings),
  }
}

/** Informative results that a grave one of the findings is about. */
function countFlagged(claims: readonly AuditClaim[], findings: readonly AuditFinding[]): number {
  const named = new Set(findings.filter(({ severity }) => isGrave(severity)).flatMap((finding) => finding.claims))
  return claims.filter((claim) => isInformative(claim) && named.has(claim.id)).length
}

function isInformative({ role, informative }: AuditClaim): boolean {
  return role === 'result' && informative
}

/** Share of informative results that a process printed or wrote, or that follow from such; null when there are none. */
function tracedShare({ informative, byStatus }: Audit['coverage']): number | null {
  return informative === 0 ? null : (byStatus.traced + byStatus.derived) / informative
}

/** The same content under the same rules has the same id. */
function auditId(subject: AuditSubject, reproduction: Audit['reproduction']): string {
  const { name, documents, plans, files, events, record, date } = subject
  const content = [documents, plans, files].map((list) => list.map(({ path, text }) => [path, sha256(text)]))
  return hashJson({
    name,
    content,
    events: sha256(JSON.stringify(events)),
    record,
    date,
    rulesVersion,
    reproduction,
  }).slice(0, 16)
}
