import { labelAgents } from '../studies/marks.ts'
import { auditReportTables } from './audit-report.ts'
import { ablationTables, faultTables, scoreTables } from './mark-tables.ts'
import type { Report } from './report.ts'
import { runTables } from './run-tables.ts'
import { renderCsv, type Table } from './table.ts'

/** The report's tables: what was done, what it took, the marks by rubric with what they are worth, and what judges found. */
export function reportTables(report: Report): Table[] {
  return [
    ...runTables(report),
    ...auditTables(report),
    ...scoreTables(report),
    ...ablationTables(report.viewAblations),
    ...faultTables(report.faults),
  ]
}

function auditTables({ runs, audits }: Report): Table[] {
  const label = labelAgents(runs.map(({ run, agents }) => ({ run, agents: agents.map(({ agent }) => agent) })))
  return auditReportTables(audits, label)
}

/** The marks as one tidy table: a line for each agent, rubric, dimension and judge, and one (`all`) for the mean over judges. */
export function scoresCsv({ tables }: Report): string {
  const columns = [
    'run',
    'agent',
    'rubric',
    'view',
    'judge_kind',
    'dimension',
    'judge',
    'n',
    'mean',
    'ci95_low',
    'ci95_high',
    'sd_population',
    'sd_sample',
    'min',
    'max',
  ]
  const rows = tables.flatMap(({ rubric, view, judgeKind, agents }) =>
    agents.flatMap(({ run, agent, dimensions }) =>
      dimensions.flatMap(({ dimension, average, judges }) =>
        [{ judge: 'all', ...average }, ...judges].map(
          ({ judge, n, mean, interval, standardDeviation: { population, sample }, min, max }) => {
            const key = [run, agent, rubric, view, judgeKind, dimension, judge]
            return [...key, n, mean, interval?.lo ?? null, interval?.hi ?? null, population, sample, min, max]
          },
        ),
      ),
    ),
  )
  return renderCsv(columns, rows)
}
