import { formatCost, formatCount } from '../../report/format.ts'
import { readRunReport, type TrialReport } from '../../report/run-report.ts'
import { renderText, type Table } from '../../report/table.ts'
import { listRuns, readRun } from '../../runs/run-store.ts'
import type { CommandResult } from '../context.ts'
import { jsonOption, logDirOption, type Register } from '../options.ts'

export const registerStatus: Register = (program, run) => {
  program
    .command('status')
    .description('where a run stands; without a run, all runs of the log dir')
    .argument('[run]', 'id or folder of the run')
    .addOption(logDirOption())
    .addOption(jsonOption())
    .action((id: string | undefined, flags: { logDir: string; json?: boolean }) =>
      run(() => (id === undefined ? statusOfAll(flags.logDir) : statusOfRun(flags.logDir, id)), flags),
    )
}

async function statusOfRun(logDir: string, id: string): Promise<CommandResult> {
  const report = await readRunReport(await readRun(logDir, id))
  const table: Table = {
    title: `Run ${report.run}: ${describeCounts(report.trials)}`,
    columns: ['trial', 'status', ...report.stages, 'calls', 'cost'],
    rows: report.trials.map(({ id: trial, status, state }) => {
      const { calls, costUsd, knownCostUsd } = state.spending
      const stages = report.stages.map((stage) => state.stages[stage]?.status ?? null)
      return [
        trial,
        status,
        ...stages,
        formatCount(calls),
        costUsd === null ? `≥ ${formatCost(knownCostUsd)}` : formatCost(costUsd),
      ]
    }),
    notes: [
      `${report.reviews.length} reviews, ${report.failedReviews.length} failed.`,
      ...report.trials.flatMap(({ id: trial, state }) =>
        Object.entries(state.stages).flatMap(([stage, { code, message }]) =>
          code === null ? [] : [`${trial}: ${stage} failed: ${code}: ${message}`],
        ),
      ),
    ],
  }
  const { run, folder, trials, agents, failedReviews } = report
  return {
    text: `${renderText([table])}\n`,
    json: { run, folder, trials, agents, reviews: report.reviews.length, failedReviews },
    exitCode: 0,
  }
}

async function statusOfAll(logDir: string): Promise<CommandResult> {
  const ids = await listRuns(logDir)
  const reports = await Promise.all(ids.map(async (id) => readRunReport(await readRun(logDir, id))))
  const table: Table = {
    title: `${ids.length} runs in ${logDir}`,
    columns: ['run', 'trials', 'reviews'],
    rows: reports.map(({ run, trials, reviews }) => [run, describeCounts(trials), String(reviews.length)]),
    notes: [],
  }
  const json = reports.map(({ run, folder, createdAt, trials, reviews }) => ({
    run,
    folder,
    createdAt,
    trials: countStatuses(trials),
    reviews: reviews.length,
  }))
  return { text: `${renderText([table])}\n`, json, exitCode: 0 }
}

function countStatuses(trials: readonly TrialReport[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(trials, ({ status }) => status)].map(([status, own]) => [status, own.length]),
  )
}

function describeCounts(trials: readonly TrialReport[]): string {
  const counts = Object.entries(countStatuses(trials)).map(([status, count]) => `${count} ${status}`)
  return counts.length === 0 ? 'no trials' : counts.join(', ')
}
