import { formatHalfUp } from '../stats/round.ts'
import type { DimensionScores } from '../studies/score-tables.ts'
import { titleOf } from './mark-tables.ts'
import type { Report, ReportedTable } from './report.ts'
import type { Table } from './table.ts'

/**
 * The tables of arXiv 2505.19955: one for each judge and one for their average, mean ± standard deviation, in the paper's own
 * rounding, each row above the same numbers unrounded.
 */
export function paperTables({ tables }: Report): Table[] {
  return tables.flatMap((table) =>
    table.judgeKind === 'model' && table.dimensions.length > 0
      ? [...table.judges.map((judge) => judgeTable(table, judge)), averageTable(table)]
      : [],
  )
}

function judgeTable(table: ReportedTable, judge: string): Table {
  const rows = rowsOf(table, (scores) => {
    const rounded = scores.paper?.judges.find((own) => own.judge === judge)
    const own = scores.judges.find((candidate) => candidate.judge === judge)
    if (rounded === undefined || own === undefined) return null
    return {
      paper: `${rounded.mean} ± ${rounded.standardDeviation}`,
      exact: `${exact(own.mean)} ± ${exact(own.standardDeviation.population)}`,
    }
  })
  return {
    title: `${titleOf(table)} by ${judge}, as the paper prints them`,
    columns: ['agent', 'rounding', ...table.dimensions],
    rows,
    notes: ['Mean ± standard deviation over items, divided by n; the paper rounds half up to two decimals.'],
  }
}

function averageTable(table: ReportedTable): Table {
  const rows = rowsOf(table, ({ paper, average }) =>
    paper === null
      ? null
      : {
          paper: `${paper.mean} ± ${paper.standardDeviation}`,
          exact: `${exact(average.mean)} ± ${exact(average.standardDeviation.population)}`,
        },
  )
  return {
    title: `${titleOf(table)} averaged over ${table.judges.length === 1 ? 'one judge' : `${table.judges.length} judges`}, as the paper prints them`,
    columns: ['agent', 'rounding', ...table.dimensions],
    rows,
    notes: [
      "Paper: the mean of the judges' already rounded means, rounded half up again, and the root of their summed squared deviations over the number of judges; the paper's own ± follow no single formula.",
      "Exact: over items of the mean over judges, with those means' own deviation.",
    ],
  }
}

interface Cell {
  readonly paper: string
  readonly exact: string
}

function rowsOf(
  { agents, dimensions }: ReportedTable,
  cellOf: (scores: DimensionScores) => Cell | null,
): Table['rows'] {
  return agents.flatMap(({ agent, dimensions: scores }) => {
    const cells = dimensions.map((dimension) => {
      const own = scores.find((candidate) => candidate.dimension === dimension)
      return own === undefined ? null : cellOf(own)
    })
    return [
      [agent, 'paper', ...cells.map((cell) => cell?.paper ?? null)],
      [agent, 'exact', ...cells.map((cell) => cell?.exact ?? null)],
    ]
  })
}

const exact = (value: number): string => formatHalfUp(value, 6)
