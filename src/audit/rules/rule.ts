import type { ClaimStatus, EvidencePlace, Severity } from '../../schema/audit.ts'
import type { AuditFacts } from '../facts.ts'

/** A finding before it gets its place in the report. */
export interface RuleFinding {
  readonly severity: Severity
  readonly disclosed?: boolean
  /** Ids of the claims it is about. */
  readonly claims?: readonly number[]
  /** A sentence that names the values and the place. */
  readonly message: string
  readonly evidence: readonly EvidencePlace[]
  readonly collision?: number
  readonly executed?: boolean
  /** What it adds to the score's part that the rule belongs to; 0 when left out. */
  readonly points?: number
}

/** One way in which results turn out not to be what they seem. It reads facts, and nothing else; it never throws. */
export interface Rule {
  /** Kebab-case, and the file's name. */
  readonly id: string
  /** What it finds, in a few words. */
  readonly title: string
  /**
   * The score's part that its points count in; there, claims that its findings of severity major or critical name count as bad. `none`:
   * what readers should know, and no sign of fabrication by itself.
   */
  readonly part: 'claims' | 'execution' | 'code' | 'none'
  /** What becomes the status of claims that its findings of severity major or critical name; left out, they keep their own. */
  readonly claimStatus?: ClaimStatus
  /** For sceptical readers: what it catches, what it misses, and what could make it wrong. Whole sentences. */
  readonly catches: string
  readonly misses: string
  readonly falsePositives: string
  find(facts: AuditFacts): readonly RuleFinding[]
}
