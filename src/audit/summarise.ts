import { type Audit, isGrave } from '../schema/audit.ts'

const reproductionWords = {
  exact: ' Running it again gave the same results.',
  'within-spread': ' Running it again gave results within the spread of new runs.',
  different: ' Running it again gave other results.',
  'could-not-run': ' It could not be run again.',
} as const

/** Why a verdict is what it is, in one to three sentences. */
export function summarise(audit: Told): string {
  return describe(audit) + (audit.reproduction === null ? '' : reproductionWords[audit.reproduction.outcome])
}

type Told = Pick<Audit, 'verdict' | 'coverage' | 'findings' | 'record' | 'reproduction'> & {
  readonly traced: number | null
}

function describe({ verdict, coverage, findings, record, traced }: Told): string {
  const { informative, flagged } = coverage
  const grave = findings.filter(({ severity }) => isGrave(severity))
  const byRule = [...new Set(grave.map(({ rule }) => rule))]
  const share =
    traced === null
      ? 'there is no result with digits enough to trace'
      : `${percent(traced)} of ${informative} results trace to a process`
  if (verdict === 'fabricated' || verdict === 'suspicious')
    return `${flagged === 0 ? 'Grave findings are about code or session, and name no single result' : `Grave findings name ${flagged} of ${informative} results`}; ${share}. Gravest: ${listSome(byRule)}.`
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
