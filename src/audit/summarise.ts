import type { Audit } from '../schema/audit.ts'

/** Why a verdict is what it is, in one or two sentences. */
export function summarise({
  verdict,
  coverage,
  findings,
  record,
  traced,
}: Pick<Audit, 'verdict' | 'coverage' | 'findings' | 'record'> & { readonly traced: number | null }): string {
  const { informative, flagged } = coverage
  const grave = findings.filter(({ severity }) => severity === 'critical' || severity === 'major')
  const byRule = [...new Set(grave.map(({ rule }) => rule))]
  const share =
    traced === null
      ? 'there is no result with digits enough to trace'
      : `${percent(traced)} of ${informative} results trace to a process`
  if (verdict === 'fabricated' || verdict === 'suspicious')
    return `${flagged} of ${informative} results are contradicted or unsupported; ${share}. Gravest: ${listSome(byRule)}.`
  if (verdict === 'unverifiable')
    return record === 'words' || record === 'none'
      ? `No record shows which commands ran, so files that were typed and files that a program wrote look alike; ${share}.`
      : `Too little can be traced to say that nothing was made up: ${share}.`
  return `No grave finding that adds up to fabrication; ${share}.`
}

const mostNamed = 4

function listSome(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  return names.slice(0, mostNamed).join(', ') + more
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
