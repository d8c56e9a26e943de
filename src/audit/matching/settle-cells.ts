import type { EvidencePool } from '../evidence/evidence.ts'
import type { AlignedCell, Alignment } from './align-matrix.ts'

/** What the alignments of a document say of one of its cells. */
export interface SettledCell {
  readonly verdict: 'confirmed' | 'contradicted' | 'slip'
  readonly alignment: Alignment
  readonly cell: AlignedCell
}

/** A weaker alignment does not speak against one of more than this many times its matching cells. */
const outweighs = 2

/**
 * Weighs all alignments of a document against each other, cell by cell: a cell is contradicted only where no alignment of comparable
 * strength confirms it, and what programs wrote outweighs what the agent typed.
 */
export function settleCells(alignments: readonly Alignment[], pool: EvidencePool): Map<number, SettledCell> {
  const byClaim = new Map<number, { alignment: Alignment; cell: AlignedCell }[]>()
  for (const alignment of alignments) {
    for (const cell of alignment.cells) {
      const entries = byClaim.get(cell.claim.id)
      if (entries === undefined) byClaim.set(cell.claim.id, [{ alignment, cell }])
      else entries.push({ alignment, cell })
    }
  }
  const settled = new Map<number, SettledCell>()
  for (const [claim, entries] of byClaim) {
    const isProcess = ({ cell }: { cell: AlignedCell }) => pool.sources[cell.cell.source]?.kind === 'process'
    const strongest = (outcome: readonly AlignedCell['outcome'][]) =>
      entries
        .filter(({ cell }) => outcome.includes(cell.outcome))
        .toSorted((a, b) => Number(isProcess(b)) - Number(isProcess(a)) || b.alignment.matches - a.alignment.matches)[0]
    const same = strongest(['same'])
    const slip = strongest(['slip'])
    const apart = strongest(['apart', 'missing'])
    const speaksFirst = (a: { alignment: Alignment; cell: AlignedCell }, b: { alignment: Alignment; cell: AlignedCell }) =>
      isProcess(a) === isProcess(b)
        ? a.alignment.matches > outweighs * b.alignment.matches
        : isProcess(a) && outweighs * a.alignment.matches >= b.alignment.matches
    if (same !== undefined && (apart === undefined || !speaksFirst(apart, same))) {
      settled.set(claim, { verdict: 'confirmed', ...same })
    } else if (slip !== undefined && (apart === undefined || !speaksFirst(apart, slip))) {
      settled.set(claim, { verdict: 'slip', ...slip })
    } else if (apart !== undefined) {
      settled.set(claim, { verdict: 'contradicted', ...apart })
    }
  }
  return settled
}
