import type { ClaimStatus } from '../../schema/audit.ts'
import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { AuditFacts } from '../facts.ts'
import type { Rule, RuleFinding } from './rule.ts'

const traceable: ReadonlySet<ClaimStatus> = new Set(['traced', 'derived', 'typed', 'configured'])
/** Nothing that was measured: the plan and the code's constants are no results. */
const nowhere: ReadonlySet<ClaimStatus> = new Set(['unfound', 'planned', 'literal'])
/** From this share of a table on, a cell that is nowhere stands out. */
const leastOfTable = 0.5
/** From this share of all other results on, a number in the text that is nowhere stands out. */
const leastOfDocument = 0.75
const fewestOfDocument = 2
/** The same for a value that is met by accident only. */
const leastForAccident = 0.8
const fewestForAccident = 6
/** With fewer results a document says little of itself. */
const fewestOfUntraced = 6
/** Up to this share, hardly anything can be traced. */
const mostOfUntraced = 0.2
/** With fewer numbers from programs nothing could be found. */
const fewestProcessNumbers = 20

export const unfoundResult: Rule = {
  id: 'unfound-result',
  title: 'A result that stands nowhere else',
  part: 'claims',
  catches:
    'A result whose value is in no file, in no output and in no arithmetic over the other results. It counts as grave where the rest of its table, or nearly all of the document, can be traced, so that the one number stands out; and where a session was recorded, its programs printed numbers, and hardly any result of the document is among them.',
  misses: 'Made-up numbers that happen to stand somewhere in the evidence, and numbers with too few digits to tell.',
  falsePositives:
    'Numbers that the author computed from results in a way that is not tried here, read off a figure, or took from a run whose output is gone.',
  find(facts) {
    return facts.documents.flatMap((document) => findIn(document, facts))
  },
}

function findIn(document: DocumentClaims, facts: AuditFacts): RuleFinding[] {
  const results = document.claims.filter((claim) => claim.role === 'result' && claim.informative)
  const isUnfound = (claim: Claim) => nowhere.has(facts.matches[claim.id]?.status ?? 'unchecked')
  const isAccident = (claim: Claim) => facts.matches[claim.id]?.strength === 'blind'
  const unfound = results.filter((claim) => isUnfound(claim) || isAccident(claim))
  if (unfound.length === 0) return []
  const isKnown = (claim: Claim) => traceable.has(facts.matches[claim.id]?.status ?? 'unchecked') && !isAccident(claim)
  const share = (claims: readonly Claim[]) =>
    claims.length === 0 ? 0 : claims.filter((claim) => isKnown(claim)).length / claims.length
  const printed = facts.pool.numbers.filter(({ source }) => facts.pool.sources[source]?.kind === 'process').length
  // A report that a program wrote needs no other evidence, as long as its numbers do not stand out from each other.
  const isByProgram = facts.pool.sources.some(({ path, kind }) => path === document.path && kind === 'process')
  const isUntraced =
    facts.session.showsCommands &&
    !isByProgram &&
    printed >= fewestProcessNumbers &&
    results.length >= fewestOfUntraced &&
    share(results) <= mostOfUntraced
  const standsOut = (claim: Claim): boolean => {
    const { where } = claim
    const others = results.filter((other) => other !== claim)
    const isTableKnown = (claims: readonly Claim[]) => 
      claims.some((other) => isKnown(other)) && share(claims) >= (isByProgram ? 1 : leastOfTable)
    if (isAccident(claim)) return others.length >= fewestForAccident && share(others) >= leastForAccident
    if (where.kind === 'cell') {
      const table = others.filter((other) => other.where.kind === 'cell' && other.where.table === where.table)
      if (table.length > 0) return isTableKnown(table)
    }
    const hasKnownCell = others.some((other) => other.where.kind === 'cell' && isKnown(other))
    const fewest = where.kind === 'cell' || hasKnownCell ? 1 : fewestOfDocument
    return others.length >= fewest && share(others) >= leastOfDocument
  }
  const grave = unfound.filter((claim) => (isUntraced && isUnfound(claim)) || standsOut(claim))
  const mild = unfound.filter((claim) => isUnfound(claim) && !grave.includes(claim))
  return [
    ...grave.map((claim) => describe(claim, facts, isUntraced)),
    ...(mild.length === 0 ? [] : [summarise(mild)]),
  ]
}

function describe(claim: Claim, facts: AuditFacts, isUntraced: boolean): RuleFinding {
  const label = claim.where.kind === 'cell' ? ` (${claim.where.rowLabel} / ${claim.where.columnLabel})` : ''
  const why = isUntraced
    ? 'and hardly any other result of the document does, though programs of the session printed numbers'
    : claim.where.kind === 'cell'
      ? 'while the rest of its table does'
      : 'while nearly all other results of the document do'
  const collision = facts.matches[claim.id]?.collision
  return {
    severity: 'major',
    claims: [claim.id],
    message: `${claim.number.text}${label} in line ${claim.line} of ${claim.path} stands in no file and no output, and follows from no other result, ${why}`,
    evidence: facts.matches[claim.id]?.evidence ?? [],
    ...(collision === null || collision === undefined ? {} : { collision }),
  }
}

function summarise(claims: readonly Claim[]): RuleFinding {
  const told = claims.slice(0, 8).map((claim) => `${claim.number.text} (line ${claim.line})`)
  const more = claims.length > 8 ? ` and ${claims.length - 8} more` : ''
  return {
    severity: 'minor',
    claims: claims.map(({ id }) => id),
    message: `${claims.length} results of ${claims[0]?.path ?? ''} stand in no file and no output: ${told.join(', ')}${more}`,
    evidence: [],
  }
}
