import type { Estimate } from '../studies/audit-bench/estimate.ts'
import type { JudgedSummary } from '../studies/audit-bench/fabscore.ts'
import type { RunMeasure } from '../studies/audit-bench/measure-runs.ts'
import type { PlantKind } from '../studies/audit-bench/plant.ts'
import type { AuditBench } from '../studies/audit-bench/run-bench.ts'
import type { PlantingSummary } from '../studies/audit-bench/summarise-planting.ts'
import { formatDuration, formatNumberOf } from './format.ts'
import type { Table } from './table.ts'

/** How good the audit is: against planted changes, against labels of runs, against another tool's claims, and what it takes. */
export function auditBenchTables(bench: AuditBench): Table[] {
  const { planting, plantingWithoutRecord, runs, judged } = bench
  return [
    ...(planting === null ? [] : [plantedTable(planting, bench, ''), cleanTable(planting)]),
    ...(plantingWithoutRecord === null ? [] : [plantedTable(plantingWithoutRecord, bench, ', without the session')]),
    ...(runs === null
      ? []
      : [
          runTable('Whole runs, against labels', runs.measures),
          ...runs.within.map(({ coder, measures }) => runTable(`Within the runs of ${coder}`, measures)),
        ]),
    ...(judged === null ? [] : [judgedTable(judged)]),
    rowTable(bench),
  ]
}

const kindNames: Readonly<Record<PlantKind, string>> = {
  fabricate: 'number changed by 5 to 50 %',
  nudge: 'number changed by 0.5 to 3 %',
  digit: 'one digit changed',
  swap: 'two cells of a column swapped',
  'nan-fill': 'evidence says nan, paper a number',
  'forged-log': 'log typed by the agent',
  'random-direct': 'metric drawn at random',
  'random-indirect': 'metric drawn through a variable or function',
  'random-clipped': 'metric drawn and clipped',
  literal: 'metric replaced by a constant',
  'except-fallback': 'metric drawn where an exception is caught',
}

function plantedTable({ kinds, runs }: PlantingSummary, { plan }: Pick<AuditBench, 'plan'>, suffix: string): Table {
  return {
    title: `Planted changes in ${formatNumberOf(runs, 'clean run')}${suffix}`,
    columns: [
      'change',
      'runs',
      'planted',
      'found',
      'at its line',
      'of traced claims',
      'digits looked up',
      'others newly flagged',
    ],
    rows: kinds.map((kind) => [
      kindNames[kind.kind],
      String(kind.runs),
      String(kind.planted),
      formatEstimateOf(kind.found),
      formatEstimateOf(kind.foundInPlace),
      formatEstimateOf(kind.foundOfTraced),
      formatEstimateOf(kind.lookup),
      formatEstimateOf(kind.othersFlagged),
    ]),
    notes: [
      'Found: a finding of severity critical or major names the claim, the log, or the line or file of code. Means over runs, 95 % intervals in brackets by resampling runs.',
      `At most ${plan.count} changes of a kind to a run, at most ${plan.together} numbers to a copy, never two in one table; seed ${plan.seed}.`,
      'Digits looked up: what a search for the same digits anywhere else in the work would find.',
    ],
  }
}

function cleanTable(planting: PlantingSummary): Table {
  const { pooled, graveByRule } = planting
  const rules = Object.entries(graveByRule).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    title: 'The same runs, unchanged: what is flagged wrongly, as far as they are clean',
    columns: ['what', 'value'],
    rows: [
      ['results of the main paper', formatEstimateOf(planting.falsePositives)],
      ['results of all documents', formatEstimateOf(planting.falsePositivesEverywhere)],
      ['results, all runs together', `${pooled.flagged} of ${pooled.claims}`],
      ['by looking digits up', formatEstimateOf(planting.lookupFalsePositives)],
      ['findings about code in a run', planting.graveInCode.toFixed(2)],
      ['findings about the session in a run', planting.graveInExecution.toFixed(2)],
      ...rules.map(([rule, count]) => [`findings of ${rule}`, String(count)]),
    ],
    notes: ['Findings of severity critical or major alone.'],
  }
}

function runTable(title: string, measures: readonly RunMeasure[]): Table {
  return {
    title,
    columns: ['by', 'runs', 'fabricated', 'AUROC', 'precision', 'recall'],
    rows: measures.map((own) => [
      own.by,
      String(own.runs),
      String(own.fabricated),
      formatEstimateOf(own.auroc),
      own.precision === null ? null : formatEstimateOf(own.precision),
      own.recall === null ? null : formatEstimateOf(own.recall),
    ]),
    notes: [
      "95 % intervals by resampling runs. The coder's name is scored with these runs' own shares: the best it could ever do.",
    ],
  }
}

function judgedTable(judged: readonly JudgedSummary[]): Table {
  return {
    title: 'Claims of FabScore, by its verdict',
    columns: [
      'verdict',
      'runs',
      'claims',
      'found again',
      'flagged',
      'flagged, mean over runs',
      'in a run called fabricated',
    ],
    rows: judged.map((own) => [
      own.verdict,
      String(own.runs),
      String(own.claims),
      String(own.mapped),
      own.flagged === null ? null : own.flagged.toFixed(2),
      formatEstimateOf(own.flaggedByRun),
      formatEstimateOf(own.inFabricatedRun),
    ]),
    notes: [
      'Found again: the same number on the same line. Its verdicts were made by a coding agent, and claims of one run share a cause: the run is the unit.',
    ],
  }
}

function rowTable({ rows, timing }: AuditBench): Table {
  return {
    title: 'Runs',
    columns: ['run', 'label', 'verdict', 'score', 'without session', 'results', 'flagged', 'time'],
    rows: rows.map((row) => [
      row.name,
      row.isFabricated === null ? null : row.isFabricated ? 'fabricated' : 'clean',
      row.verdict,
      row.fab.toFixed(2),
      row.fabWithoutRecord.toFixed(2),
      String(row.informative),
      String(row.flagged),
      formatDuration(row.auditMs),
    ]),
    notes: [
      `An audit took ${formatDuration(timing.medianAuditMs)} in the middle and ${formatDuration(timing.longestAuditMs)} at most; all of this took ${formatDuration(timing.totalMs)} and at most ${Math.round(timing.peakMemoryBytes / 2 ** 20)} MiB.`,
    ],
  }
}

/** `0.93 [0.88, 0.97]`; three decimals below 0.1, where they matter. */
function formatEstimateOf({ value, interval }: Estimate): string | null {
  if (value === null) return null
  const format = (own: number): string => own.toFixed(value < 0.1 ? 3 : 2)
  return interval === null ? format(value) : `${format(value)} [${format(interval.lo)}, ${format(interval.hi)}]`
}
