import { describeError } from '../../base/errors.ts'
import { formatCount, formatNumberOf, formatSpending } from '../../report/format.ts'
import { readRunReport, type TrialReport } from '../../report/run-report.ts'
import { renderText, type Table, type TextStyle } from '../../report/table.ts'
import { listRuns, readRun } from '../../runs/run-store.ts'
import type { Stage } from '../../schema/stage.ts'
import type { TrialState } from '../../schema/state.ts'
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
      run(
        ({ style }) => (id === undefined ? statusOfAll(flags.logDir, style) : statusOfRun(id, flags.logDir, style)),
        flags,
      ),
    )
}

async function statusOfRun(id: string, logDir: string, style: TextStyle): Promise<CommandResult> {
  const report = await readRunReport(await readRun(logDir, id))
  const table: Table = {
    title: `Run ${report.run}: ${describeCounts(report.trials)}`,
    columns: ['trial', 'status', 'stages', 'calls', 'cost'],
    rows: report.trials.map(({ id: trial, status, state }) => {
      const { spending } = state
      return [
        trial,
        status,
        describeStages(report.stages, state),
        formatCount(spending.calls),
        formatSpending(spending),
      ]
    }),
    notes: [
      `${formatNumberOf(report.reviews.length, 'review')}, ${report.failedReviews.length} failed.`,
      ...(report.unreadableEvents > 0
        ? [`${formatNumberOf(report.unreadableEvents, 'line')} of the event files cannot be read.`]
        : []),
      ...report.trials.flatMap(({ id: trial, state }) =>
        Object.entries(state.stages).flatMap(([stage, { code, message }]) =>
          code === null ? [] : [`${trial}: ${stage} failed: ${code}: ${message}`],
        ),
      ),
    ],
  }
  const { run, folder, trials, agents, failedReviews, unreadableEvents } = report
  return {
    text: `${renderText([table], style)}\n`,
    json: { run, folder, trials, agents, reviews: report.reviews.length, failedReviews, unreadableEvents },
    exitCode: 0,
  }
}

/** How far a trial is: `3 of 5`, and at which stage it stands or failed. */
function describeStages(stages: readonly Stage[], state: TrialState): string {
  const done = stages.filter((stage) => state.stages[stage]?.status === 'done').length
  const open = stages.find((stage) => ['unfinished', 'failed'].includes(state.stages[stage]?.status ?? ''))
  const failed = open !== undefined && state.stages[open]?.status === 'failed' ? ' failed' : ''
  return `${done} of ${stages.length}${open === undefined ? '' : `, ${open}${failed}`}`
}

async function statusOfAll(logDir: string, style: TextStyle): Promise<CommandResult> {
  const ids = await listRuns(logDir)
  const read = await Promise.allSettled(ids.map(async (id) => readRunReport(await readRun(logDir, id))))
  const reports = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  // one run that cannot be read hides none of the others
  const unreadable = read.flatMap((result) => (result.status === 'rejected' ? [describeError(result.reason)] : []))
  const table: Table = {
    title: `${formatNumberOf(reports.length, 'run')} in ${logDir}`,
    columns: ['run', 'trials', 'reviews'],
    rows: reports.map(({ run, trials, reviews }) => [run, describeCounts(trials), String(reviews.length)]),
    notes: [
      ...(ids.length === 0 ? ['The first one: mlrbench demo, or mlrbench run. Runs elsewhere: --log-dir'] : []),
      ...unreadable.map((reason) => `Left out: ${reason}`),
    ],
  }
  const json = reports.map(({ run, folder, createdAt, trials, reviews }) => ({
    run,
    folder,
    createdAt,
    trials: countStatuses(trials),
    reviews: reviews.length,
  }))
  return { text: `${renderText([table], style)}\n`, json, exitCode: unreadable.length > 0 ? 1 : 0 }
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
