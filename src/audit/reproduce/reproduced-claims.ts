import { listAt } from '../../base/list-at.ts'
import type { AuditClaim, Reproduction } from '../../schema/audit.ts'
import { auditFacts } from '../audit.ts'
import type { AuditFacts } from '../facts.ts'
import type { ComparedFile } from './compare.ts'

type Comparison = Reproduction['comparisons'][number]

/**
 * The results of the documents that were traced to values of compared files: by file, line and value, as a paper rounds and scales it.
 * @param files all that was compared
 */
export function countClaims(facts: AuditFacts, files: readonly ComparedFile[]): NonNullable<Reproduction['claims']> {
  const byLine = new Map<string, Comparison[]>()
  for (const { comparisons } of files)
    for (const comparison of comparisons) {
      const key = `${comparison.path}:${comparison.line}`
      listAt(byLine, key).push(comparison)
    }
  const count = { traced: 0, reproduced: 0, different: 0 }
  for (const claim of auditFacts(facts).claims) {
    if (claim.role !== 'result' || !claim.informative) continue
    const found = comparisonsOf(claim, byLine)
    if (found.length === 0) continue
    count.traced += 1
    if (found.some(({ outcome }) => outcome === 'exact' || outcome === 'within-spread')) count.reproduced += 1
    else count.different += 1
  }
  return count
}

function comparisonsOf(claim: AuditClaim, byLine: ReadonlyMap<string, Comparison[]>): Comparison[] {
  return claim.evidence.flatMap(({ path, line, role }) =>
    path === null || role !== 'origin'
      ? []
      : (byLine.get(`${path}:${line}`) ?? []).filter((one) => states(claim, one.before)),
  )
}

/** Whether a claim is a value rounded to the claim's digits, as a fraction or in percent, with or without its sign. */
function states({ value, text }: AuditClaim, before: Comparison['before']): boolean {
  if (typeof before !== 'number') return false
  const decimals = /[.,](\d{1,15})/.exec(text)?.[1]?.length ?? 0
  const half = 0.5 * 10 ** -decimals * (1 + 1e-6)
  return [1, 100, 0.01].some((scale) => Math.abs(Math.abs(before * scale) - Math.abs(value)) <= half)
}
