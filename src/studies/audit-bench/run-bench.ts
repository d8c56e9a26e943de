import { performance } from 'node:perf_hooks'
import { auditSubject } from '../../audit/audit.ts'
import type { AuditSubject } from '../../audit/subject/subject.ts'
import type { Audit } from '../../schema/audit.ts'
import {
  compareClaims,
  isRunOf,
  type JudgedClaim,
  type JudgedRow,
  type JudgedSummary,
  summariseJudged,
} from './fabscore.ts'
import { type BenchInput, shortName } from './inputs.ts'
import { readJudgeMarks } from './judge-marks.ts'
import type { MatchedLabels } from './labels.ts'
import { measurePlanting, type PlantedRun } from './measure-planting.ts'
import { measureRuns, type RunRow, type RunStudy } from './measure-runs.ts'
import { type PlantingSummary, summarisePlanting } from './summarise-planting.ts'

export type BenchPart = 'plant' | 'runs' | 'fabscore'
export const benchParts: readonly BenchPart[] = ['plant', 'runs', 'fabscore']

export interface BenchPlan {
  readonly inputs: readonly BenchInput[]
  readonly parts: readonly BenchPart[]
  /** Null without labels: nothing is measured on whole runs, and changes are planted in all of them. */
  readonly labels: MatchedLabels | null
  /** Null without FabScore's claims. */
  readonly judged: readonly JudgedClaim[] | null
  readonly planting: { readonly count: number; readonly together: number; readonly seed: number }
  /** Whether planted copies are audited a second time without their session. */
  readonly withAblation: boolean
}

export interface BenchWork {
  readonly note: (line: string) => void
  readonly signal: AbortSignal
}

/** What the audit said of one piece of work, and how long that took. */
export interface BenchRow extends Omit<RunRow, 'isFabricated' | 'claims'> {
  /** Null without a label. */
  readonly isFabricated: boolean | null
  readonly record: Audit['record']
  readonly claims: number
  readonly informative: number
  readonly flagged: number
  readonly findings: Readonly<Record<string, number>>
  readonly bytes: number
  readonly readMs: number
  readonly auditMs: number
  readonly planted: PlantedRun | null
  readonly plantedWithoutRecord: PlantedRun | null
  readonly judged: readonly JudgedRow[]
}

export interface AuditBench {
  readonly schema: 'mlrbench/audit-bench@1'
  readonly rows: readonly BenchRow[]
  readonly unusedLabels: readonly string[]
  /** Null where nothing was planted. */
  readonly planting: PlantingSummary | null
  readonly plantingWithoutRecord: PlantingSummary | null
  readonly runs: RunStudy | null
  readonly judged: readonly JudgedSummary[] | null
  readonly plan: { readonly count: number; readonly together: number; readonly seed: number }
  readonly timing: {
    readonly medianAuditMs: number
    readonly longestAuditMs: number
    readonly totalMs: number
    /** Of the whole process, in bytes. */
    readonly peakMemoryBytes: number
  }
}

/** Measures the audit on pieces of work, one after the other: only one is in memory. */
export async function runBench(plan: BenchPlan, { note, signal }: BenchWork): Promise<AuditBench> {
  const started = performance.now()
  const rows: BenchRow[] = []
  for (const input of plan.inputs) {
    signal.throwIfAborted()
    const row = await measureInput(input, plan, signal)
    note(`${row.name}: ${row.verdict}, score ${row.fab.toFixed(2)}, ${Math.round(row.auditMs)} ms`)
    rows.push(row)
  }
  const times = rows.map(({ auditMs }) => auditMs).toSorted((a, b) => a - b)
  const labelled = rows.flatMap(({ isFabricated, ...row }): RunRow[] =>
    isFabricated === null ? [] : [{ ...row, isFabricated }],
  )
  return {
    schema: 'mlrbench/audit-bench@1',
    rows,
    unusedLabels: plan.labels?.unused ?? [],
    planting: summarisePlanting(rows.flatMap(({ name, planted }) => (planted === null ? [] : [{ name, planted }]))),
    plantingWithoutRecord: summarisePlanting(
      rows.flatMap(({ name, plantedWithoutRecord: planted }) => (planted === null ? [] : [{ name, planted }])),
    ),
    runs: plan.parts.includes('runs') && labelled.length > 0 ? measureRuns(labelled) : null,
    judged:
      plan.parts.includes('fabscore') && plan.judged !== null
        ? summariseJudged(rows.flatMap(({ judged }) => judged))
        : null,
    plan: plan.planting,
    timing: {
      medianAuditMs: times[Math.floor(times.length / 2)] ?? 0,
      longestAuditMs: times.at(-1) ?? 0,
      totalMs: performance.now() - started,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    },
  }
}

async function measureInput(input: BenchInput, plan: BenchPlan, signal: AbortSignal): Promise<BenchRow> {
  const begun = performance.now()
  const subject = await input.read()
  const read = performance.now()
  const audit = await auditSubject(subject)
  const audited = performance.now()
  const bare = await auditSubject(withoutRecord(subject))
  const isFabricated = plan.labels?.byName.get(input.name) ?? null
  const isClean = isFabricated === false || plan.labels === null
  const plants = plan.parts.includes('plant') && isClean
  const planting = { ...plan.planting, audit: auditSubject, signal }
  const judged = (plan.judged ?? []).filter((claim) => isRunOf(input.name, claim))
  return {
    name: shortName(input.name),
    coder: input.coder,
    isFabricated,
    verdict: audit.verdict,
    fab: audit.score.fab,
    verdictWithoutRecord: bare.verdict,
    fabWithoutRecord: bare.score.fab,
    record: audit.record,
    claims: audit.coverage.claims,
    informative: audit.coverage.informative,
    flagged: audit.coverage.flagged,
    findings: countByRule(audit),
    judges: await readJudgeMarks(input),
    bytes: [...subject.documents, ...subject.files].reduce((sum, { text }) => sum + text.length, 0),
    readMs: read - begun,
    auditMs: audited - read,
    planted: plants ? await measurePlanting(subject, planting) : null,
    plantedWithoutRecord:
      plants && plan.withAblation
        ? await measurePlanting(subject, { ...planting, audit: (copy) => auditSubject(withoutRecord(copy)) })
        : null,
    judged: plan.parts.includes('fabscore') ? compareClaims(shortName(input.name), { claims: judged, audit }) : [],
  }
}

function countByRule({ findings }: Audit): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(findings, ({ rule }) => rule)].map(([rule, own]) => [rule, own.length]))
}

/** The same work as if nobody had recorded its making. */
function withoutRecord(subject: AuditSubject): AuditSubject {
  return { ...subject, events: [], record: 'none' }
}
