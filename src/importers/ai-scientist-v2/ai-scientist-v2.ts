import { PrerequisiteError } from '../../base/errors.ts'
import { artefactPaths } from '../../schema/stage.ts'
import { nameOf, uniqueName } from '../folder-name.ts'
import type {
  Artefact,
  Importer,
  ImportNote,
  ImportOptions,
  SkippedFile,
  SourceContent,
  SourceRun,
  SourceStage,
  SourceTrial,
} from '../importer.ts'
import { workspaceFolder } from '../mlr-bench/layout.ts'
import { judgeName } from '../mlr-bench/models.ts'
import { readPdf } from '../pdf-text.ts'
import { readReviewFiles } from '../read-review-files.ts'
import type { Source } from '../source.ts'
import { describeRun, findRuns, findTask, type SystemRun } from './layout.ts'
import { readTokenTracker, trackedEvents } from './token-tracker.ts'

/**
 * Output folders of AI Scientist v2 (arXiv 2504.08066), as the system leaves them or as the release of MLR-Bench keeps them:
 * `<anything>/<task>/{token_tracker.json, experiments/, *.pdf or *.pdf.txt, review_<judge>.json}`.
 */
export const aiScientistV2: Importer = {
  format: 'ai-scientist-v2',
  detect: (source) => findRuns(source).length > 0,
  list,
}

async function list(source: Source, options: ImportOptions): Promise<SourceContent> {
  const runs = findRuns(source).map((folder) => describeRun(source, folder))
  if (runs.length === 0)
    throw new PrerequisiteError(
      `${source.name} holds no output of AI Scientist v2: no folder with token_tracker.json and *_summary.json`,
    )
  const byAgent = new Map<string, { run: SystemRun; task: string }[]>()
  for (const run of runs) {
    const agent = options.agent ?? (await agentOf(source, run))
    const own = byAgent.get(agent) ?? []
    own.push({ run, task: uniqueName(run.task, new Set(own.map(({ task }) => task))) })
    byAgent.set(agent, own)
  }
  const skipped = runs.flatMap((run) => run.skipped)
  return {
    runs: await Promise.all([...byAgent].map(([agent, own]) => toSourceRun(agent, own, { source, options }))),
    skipped,
  }
}

/** The model that did most of the work, without its date. */
async function agentOf(source: Source, { tracker }: SystemRun): Promise<string> {
  const models = readTokenTracker(await source.readText(tracker)) ?? []
  const [most] = models.toSorted((a, b) => (b.usage.outputTokens ?? 0) - (a.usage.outputTokens ?? 0))
  return most === undefined ? 'ai-scientist-v2' : nameOf(most.name.replace(/-(?:\d{4}-\d\d-\d\d|\d{8})$/, ''))
}

async function toSourceRun(
  agent: string,
  own: readonly { run: SystemRun; task: string }[],
  { source, options }: { source: Source; options: ImportOptions },
): Promise<SourceRun> {
  const trackers = await Promise.all(own.map(async ({ run }) => readTokenTracker(await source.readText(run.tracker))))
  const names = new Set(trackers.flatMap((models) => (models ?? []).map(({ name }) => judgeName(name))))
  const [only] = names
  const model = names.size === 1 && only !== undefined ? only : null
  const models = model === null ? {} : { idea: model, experiment: model, paper: model }
  const tasks = own.map(({ run, task }) => ({ id: task, path: findTask(source, run) }))
  return {
    id: `${options.prefix}ai-scientist-v2-${agent}`,
    format: 'ai-scientist-v2',
    stages: ['idea', 'experiment', 'paper'],
    agents: [{ kind: 'imported', name: agent, system: 'AI Scientist v2', models }],
    tasks: tasks.map(({ id, path }) => ({ id, text: path === null ? null : { from: path } })),
    trials: own.map(({ run, task }) => ({ task, agent, repeat: 1, read: () => readTrial(source, run) })),
    files: [
      ...own.flatMap(({ run }) => run.files),
      ...tasks.flatMap(({ path }) => (path === null ? [] : [{ path, kind: 'task' }])),
    ],
    kept: [],
  }
}

async function readTrial(source: Source, run: SystemRun): Promise<SourceTrial> {
  const task = findTask(source, run)
  const skipped: SkippedFile[] = []
  const notes: ImportNote[] = []
  const artefacts: Artefact[] = [
    ...(task === null ? [] : [{ path: artefactPaths.task, content: { from: task } }]),
    ...(run.idea === null ? [] : [{ path: artefactPaths.idea, content: { from: run.idea } }]),
    ...run.workspace.map(({ from, path }) => ({ path: `${workspaceFolder}/${path}`, content: { from } })),
  ]
  const paper = await readPaper(source, run)
  artefacts.push(...paper.artefacts)
  skipped.push(...paper.skipped)

  const models = readTokenTracker(await source.readText(run.tracker))
  if (models === null) skipped.push({ path: run.tracker, reason: 'no summary of tokens by model' })
  else notes.push({ path: run.tracker, text: 'all calls of a model are told as one: the source only has their sums' })
  const reviewed = await readReviewFiles(
    source,
    run.reviews.map(({ path, judge, rubric }) => ({
      path,
      rubric,
      judge: judgeName(judge),
      view: 'full',
      subject: artefactPaths.paper,
    })),
  )
  const done = { outcome: { status: 'done' }, durationMs: null, events: [] } as const
  const stages: SourceStage[] = [
    ...(run.idea === null ? [] : [{ ...done, stage: 'idea' as const, outputs: [artefactPaths.idea] }]),
    { ...done, stage: 'experiment', outputs: [], events: models === null ? [] : trackedEvents(models, judgeName) },
    ...(paper.artefacts.length === 0
      ? []
      : [{ ...done, stage: 'paper' as const, outputs: paper.artefacts.map(({ path }) => path) }]),
  ]
  return {
    artefacts,
    inputs: [],
    stages,
    reviews: reviewed.reviews,
    humanReviews: [],
    skipped: [...skipped, ...reviewed.skipped],
    notes: [...notes, ...reviewed.notes],
  }
}

/** The text that stands beside the PDF, or else what is read out of it. */
async function readPaper(
  source: Source,
  { paperText, paperPdf }: SystemRun,
): Promise<Pick<SourceTrial, 'artefacts' | 'skipped'>> {
  const pdf: Artefact[] = paperPdf === null ? [] : [{ path: 'results/paper.pdf', content: { from: paperPdf } }]
  if (paperText !== null)
    return { artefacts: [{ path: artefactPaths.paper, content: { from: paperText } }, ...pdf], skipped: [] }
  if (paperPdf === null) return { artefacts: [], skipped: [] }
  const read = await readPdf(await source.read(paperPdf))
  if ('reason' in read) return { artefacts: [], skipped: [{ path: paperPdf, reason: read.reason }] }
  return { artefacts: [{ path: artefactPaths.paper, content: { text: read.text } }, ...pdf], skipped: [] }
}
