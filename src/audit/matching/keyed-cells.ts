import type { Claim } from '../claims/claim.ts'
import type { EvidencePool } from '../evidence/evidence.ts'
import { bareLabel } from './own-tables.ts'
import { readCell } from './read-cell.ts'
import type { Written } from './rounding.ts'
import { compareRounded, isPlausibleScale, scales } from './rounding.ts'

/** A cell that a program filled, under the names of its row and its column. */
export interface KeyedCell {
  readonly grid: number
  readonly source: number
  readonly line: number
  readonly text: string
  readonly number: Written
}

/** Cells that are looked at in all; what lies beyond speaks for nobody. */
const mostCells = 300_000
/** Longer labels are sentences. */
const longestLabel = 400
/** Cells of one name; more of them are a series. */
const mostOfName = 40

/**
 * What programs wrote, by the names of row and column, whichever of the two is which. Reports are left out, and so are rows that the agent
 * typed.
 * @param claims those that are going to be looked up
 * @returns the cells that bear exactly the names of a claim's row and column; empty for what stands in no table
 */
export function openKeyedCells(pool: EvidencePool, claims: readonly Claim[]): (claim: Claim) => readonly KeyedCell[] {
  const namesOf = rememberNames()
  const pairsOfClaim = ({ where }: Claim): string[] =>
    where.kind === 'cell' ? pairsOf(namesOf(where.rowLabel), namesOf(where.columnLabel)) : []
  const cells = new Map<string, KeyedCell[]>(claims.flatMap(pairsOfClaim).map((name) => [name, []]))
  const asked = new Set([...cells.keys()].flatMap((name) => name.split('\n')))
  const askedOf = (label: string): string[] => namesOf(label).filter((name) => asked.has(name))
  let seen = 0
  for (const [grid, { source, columnLabels, rows }] of pool.grids.entries()) {
    if (!isOfProgram(pool, source)) continue
    const columns = columnLabels.flatMap((label, at) => {
      const names = askedOf(label)
      return names.length === 0 ? [] : [{ at, names }]
    })
    if (columns.length === 0) continue
    for (const row of rows) {
      const rowNames = askedOf(row.label)
      if (rowNames.length === 0 || !isOfProgram(pool, row.source ?? source)) continue
      for (const { at, names } of columns) {
        seen += 1
        if (seen > mostCells) break
        const text = row.cells[at] ?? ''
        const number = firstNumber(text)
        if (number === null) continue
        const cell = { grid, source: row.source ?? source, line: row.line, text, number }
        for (const name of pairsOf(rowNames, names)) {
          const list = cells.get(name)
          if (list !== undefined && list.length < mostOfName) list.push(cell)
        }
      }
    }
  }
  // Names in full come first: `ours (no memory)` is `ours` only where nothing else bears its name.
  return (claim) =>
    pairsOfClaim(claim)
      .map((name) => cells.get(name) ?? [])
      .find(({ length }) => length > 0) ?? []
}

/**
 * How a claim stands to the cells of its names: `same` where one holds its value, `apart` where it lies outside of all that they span,
 * on every scale; `unclear` between them, where it may be their mean, and beside a series of which not all was read.
 */
export function compareKeyed({ number }: Claim, cells: readonly KeyedCell[]): 'same' | 'apart' | 'unclear' {
  let isBetween = cells.length >= mostOfName
  for (const scale of scales) {
    let isLess = false
    let isMore = false
    for (const { number: found } of cells) {
      if (!isPlausibleScale(number, found.value, scale)) continue
      if (compareRounded(number, found, scale) !== 'apart') return 'same'
      if (Math.abs(found.value) * scale < Math.abs(number.value)) isLess = true
      else isMore = true
    }
    if (isLess && isMore) isBetween = true
  }
  return isBetween ? 'unclear' : 'apart'
}

function isOfProgram(pool: EvidencePool, source: number): boolean {
  const of = pool.sources[source]
  return of?.kind === 'process' && !of.isDocument
}

function firstNumber(text: string): Written | null {
  const numbers = readCell(text)
  return numbers === null || numbers === 'missing' ? null : (numbers[0] ?? null)
}

/** What a label is called, with and without what stands in brackets; data repeat their labels. */
function rememberNames(): (label: string) => readonly string[] {
  const known = new Map<string, readonly string[]>()
  return (label) => {
    let names = known.get(label)
    if (names === undefined) {
      // A bare number names no row: it counts epochs here and shots there.
      names = [...new Set([nameOf(label), nameOf(bareLabel(label))])].filter((name) => /\p{L}/u.test(name))
      known.set(label, names)
    }
    return names
  }
}

/** Letters and digits in lower case, and the points of decimals: `lr=0.1` is not `lr=01`. */
function nameOf(label: string): string {
  const kept = label.slice(0, longestLabel).toLowerCase()
  return kept.replace(/[^\p{L}\d.]+|(?<!\d)\.|\.(?!\d)/gu, '')
}

/** Both names as one, in an order that does not depend on which is the row's. */
function pairsOf(rows: readonly string[], columns: readonly string[]): string[] {
  return rows.flatMap((row) => columns.map((column) => (row < column ? `${row}\n${column}` : `${column}\n${row}`)))
}
