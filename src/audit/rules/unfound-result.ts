import type { ClaimStatus } from '../../schema/audit.ts'
import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { AuditFacts } from '../facts.ts'
import { openRoundedMeans } from '../matching/rounded-means.ts'
import { sharesOfOne } from '../matching/shares-of-one.ts'
import { readWording } from '../matching/wording.ts'
import type { Rule, RuleFinding } from './rule.ts'

const traceable: ReadonlySet<ClaimStatus> = new Set(['traced', 'derived', 'typed', 'configured'])
/** Nothing that was measured: the plan and the code's constants are no results. */
const nowhere: ReadonlySet<ClaimStatus> = new Set(['unfound', 'planned', 'literal'])
/** From this share of a table on, a cell that is nowhere stands out. */
const leastOfTable = 0.5
/** From this share of all other results on, a number that is nowhere stands out. */
const leastOfDocument = 0.75
const fewestOfDocument = 2
/** With fewer others in a table, a number of a report that a program wrote does not stand out. */
const fewestOfProgram = 4
/** The same for a value that is met by accident only. */
const leastForAccident = 0.8
const fewestForAccident = 6
/** Up to this share, hardly anything can be traced; with fewer results a document says little of itself. */
const mostOfUntraced = 0.2
const fewestOfUntraced = 6
/** With fewer numbers from programs nothing could be found. */
const fewestProcessNumbers = 3
const mostTold = 8

export const unfoundResult: Rule = {
  id: 'unfound-result',
  title: 'A result that stands nowhere else',
  part: 'claims',
  claimStatus: 'unfound',
  catches:
    'A result whose value is in no file, in no output and in no arithmetic over the other results, or is met there by accident only. It counts as grave where the rest of its table, or nearly all of the document, can be traced, so that the one number stands out; and where a session was recorded, its programs printed numbers, and hardly any result of a document that no program wrote is among them.',
  misses:
    'Made-up numbers that happen to stand somewhere in the evidence beside the right words, and documents of which only a part can be traced.',
  falsePositives:
    'Numbers that the author computed from results in a way that is not tried here, read off a figure, or took from a run whose output is gone.',
  find(facts) {
    return facts.documents.flatMap((document) => findIn(document, facts))
  },
}

function findIn(document: DocumentClaims, facts: AuditFacts): RuleFinding[] {
  const results = resultsOf(document)
  const standing = standingOf(document, results, facts)
  const unfound = results.filter((claim) => standing.isUnfound(claim) || standing.isAccident(claim))
  if (unfound.length === 0) return []
  if (standing.isUntraced) {
    return [describeAll(unfound.filter(standing.isUnfound), { severity: 'major', why: untraced })].filter(isAboutClaims)
  }
  const outstanding = unfound.filter((claim) => standing.standsOut(claim))
  const isSlip = outstanding.length === 0 ? () => false : openRoundedMeans(facts.pool)
  const grave = outstanding.filter((claim) => !isSlip(claim, document.tables))
  const isGrave = new Set(grave)
  const mild = unfound.filter((claim) => standing.isUnfound(claim) && !isGrave.has(claim))
  return [...grave.map((claim) => describe(claim, facts)), describeAll(mild, { severity: 'minor', why: '' })].filter(
    isAboutClaims,
  )
}

/** By the words around it. */
function isComputed(claim: Claim): boolean {
  const { isChange, isDifference, isRatio, isMean, isSum, isRest } = readWording(claim)
  return isChange || isDifference || isRatio || isMean || isSum || isRest
}

function resultsOf({ claims }: DocumentClaims): Claim[] {
  return claims.filter((claim) => claim.role === 'result' && claim.informative)
}

function isLatex({ path }: DocumentClaims): boolean {
  return /\.(?:tex|ltx)$/i.test(path)
}

function isAboutClaims({ claims }: RuleFinding): boolean {
  return claims !== undefined && claims.length > 0
}

/** How the results of a document stand to each other. */
interface Standing {
  readonly isUnfound: (claim: Claim) => boolean
  readonly isAccident: (claim: Claim) => boolean
  /** What is around it can be traced, and it cannot. */
  readonly standsOut: (claim: Claim) => boolean
  /** Hardly anything of the document can be traced. */
  readonly isUntraced: boolean
}

