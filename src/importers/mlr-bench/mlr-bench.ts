import type { Importer, ImportOptions, SkippedFile, SourceContent, SourceRun } from '../importer.ts'
import type { Source } from '../source.ts'
import { aiScientistV2 } from '../ai-scientist-v2/ai-scientist-v2.ts'
import { listEndToEnd } from './end-to-end.ts'
import { type HumanTables, readHumanTables } from './humans.ts'
import { listIdeasAndProposals } from './ideas-and-proposals.ts'
import { folders, inRoot, licence, taskNotes, topFolders } from './layout.ts'
import { listStepwise } from './stepwise.ts'

/** The public release of MLR-Bench (arXiv 2505.19955), whole or in part. */
export const mlrBench: Importer = {
  format: 'mlr-bench',
  detect: (source) => source.folders().some((name) => topFolders.includes(name)),
  list: listRelease,
}

async function listRelease(source: Source, options: ImportOptions): Promise<SourceContent> {
  const humans = await readHumanTables(source, options.prefix)
  const other = await listOtherSystem(source, options)
  const runs = [
    ...listIdeasAndProposals(source, options),
    ...listStepwise(source, options),
    ...listEndToEnd(source, options),
    ...other.runs,
  ].map((run) => withCommonFiles(source, withHumanReviews(run, humans)))
  return { runs, skipped: [...other.skipped, ...humans.skipped, ...rowsWithoutTrial(humans, runs)] }
}

/** Papers of AI Scientist v2 come with the release, in that system's own layout. */
async function listOtherSystem(source: Source, options: ImportOptions): Promise<SourceContent> {
  const root = inRoot(source, folders.otherSystem)
  return source.files(root).length === 0
    ? { runs: [], skipped: [] }
    : await aiScientistV2.list(source.at(root), options)
}

/** Puts what people said of a run's papers with its trials. */
function withHumanReviews(run: SourceRun, { rows, files }: HumanTables): SourceRun {
  const own = rows.filter(({ run: name, task }) => name === run.id && run.trials.some((trial) => trial.task === task))
  if (own.length === 0) return run
  const trials = run.trials.map((entry) => ({
    ...entry,
    read: async () => {
      const trial = await entry.read()
      const said = own.filter(({ task, agent }) => task === entry.task && agent === entry.agent)
      return { ...trial, humanReviews: [...trial.humanReviews, ...said.map(({ review }) => review)] }
    },
  }))
  return { ...run, trials, files: [...run.files, ...files], kept: [...run.kept, ...files.map(({ path }) => path)] }
}

/** Rows about papers of which the source holds nothing at all. */
function rowsWithoutTrial({ rows }: HumanTables, runs: readonly SourceRun[]): SkippedFile[] {
  const known = new Set(runs.flatMap(({ id, trials }) => trials.map(({ task, agent }) => `${id}/${task}/${agent}`)))
  return rows
    .filter(({ run, task, agent }) => !known.has(`${run}/${task}/${agent}`))
    .map(({ review: { imported } }) => ({
      path: `${imported.path}, line ${imported.line}`,
      reason: 'a human review of work that the source does not hold',
    }))
}

/** The release's licence goes with every run, and its notes on the tasks: they are about all of them. */
function withCommonFiles(source: Source, run: SourceRun): SourceRun {
  const common = [
    { path: inRoot(source, licence), kind: 'licence' },
    { path: inRoot(source, taskNotes), kind: 'notes on the tasks' },
  ].filter(({ path }) => source.has(path))
  return { ...run, files: [...run.files, ...common], kept: [...run.kept, ...common.map(({ path }) => path)] }
}
