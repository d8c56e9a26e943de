import type { ImportedAgentSpec } from '../../schema/config.ts'
import { artefactPaths, type Stage, stages } from '../../schema/stage.ts'
import { unknownUsage } from '../../schema/usage.ts'
import type {
  ImportNote,
  ImportOptions,
  ReadFile,
  SkippedFile,
  SourceRun,
  SourceStage,
  SourceTrial,
  SourceTrialEntry,
} from '../importer.ts'
import { type ReviewFile, readReviewFiles } from '../read-review-files.ts'
import type { Source } from '../source.ts'
import { type EndToEndSystem, endToEndSystems, searchModel } from './coders.ts'
import { folders, inRoot, namedFolders, nameIn, runNames, sourceTask } from './layout.ts'
import { judgeName, modelOf } from './models.ts'
import { coderFiles, kindOfCoderFile, readExperiment } from './read-experiment.ts'
import { subsetJudges } from './review-folders.ts'
import { callEvent, readTokenUsage } from './usage.ts'

type WritingStage = Exclude<Stage, 'experiment'>
const usageFiles: Readonly<Record<WritingStage, string>> = {
  idea: 'idea_token_usage.json',
  literature: 'lit_token_usage.json',
  proposal: 'proposal_token_usage.json',
  paper: 'paper_token_usage.json',
}

/** One run a system: `end2end_<system>`. */
export function listEndToEnd(source: Source, options: ImportOptions): SourceRun[] {
  return Object.entries(endToEndSystems).flatMap(([name, system]) => {
    const tasks = namedFolders(source, folders.endToEnd(name))
    return tasks.length === 0 ? [] : [describeRun(source, { name, system, tasks, options })]
  })
}

interface SystemRun {
  readonly name: string
  readonly system: EndToEndSystem
  readonly tasks: readonly string[]
  readonly options: ImportOptions
}

function describeRun(source: Source, run: SystemRun): SourceRun {
  const { name, system } = run
  const root = inRoot(source, folders.endToEnd(name))
  const logs = source.files(root).filter((path) => !path.slice(root.length + 1).includes('/') && path.endsWith('.log'))
  const tasks = run.tasks.map((id) => sourceTask(source, id))
  return {
    id: `${run.options.prefix}${runNames.endToEnd(name)}`,
    format: 'mlr-bench',
    stages,
    agents: [describeAgent(name, system)],
    tasks,
    trials: tasks.map(({ id }) => toTrial(source, { ...run, task: id })),
    files: [
      ...tasks.flatMap(({ text }) => (text !== null && 'from' in text ? [{ path: text.from, kind: 'task' }] : [])),
      ...tasks.flatMap(({ id }) => taskFiles(source, run, id)),
      ...logs.map((path) => ({ path, kind: 'log of the whole run' })),
    ],
    kept: logs,
  }
}

function describeAgent(name: string, { backbone, coder, coderModel }: EndToEndSystem): ImportedAgentSpec {
  const known = (file: string): string => modelOf(file) ?? file
  const models = {
    idea: known(backbone),
    literature: known(searchModel),
    proposal: known(backbone),
    experiment: known(coderModel),
    paper: known(backbone),
  }
  return { kind: 'imported', name, system: `MLR-Agent with ${coder.name}`, models }
}

function taskFiles(source: Source, { name, system }: SystemRun, task: string): ReadFile[] {
  const folder = inRoot(source, `${folders.endToEnd(name)}/${task}`)
  const kinds: Record<string, string> = {
    [artefactPaths.task]: 'task',
    ...Object.fromEntries(writingStages.map((stage) => [artefactPaths[stage], stage])),
    ...Object.fromEntries(Object.values(usageFiles).map((path) => [path, 'token usage'])),
  }
  return [
    ...Object.entries(kinds)
      .map(([path, kind]) => ({ path: `${folder}/${path}`, kind }))
      .filter(({ path }) => source.has(path)),
    ...coderFiles(source, folder).map((path) => ({
      path: `${folder}/${path}`,
      kind: kindOfCoderFile(path, system.coder),
    })),
    ...reviewFiles(source, name, task).map(({ path }) => ({ path, kind: 'review' })),
  ]
}

const writingStages = ['idea', 'literature', 'proposal', 'paper'] as const

/** Reviews of a system's paper: with code, without it, and those that look for hallucinations, which lie beside the work. */
function reviewFiles(source: Source, system: string, task: string): ReviewFile[] {
  const subject = artefactPaths.paper
  const views = { [`review_${system}.json`]: 'full', [`review_${system}_no_code.json`]: 'no-code' } as const
  const marks = subsetJudges(source).flatMap(({ path: folder, judge }) =>
    Object.entries(views).map(([file, view]) => {
      return { path: `${folder}/${task}/${file}`, rubric: 'end-to-end', judge, view, subject }
    }),
  )
  const own = inRoot(source, `${folders.endToEnd(system)}/${task}`)
  const hallucinations = source.files(own).flatMap((path): ReviewFile[] => {
    const judge = nameIn(path.slice(own.length + 1), 'review_hallucination_', '.json')
    return judge === null ? [] : [{ path, rubric: 'hallucination', judge: judgeName(judge), view: 'full', subject }]
  })
  return [...marks.filter(({ path }) => source.has(path)), ...hallucinations]
}

function toTrial(source: Source, run: SystemRun & { readonly task: string }): SourceTrialEntry {
  const { name, task } = run
  return {
    task,
    agent: name,
    repeat: 1,
    read: async () => {
      const work = await readWork(source, run)
      const reviews = await readReviewFiles(source, reviewFiles(source, name, task))
      return {
        ...work,
        inputs: [],
        humanReviews: [],
        reviews: reviews.reviews,
        skipped: [...work.skipped, ...reviews.skipped],
        notes: [...work.notes, ...reviews.notes],
      }
    },
  }
}

async function readWork(
  source: Source,
  { name, system, task }: SystemRun & { readonly task: string },
): Promise<Pick<SourceTrial, 'artefacts' | 'stages' | 'skipped' | 'notes'>> {
  const folder = inRoot(source, `${folders.endToEnd(name)}/${task}`)
  const skipped: SkippedFile[] = []
  const notes: ImportNote[] = []
  const done = new Map<Stage, SourceStage>()
  const texts = [artefactPaths.task, ...writingStages.map((stage) => artefactPaths[stage])].filter((path) =>
    source.has(`${folder}/${path}`),
  )
  for (const stage of writingStages) {
    const path = artefactPaths[stage]
    if (!texts.includes(path)) continue
    const model = stage === 'literature' ? searchModel : system.backbone
    const usagePath = `${folder}/${usageFiles[stage]}`
    const usage = source.has(usagePath) ? readTokenUsage(await source.readText(usagePath)) : unknownUsage
    if (usage === null) skipped.push({ path: usagePath, reason: 'token usage of an unknown shape' })
    const events = [callEvent(stage, modelOf(model) ?? model, usage ?? unknownUsage)]
    done.set(stage, { stage, outcome: { status: 'done' }, durationMs: null, outputs: [path], events })
  }
  const experiment = await readExperiment(source, folder, system.coder)
  if (experiment.stage !== null) done.set('experiment', experiment.stage)
  notes.push(...experiment.notes)
  return {
    artefacts: [...texts.map((path) => ({ path, content: { from: `${folder}/${path}` } })), ...experiment.artefacts],
    stages: stages.flatMap((stage) => done.get(stage) ?? []),
    skipped,
    notes,
  }
}
