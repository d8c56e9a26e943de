import { listAt } from '../../base/list-at.ts'
import type { EvidencePool } from '../evidence/evidence.ts'
import type { AlignedCell, Alignment } from './alignment.ts'

/** What the alignments of a document say of one of its cells. */
export interface SettledCell {
  readonly verdict: 'confirmed' | 'contradicted' | 'slip'
  readonly alignment: Alignment
  readonly cell: AlignedCell
}

interface Entry {
  readonly alignment: Alignment
  readonly cell: AlignedCell
}

/** What a program wrote down counts most, and names more than values alone; what is computed here from many values counts least. */
function rankOf({ alignment, cell }: Entry, pool: EvidencePool): number {
  const isProcess = pool.sources[cell.cell.source]?.kind === 'process'
  return (isProcess ? 4 : 0) + (alignment.matrix.isComputed ? 0 : 2) + (cell.isNamed ? 1 : 0)
}

/** A weaker alignment does not speak against one of more than this many times its matching cells. */
const outweighs = 2

/**
 * Weighs all alignments of a document against each other, cell by cell: a cell is contradicted only where no alignment of comparable
 * strength confirms it, and what programs wrote outweighs what the agent typed.
 */
export function settleCells(alignments: readonly Alignment[], pool: EvidencePool): Map<number, SettledCell> {
  const byClaim = new Map<number, Entry[]>()
  for (const alignment of alignments) {
    for (const cell of alignment.cells) {
      listAt(byClaim, cell.claim.id).push({ alignment, cell })
    }
  }
  const settled = new Map<number, SettledCell>()
  for (const [claim, entries] of byClaim) {
    const strongest = (outcome: readonly AlignedCell['outcome'][]) =>
      entries
        .filter(({ cell }) => outcome.includes(cell.outcome))
        .toSorted((a, b) => rankOf(b, pool) - rankOf(a, pool) || b.alignment.matches - a.alignment.matches)[0]
    const same = strongest(['same'])
    const slip = strongest(['slip'])
    const apart = strongest(['apart', 'missing'])
    const speaksFirst = (a: Entry, b: Entry) => {
      const before = rankOf(a, pool) - rankOf(b, pool)
      if (before === 0) return a.alignment.matches > outweighs * b.alignment.matches
      return before > 0 && outweighs * a.alignment.matches >= b.alignment.matches
    }
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
