import type { Claim, ClaimTable, DocumentClaims } from '../claims/claim.ts'
import { poolPlace } from '../evidence/place.ts'
import type { AuditFacts } from '../facts.ts'
import type { KeyedCell } from '../matching/keyed-cells.ts'
import { compareKeyed, openKeyedCells } from '../matching/keyed-cells.ts'
import type { Rule, RuleFinding } from './rule.ts'

/** Fewer cells may differ for a reason of their own. */
const fewestApart = 4
/** Rows and columns that they spread over. */
const fewestLines = 2
/** Of the cells that the data hold under the same names, from this share on the table as a whole is another one. */
const leastApart = 0.8
/** The data must speak of this share of the table's results. */
const leastKeyed = 0.5
const mostQuoted = 6

export const tableAgainstData: Rule = {
  id: 'table-against-data',
  title: 'A table that its own data contradict throughout',
  part: 'claims',
  claimStatus: 'contradicted',
  catches:
    'A table of which nearly every result stands, under exactly the same names of row and column, in what programs wrote or printed, with another value there. At least four cells in two rows and two columns must differ, and no file or output that is not itself a report may hold them elsewhere. It needs no record of the session.',
  misses:
    'Tables whose rows or columns bear other names than the data, tables of one row or one column, and numbers that lie between several values of the same name, as a mean of them would.',
  falsePositives:
    'Data of another run of the same experiment than the one reported, of which nothing is left. Data that agree with another table of the same document are taken to belong to that one.',
  find(facts) {
    const cellsOf = openKeyedCells(facts.pool, facts.claims)
    return facts.documents.flatMap((document) => findIn(document, facts, cellsOf))
  },
}

interface Compared {
  readonly claim: Claim
  readonly cells: readonly KeyedCell[]
  readonly outcome: ReturnType<typeof compareKeyed>
}

function findIn(
  document: DocumentClaims,
  facts: AuditFacts,
  cellsOf: (claim: Claim) => readonly KeyedCell[],
): RuleFinding[] {
  const resultsOf = Map.groupBy(document.claims.filter(isResult), ({ where }) =>
    where.kind === 'cell' ? where.table : null,
  )
  const tables = document.tables
    .filter(({ isSetup }) => !isSetup)
    .map((table) => {
      const results = resultsOf.get(table.index) ?? []
      const compared = results.flatMap((claim): Compared[] => {
        const cells = cellsOf(claim)
        return cells.length === 0 ? [] : [{ claim, cells, outcome: compareKeyed(claim, cells) }]
      })
      return { table, results, compared, own: agreeingGrids(compared) }
    })
  const timesAgreed = new Map<number, number>()
  for (const { own } of tables) for (const grid of own) timesAgreed.set(grid, (timesAgreed.get(grid) ?? 0) + 1)
  return tables.flatMap(({ table, results, compared, own }) => {
    const isOfOther = (grid: number) => (timesAgreed.get(grid) ?? 0) > (own.has(grid) ? 1 : 0)
    const known = compared.filter(({ cells }) => !cells.some(({ grid }) => isOfOther(grid)))
    const apart = known.filter(({ claim, outcome }) => outcome === 'apart' && !standsElsewhere(claim, facts))
    const isWhole =
      apart.length >= fewestApart &&
      apart.length >= leastApart * known.length &&
      known.length >= leastKeyed * results.length &&
      countLines(apart, 'row') >= fewestLines &&
      countLines(apart, 'column') >= fewestLines
    return isWhole ? [describe(table, apart, facts)] : []
  })
}

function isResult({ where, role, informative, number }: Claim): boolean {
  return role === 'result' && informative && !number.isSpread && where.kind === 'cell'
}

/** Grids that hold at least half of what a table states under their names: they are its data. */
function agreeingGrids(compared: readonly Compared[]): ReadonlySet<number> {
  const counts = new Map<number, { same: number; all: number }>()
  for (const { claim, cells } of compared)
    for (const cell of cells) {
      const before = counts.get(cell.grid) ?? { same: 0, all: 0 }
      const same = compareKeyed(claim, [cell]) === 'same' ? 1 : 0
      counts.set(cell.grid, { same: before.same + same, all: before.all + 1 })
    }
  return new Set([...counts].filter(([, { same, all }]) => same * 2 >= all).map(([grid]) => grid))
}

/** Whether something other than a report gives the number, or what it was computed from. */
function standsElsewhere({ id }: Claim, { matches, pool }: AuditFacts): boolean {
  const match = matches[id]
  if (match === undefined || match.strength === 'blind') return false
  if (match.status !== 'traced' && match.status !== 'derived') return false
  return match.evidence.some(
    (place) =>
      !pool.sources.some(({ path, step, isDocument }) => isDocument && path === place.path && step === place.step),
  )
}

function countLines(compared: readonly Compared[], side: 'row' | 'column'): number {
  return new Set(compared.map(({ claim: { where } }) => (where.kind === 'cell' ? where[side] : -1))).size
}

function describe({ path, index }: ClaimTable, apart: readonly Compared[], { pool }: AuditFacts): RuleFinding {
  const told = apart.slice(0, mostQuoted).map(({ claim: { where, number, line }, cells }) => {
    const name = where.kind === 'cell' ? `${where.rowLabel} / ${where.columnLabel} (line ${line})` : `line ${line}`
    return `${name} is ${number.text} against ${cells[0]?.text ?? ''}`
  })
  const more = apart.length > mostQuoted ? `, and ${apart.length - mostQuoted} more` : ''
  const [source] = apart.flatMap(({ cells }) => cells.map((cell) => pool.sources[cell.source]?.path))
  return {
    severity: 'major',
    claims: apart.map(({ claim }) => claim.id),
    message: `Table ${index + 1} of ${path} differs throughout from ${source ?? 'the output of a command'}, which has the same rows and columns: ${told.join('; ')}${more}`,
    evidence: apart
      .slice(0, mostQuoted)
      .flatMap(({ cells: [cell] }) => (cell === undefined ? [] : [poolPlace(pool, cell, { role: 'contradicts' })])),
  }
}
