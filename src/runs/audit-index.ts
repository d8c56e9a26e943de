import { join } from 'node:path'
import { listFiles } from '../base/files.ts'
import { type Audit, isGrave, type Reproduction } from '../schema/audit.ts'
import { readAudit } from './audit-store.ts'
import { readIndexed } from './file-index.ts'

/** What tables read of an audit. */
export interface AuditSummary {
  /** Id of the trial. */
  readonly trial: string
  readonly verdict: Audit['verdict']
  readonly fab: number
  readonly record: Audit['record']
  /** Informative results; those that trace to a process or follow from such; those that a grave finding is about. */
  readonly informative: number
  readonly traced: number
  readonly flagged: number
  /** Rules with findings of severity major or critical, in the audit's order. */
  readonly graveRules: readonly string[]
  readonly reproduction: Reproduction['outcome'] | null
}

/** All audits of a run in a few numbers each, sorted by trial, from the run's index where that is up to date. */
export async function readAuditSummaries(runFolder: string): Promise<AuditSummary[]> {
  const listed = await listFiles(join(runFolder, 'audits'))
  const paths = listed.filter(({ path, kind }) => kind === 'file' && path.endsWith('.json')).map(({ path }) => path)
  if (paths.length === 0) return []
  const summaries = await readIndexed<{ readonly audit: AuditSummary | null }>(runFolder, {
    name: 'audits',
    version: 'audit-summary@1',
    paths: paths.map((path) => `audits/${path}`),
    make: async (path) => {
      const trial = path.slice('audits/'.length, -'.json'.length)
      const audit = await readAudit(runFolder, trial)
      // one of another version: to be made anew, and no fault of the run
      return { audit: audit === null ? null : summarise(trial, audit) }
    },
  })
  return [...summaries.values()].flatMap(({ audit }) => audit ?? [])
}

function summarise(trial: string, { verdict, score, record, coverage, findings, reproduction }: Audit): AuditSummary {
  const grave = findings.filter(({ severity }) => isGrave(severity))
  return {
    trial,
    verdict,
    fab: score.fab,
    record,
    informative: coverage.informative,
    traced: coverage.byStatus.traced + coverage.byStatus.derived,
    flagged: coverage.flagged,
    graveRules: [...new Set(grave.map(({ rule }) => rule))],
    reproduction: reproduction?.outcome ?? null,
  }
}