function standingOf(document: DocumentClaims, results: readonly Claim[], facts: AuditFacts): Standing {
  const weights = new Set(
    (isLatex(document) ? facts.documents.filter(isLatex) : [document]).flatMap(({ claims }) => [
      ...sharesOfOne(claims),
    ]),
  )
  const isUnfound = (claim: Claim) =>
    nowhere.has(facts.matches[claim.id]?.status ?? 'unchecked') && !weights.has(claim.id)
  const isAccident = (claim: Claim) => facts.matches[claim.id]?.strength === 'blind' && !weights.has(claim.id)
  const isTraceable = (claim: Claim) => traceable.has(facts.matches[claim.id]?.status ?? 'unchecked')
  const isKnown = (claim: Claim) => isTraceable(claim) && !isAccident(claim)
  const isCell = ({ where }: Claim) => where.kind === 'cell'
  const tableOf = ({ where }: Claim) => (where.kind === 'cell' ? where.table : null)
  const count = (claims: readonly Claim[]) => ({ all: claims.length, known: claims.filter(isKnown).length })
  // The chapters of a LaTeX paper are one document in several files.
  const whole = isLatex(document) ? facts.documents.filter(isLatex).flatMap(resultsOf) : results
  const beside = (claims: readonly Claim[]) => ({ ...count(claims), knownCells: count(claims.filter(isCell)).known })
  const own = beside(results)
  const total = beside(whole)
  const byTable = new Map(
    [...Map.groupBy(results.filter(isCell), tableOf)].map(([table, claims]) => [table, count(claims)]),
  )
  // A report that a program wrote needs no other evidence, as long as its numbers do not stand out from each other.
  const isByProgram = facts.pool.sources.some(({ path, kind }) => path === document.path && kind === 'process')
  const printed = facts.pool.numbers.filter(({ source }) => facts.pool.sources[source]?.kind === 'process').length
  /** Without the claim itself, which is unknown. */
  const shareBeside = ({ all, known }: { all: number; known: number }) => (all < 2 ? 0 : known / (all - 1))
  return {
    isUnfound,
    isAccident,
    isUntraced:
      facts.session.showsCommands &&
      !isByProgram &&
      printed >= fewestProcessNumbers &&
      total.all >= fewestOfUntraced &&
      total.known <= mostOfUntraced * total.all,
    standsOut(claim) {
      // What is computed from the table of another chapter is not followed.
      const around = whole.length > results.length && isComputed(claim) ? own : total
      const others = around.all - 1
      if (isAccident(claim) && isTraceable(claim)) {
        return others >= fewestForAccident && shareBeside(around) >= leastForAccident
      }
      const table = isCell(claim) ? byTable.get(tableOf(claim)) : undefined
      if (table !== undefined && table.all > 1) {
        if (isByProgram) return table.all > fewestOfProgram && shareBeside(table) >= 1
        return table.known > 0 && shareBeside(table) >= leastOfTable
      }
      const fewest = isCell(claim) || around.knownCells > 0 ? 1 : fewestOfDocument
      return others >= fewest && shareBeside(around) >= leastOfDocument
    },
  }
}

const untraced = ', like hardly any other result of it, though programs of the session printed numbers'

function describe(claim: Claim, facts: AuditFacts): RuleFinding {
  const { where, number, line, path, id } = claim
  const match = facts.matches[id]
  const label = where.kind === 'cell' ? ` (${where.rowLabel} / ${where.columnLabel})` : ''
  const found =
    match?.status === 'unfound'
      ? 'stands in no file and no output, and follows from no other result'
      : 'is met in the evidence by accident only, beside other words'
  const others =
    where.kind === 'cell'
      ? 'while the rest of its table can be traced'
      : 'while other results of the document can be traced'
  return {
    severity: 'major',
    claims: [id],
    message: `${number.text}${label} in line ${line} of ${path} ${found}, ${others}`,
    evidence: (match?.evidence ?? []).map((place) => ({ ...place, role: 'closest' as const })),
    ...(match?.collision === null || match === undefined ? {} : { collision: match.collision }),
  }
}

function describeAll(
  claims: readonly Claim[],
  { severity, why }: { severity: RuleFinding['severity']; why: string },
): RuleFinding {
  const told = claims.slice(0, mostTold).map(({ number, line }) => `${number.text} (line ${line})`)
  const more = claims.length > mostTold ? ` and ${claims.length - mostTold} more` : ''
  return {
    severity,
    claims: claims.map(({ id }) => id),
    message: `${claims.length === 1 ? '1 result' : `${claims.length} results`} of ${claims[0]?.path ?? ''} ${claims.length === 1 ? 'stands' : 'stand'} in no file and no output${why}: ${told.join(', ')}${more}`,
    evidence: [],
  }
}
