import type { ClaimStatus, EvidencePlace } from '../../schema/audit.ts'
import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { EvidenceKind, EvidencePool } from '../evidence/evidence.ts'
import { foldWords } from '../numbers/fold-words.ts'
import type { Alignment } from './align-matrix.ts'
import { contextOf } from './context.ts'
import type { Operand } from './derive.ts'
import { derive } from './derive.ts'
import type { Lookup } from './lookup.ts'
import type { ClaimMatch, TableAlignment } from './match.ts'
import type { OwnCell } from './own-tables.ts'
import { isNamed, isSameNumber, namedCell, ownCells, repeatedCells } from './own-tables.ts'
import { placeOf, quoteOf } from './place.ts'
import type { SettledCell } from './settle-cells.ts'
import { settleCells } from './settle-cells.ts'

export interface Matcher {
  readonly pool: EvidencePool
  readonly lookup: Lookup
  align(document: DocumentClaims): Alignment[]
}

/** Above this chance of an accident a value alone says nothing. */
const blindAbove = 0.02
const weakAbove = 0.35
const strongBelow = 0.1

/** Matches the claims of one document: first its tables, then its text, which may repeat them or be computed from them. */
export function matchDocument(
  document: DocumentClaims,
  matcher: Matcher,
): { matches: ClaimMatch[]; alignments: TableAlignment[] } {
  const alignments = matcher.align(document)
  const settled = settleCells(alignments, matcher.pool)
  const matches = new Map<number, ClaimMatch>()
  const checked = document.claims.filter((claim) => claim.informative && claim.role !== 'other')
  const cells = checked.filter((claim) => claim.where.kind === 'cell')
  const prose = checked.filter((claim) => claim.where.kind === 'prose')
  for (const claim of document.claims) matches.set(claim.id, unchecked(claim))
  for (const claim of cells) matches.set(claim.id, matchCell(claim, document, { ...matcher, settled: settled.get(claim.id) }))
  const isSupported = (claim: Claim) => supported.has(matches.get(claim.id)?.status ?? 'unchecked')
  const operandsOf = () => document.claims.flatMap((claim) => operandOf(claim, claim.informative ? isSupported(claim) : true))
  let operands = operandsOf()
  for (const claim of cells) {
    const match = matches.get(claim.id)
    if (match === undefined || (match.status !== 'unfound' && match.strength !== 'blind')) continue
    if (settled.has(claim.id)) continue
    const derived = deriveCell(claim, operands)
    if (derived !== null) matches.set(claim.id, { ...derived, collision: match.collision })
  }
  operands = operandsOf()
  const own = ownCells(document)
  for (const claim of prose) matches.set(claim.id, matchProse(claim, document, { ...matcher, own, matches, operands }))
  return {
    matches: [...matches.values()],
    alignments: alignments.map((alignment) => describe(alignment, settled, matcher.pool)),
  }
}

const supported: ReadonlySet<ClaimStatus> = new Set(['traced', 'derived', 'typed', 'configured'])

function unchecked(claim: Claim): ClaimMatch {
  return { claim: claim.id, status: 'unchecked', strength: 'none', evidence: [], collision: null }
}

const statusOfKind: Record<EvidenceKind, ClaimStatus> = {
  process: 'traced',
  config: 'configured',
  plan: 'planned',
  typed: 'typed',
  literal: 'literal',
}

function matchCell(
  claim: Claim,
  document: DocumentClaims,
  { pool, lookup, settled }: Matcher & { settled: SettledCell | undefined },
): ClaimMatch {
  const collision = lookup.collision(claim)
  if (settled === undefined) return fromHits(claim, document, { pool, lookup, collision })
  const { cell } = settled.cell
  if (settled.verdict === 'contradicted') {
    const evidence = [placeOf(pool, cell, 'contradicts')]
    return { claim: claim.id, status: 'contradicted', strength: 'strong', evidence, collision }
  }
  const kind = pool.sources[cell.source]?.kind ?? 'process'
  const status = settled.alignment.matrix.isComputed && kind === 'process' ? 'derived' : statusOfKind[kind]
  return { claim: claim.id, status, strength: 'strong', evidence: [placeOf(pool, cell, 'origin')], collision }
}

/** The place of a value in the evidence at large. */
function fromHits(
  claim: Claim,
  document: DocumentClaims,
  { pool, lookup, collision }: Pick<Matcher, 'pool' | 'lookup'> & { collision: number },
): ClaimMatch {
  const context = contextOf(claim, document.tables)
  const hits = lookup.find(claim, context)
  const best = hits[0]
  if (best === undefined) return { claim: claim.id, status: 'unfound', strength: 'none', evidence: [], collision }
  // What counts is how easily the value is met among evidence that shares as many words.
  const among = collision <= blindAbove ? collision : lookup.collisionAmong(claim, context, best.shared)
  const strength = among > weakAbove || (best.shared === 0 && among > blindAbove) ? 'blind' : best.shared === 0 || among > strongBelow ? 'weak' : 'strong'
  return {
    claim: claim.id,
    status: statusOfKind[best.kind],
    strength,
    evidence: hits.slice(0, 3).map((hit) => placeOf(pool, hit.evidence, 'origin')),
    collision: among,
  }
}

