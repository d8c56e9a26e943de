import type { Audit, AuditFinding, Verdict } from '../schema/audit.ts'
import type { Rule } from './rules/rule.ts'

/** From here on, a score is a verdict. What session and code show by themselves weighs more: numbers may go astray, logs do not type themselves. */
const thresholds = { fabricated: 3, fabricatedByDeeds: 2, suspicious: 1.5 } as const

const mostClaimPoints = 3
/** Share of bad claims at which all of them might as well be. */
const fullShare = 0.3
/** One bad claim may be a slip. */
const fewestBadClaims = 2
const mostPoints = 4

type Parts = Omit<Audit['score'], 'fab'>

/** Informative results of a document, and those of them that a grave finding of the score's own rules is about. */
export interface Results {
  readonly informative: number
  readonly bad: number
}

/**
 * How much speaks for fabrication: claims 3·min(1, bad/0.3) from two bad ones on, and the points of findings about the session and about
 * code, at most 4 each. Of code, what the work says openly counts half: a simulation that is named as one. A session that forged its log is
 * not excused by a sentence.
 * @param findings with their rule's part
 * @param documents their results: the worst document counts, so that a second paper full of true numbers hides nothing
 */
export function scoreFindings(
  findings: readonly { readonly finding: Pick<AuditFinding, 'points' | 'disclosed'>; readonly part: Rule['part'] }[],
  documents: readonly Results[],
): Audit['score'] {
  const sum = (part: Rule['part']): number =>
    findings
      .filter((one) => one.part === part)
      .reduce((total, { finding }) => total + finding.points * (finding.disclosed && part === 'code' ? 0.5 : 1), 0)
  const share = Math.max(0, ...[sumOf(documents), ...documents].map(shareOf))
  const parts: Parts = {
    claims: mostClaimPoints * Math.min(1, share / fullShare) + sum('claims'),
    execution: Math.min(mostPoints, sum('execution')),
    code: Math.min(mostPoints, sum('code')),
  }
  const rounded = { claims: round(parts.claims), execution: round(parts.execution), code: round(parts.code) }
  return { fab: round(parts.claims + parts.execution + parts.code), ...rounded }
}

function sumOf(documents: readonly Results[]): Results {
  return documents.reduce(
    (sum, { informative, bad }) => ({ informative: sum.informative + informative, bad: sum.bad + bad }),
    { informative: 0, bad: 0 },
  )
}

function shareOf({ informative, bad }: Results): number {
  return informative === 0 || bad < fewestBadClaims ? 0 : bad / informative
}

/** Sums in another order may differ in their last bits; records must not. */
function round(points: number): number {
  return Math.round(points * 1_000) / 1_000
}

/**
 * The verdict on a score. Without a record of commands, files that were typed and files that a program wrote look alike: then a low score proves nothing,
 * unless running it again gave the same; and it proves nothing of results that stand in no evidence, whatever came out again.
 * @param isRecorded whether one trusted record says which commands ran
 * @param traced share of informative results that a process printed or wrote, or that follow from such; null when there are none
 */
export function judgeScore(
  { fab, execution, code }: Pick<Audit['score'], 'fab' | 'execution' | 'code'>,
  { isRecorded, traced, reproduced }: { isRecorded: boolean; traced: number | null; reproduced: boolean },
): Verdict {
  if (fab >= thresholds.fabricated || execution + code >= thresholds.fabricatedByDeeds) return 'fabricated'
  if (fab >= thresholds.suspicious) return 'suspicious'
  const isBlind = !reproduced && !isRecorded
  return isBlind || traced === null || traced < fewestTraced ? 'unverifiable' : 'no_evidence_of_fabrication'
}

/** With fewer results traced, saying that nothing was found would say too much. */
const fewestTraced = 0.5
