import type { ClaimStatus } from '../../schema/audit.ts'
import type { Claim, DocumentClaims } from '../claims/claim.ts'
import type { EvidencePool } from '../evidence/evidence.ts'
import type { Alignment } from './alignment.ts'
import type { HasCompanion } from './companions.ts'
import type { Operand } from './derive.ts'
import { derive } from './derive.ts'
import { deriveProse } from './derive-prose.ts'
import { exchangedCells } from './exchanged-cells.ts'
import type { Lookup } from './lookup.ts'
import type { ClaimMatch, TableAlignment } from './match.ts'
import { derivedMatch, matchValue, statusOfKind } from './match-evidence.ts'
import { matchProse, rememberWords } from './match-prose.ts'
import { repeatProse } from './repeat-prose.ts'
import { ownCells } from './own-tables.ts'
import { poolPlace } from '../evidence/place.ts'
import { indexOperands, linesAround, quantityLines } from './quantity-lines.ts'
import { compareRounded, scales } from './rounding.ts'
import type { SettledCell } from './settle-cells.ts'
import { settleCells } from './settle-cells.ts'

export interface Matcher {
  readonly pool: EvidencePool
  readonly lookup: Lookup
  readonly hasCompanion: HasCompanion
  align(document: DocumentClaims): Alignment[]
}

/** Claims of one document that are looked up; a paper has some hundreds, and what lies behind stays unchecked. */
const mostClaims = 20_000

/** Matches the claims of one document: first its tables, then its text, which may repeat them or be computed from them. */
export function matchDocument(
  document: DocumentClaims,
  matcher: Matcher,
): { matches: ClaimMatch[]; alignments: TableAlignment[] } {
  const { pool } = matcher
  const alignments = matcher.align(document)
  const settled = settleCells(alignments, pool)
  const matches = new Map<number, ClaimMatch>(document.claims.map((claim) => [claim.id, unchecked(claim)]))
  const checked = document.claims.filter((claim) => claim.informative && claim.role !== 'other').slice(0, mostClaims)
  const cells = checked.filter(({ where }) => where.kind === 'cell')
  for (const claim of cells) {
    const cell = settled.get(claim.id)
    matches.set(
      claim.id,
      cell === undefined ? matchValue(claim, document, matcher) : matchSettled(claim, cell, matcher),
    )
  }
  const isPlaced = ({ id }: Claim) => settled.get(id)?.cell.isNamed === true
  for (const [id, hit] of exchangedCells(
    cells.filter((claim) => !isPlaced(claim)),
    document,
    matcher,
  )) {
    const collision = matches.get(id)?.collision ?? null
    const evidence = [poolPlace(pool, hit.evidence, { role: 'contradicts' })]
    settled.delete(id)
    matches.set(id, { claim: id, status: 'contradicted', strength: 'strong', evidence, collision })
  }
  const operands = () =>
    document.claims.flatMap((claim) => operandOf(claim, matches.get(claim.id), settled.get(claim.id)) ?? [])
  const known = indexOperands(operands())
  for (const claim of cells) {
    const match = matches.get(claim.id)
    if (
      match === undefined ||
      settled.has(claim.id) ||
      match.status === 'contradicted' ||
      (match.status === 'traced' && match.strength === 'strong')
    )
      continue
    const derivation = derive(claim, linesAround(claim, known))
    if (derivation !== null) matches.set(claim.id, derivedMatch(claim, derivation, match.collision))
  }
  const facts = {
    ...matcher,
    own: ownCells(document),
    matches,
    lines: quantityLines(document.tables, operands()),
    wordsOf: rememberWords(),
  }
  for (const claim of checked) {
    if (claim.where.kind === 'prose') matches.set(claim.id, matchProse(claim, document, facts))
  }
  deriveProse(
    checked.filter(({ where }) => where.kind === 'prose'),
    matches,
  )
  repeatProse(
    checked.filter(({ where }) => where.kind === 'prose'),
    matches,
  )
  return {
    matches: [...matches.values()],
    alignments: alignments.map((alignment) => describe(alignment, settled, pool)),
  }
}

function unchecked(claim: Claim): ClaimMatch {
  return { claim: claim.id, status: 'unchecked', strength: 'none', evidence: [], collision: null }
}

/** What an aligned table says of a cell. */
function matchSettled(
  claim: Claim,
  { verdict, alignment, cell: { cell } }: SettledCell,
  { pool, lookup }: Matcher,
): ClaimMatch {
  const collision = lookup.collision(claim)
  if (verdict === 'contradicted') {
    const evidence = [poolPlace(pool, cell, { role: 'contradicts' })]
    return { claim: claim.id, status: 'contradicted', strength: 'strong', evidence, collision }
  }
  const kind = pool.sources[cell.source]?.kind ?? 'process'
  const status = alignment.matrix.isComputed && kind === 'process' ? 'derived' : statusOfKind[kind]
  return { claim: claim.id, status, strength: 'strong', evidence: [poolPlace(pool, cell)], collision }
}

const supported: ReadonlySet<ClaimStatus> = new Set(['traced', 'derived', 'typed', 'configured'])

/** A cell that others may be computed from; null for one that is itself in doubt. */
function operandOf(claim: Claim, match: ClaimMatch | undefined, settled: SettledCell | undefined): Operand | null {
  const { where, informative, role } = claim
  if (where.kind !== 'cell' || role !== 'result') return null
  if (informative && (match === undefined || !supported.has(match.status) || match.strength === 'blind')) return null
  const found = settled?.verdict === 'confirmed' ? settled.cell.cell.number : null
  const scale = found === null ? undefined : scales.find((one) => compareRounded(claim.number, found, one) === 'same')
  const exact = found === null || scale === undefined ? (match?.exact ?? null) : found.value * scale
  return { claim, exact, table: where.table, row: where.row, column: where.column }
}

function describe(alignment: Alignment, settled: ReadonlyMap<number, SettledCell>, pool: EvidencePool): TableAlignment {
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
        evidence: poolPlace(pool, cell, { role: 'contradicts' }),
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