function operandOf(claim: Claim, isSupported: boolean): Operand[] {
  const { where } = claim
  if (where.kind !== 'cell' || claim.role !== 'result' || !isSupported) return []
  return [{ claim, table: where.table, row: where.row, column: where.column }]
}

/** From cells of its own row, or of its own column. */
function deriveCell(claim: Claim, operands: readonly Operand[]): Omit<ClaimMatch, 'collision'> | null {
  const { where } = claim
  if (where.kind !== 'cell') return null
  const near = operands.filter(
    (operand) =>
      operand.claim !== claim &&
      operand.table === where.table &&
      (operand.row === where.row || operand.column === where.column),
  )
  return derivedMatch(claim, near, where.kind)
}

function derivedMatch(claim: Claim, operands: readonly Operand[], _kind: string): Omit<ClaimMatch, 'collision'> | null {
  const derivation = derive(claim, operands)
  if (derivation === null) return null
  return {
    claim: claim.id,
    status: 'derived',
    strength: 'strong',
    evidence: derivation.from.map((from) => claimPlace(from, derivation.how)),
  }
}

/** A claim of the same document as evidence. */
function claimPlace(claim: Claim, how: string): EvidencePlace {
  const label =
    claim.where.kind === 'cell' ? `${claim.where.rowLabel} | ${claim.where.columnLabel}: ${claim.number.text}` : claim.where.sentence
  return { path: claim.path, step: null, line: claim.line, quote: quoteOf(how === '' ? label : `${how} (${label})`), role: 'origin' }
}

interface ProseFacts extends Matcher {
  readonly own: readonly OwnCell[]
  readonly matches: ReadonlyMap<number, ClaimMatch>
  readonly operands: readonly Operand[]
}

function matchProse(
  claim: Claim,
  document: DocumentClaims,
  { pool, lookup, own, matches, operands }: ProseFacts,
): ClaimMatch {
  const { where } = claim
  const sentence = new Set(foldWords((where.kind === 'prose' ? where.sentence : '').slice(0, 4_000)))
  const collision = lookup.collision(claim)
  const repeated = repeatedCells(claim, sentence, own)
  const inherited = repeated[0]
  const inherit = (cell: OwnCell): ClaimMatch => {
    const match = matches.get(cell.claim.id)
    const status = match === undefined || match.status === 'unchecked' ? 'traced' : match.status
    const evidence = [claimPlace(cell.claim, ''), ...(match?.evidence ?? [])].slice(0, 3)
    return { claim: claim.id, status, strength: match?.strength ?? 'weak', evidence, collision }
  }
  if (inherited !== undefined && inherited.named > 0) return inherit(inherited.cell)
  const found = fromHits(claim, document, { pool, lookup, collision })
  if (found.strength === 'strong' || (found.strength === 'weak' && found.status === 'traced')) return found
  const named = operands.filter(
    ({ claim: other }) =>
      other.where.kind === 'cell' &&
      (isNamed(foldWords(other.where.rowLabel), sentence) || isNamed(foldWords(other.where.columnLabel), sentence)),
  )
  const derived = derivedMatch(claim, named.length > 1 ? named : operands, where.kind)
  if (derived !== null) return { ...derived, collision }
  if (inherited !== undefined) return inherit(inherited.cell)
  if (found.status !== 'unfound') return found
  const meant = namedCell(sentence, own)
  const isStatedElse = meant !== null && document.claims.some((other) => other !== claim && inSentence(other, claim) && isSameNumber(other, meant.claim))
  if (meant === null || isStatedElse) return found
  return {
    claim: claim.id,
    status: 'contradicted',
    strength: 'weak',
    evidence: [{ ...claimPlace(meant.claim, ''), role: 'contradicts' }],
    collision,
  }
}

function inSentence(a: Claim, b: Claim): boolean {
  return a.where.kind === 'prose' && b.where.kind === 'prose' && a.where.sentence === b.where.sentence && Math.abs(a.line - b.line) < 20
}

function describe(
  alignment: Alignment,
  settled: ReadonlyMap<number, SettledCell>,
  pool: EvidencePool,
): TableAlignment {
  const settledAs = (verdict: SettledCell['verdict']) =>
    alignment.cells
      .filter((cell) => {
        const last = settled.get(cell.claim.id)
        return last?.alignment === alignment && last.cell === cell && last.verdict === verdict
      })
      .map(({ claim, cell, outcome }) => ({
        claim: claim.id,
        found: cell.text,
        isMissing: outcome === 'missing',
        evidence: placeOf(pool, cell, 'contradicts'),
      }))
  return {
    path: alignment.table.table.path,
    table: alignment.table.table.index,
    grid: alignment.matrix.grid,
    matches: alignment.matches,
    mismatches: settledAs('contradicted'),
    slips: settledAs('slip'),
  }
}
