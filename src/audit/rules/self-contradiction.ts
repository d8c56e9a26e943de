import { isGrave } from '../../schema/audit.ts'
import type { AuditFacts } from '../facts.ts'
import { consistencyRules } from './paper/consistency-rules.ts'
import type { Rule, RuleFinding } from './rule.ts'

const points = 1

/** Several independent contradictions within the documents. */
export const selfContradiction: Rule = {
  id: 'self-contradiction',
  title: 'Numbers that deny each other in more than one way',
  part: 'claims',
  catches:
    'Grave findings of two or more different rules of consistency about different numbers: one may be a slip of the pen, two of different kinds say that the numbers do not come from one set of measurements.',
  misses: 'Any number of contradictions of one kind, which one misreading of a table could cause.',
  falsePositives: 'Careless writing about sound results.',
  find: (facts: AuditFacts) => {
    const grave = consistencyRules().flatMap((rule) =>
      rule
        .find(facts)
        .filter(({ severity }) => isGrave(severity))
        .map((finding) => ({ id: rule.id, finding })),
    )
    const pair = independentPair(grave)
    if (pair === null) return []
    const [one, other] = pair
    const message = `${new Set(grave.map(({ id }) => id)).size} kinds of contradiction within the documents, among them: ${one.message} ${other.message}`
    return [
      { severity: 'major', message, evidence: [...one.evidence.slice(0, 1), ...other.evidence.slice(0, 1)], points },
    ]
  },
}

/** Of different rules, and about no number in common. */
function independentPair(
  grave: readonly { readonly id: string; readonly finding: RuleFinding }[],
): readonly [RuleFinding, RuleFinding] | null {
  for (const [index, one] of grave.entries()) {
    const claims = new Set(one.finding.claims)
    const other = grave
      .slice(index + 1)
      .find(({ id, finding }) => id !== one.id && !(finding.claims ?? []).some((claim) => claims.has(claim)))
    if (other !== undefined) return [one.finding, other.finding]
  }
  return null
}
