import type { ImportedAgentSpec } from '../../schema/config.ts'
import { artefactPaths } from '../../schema/stage.ts'
import { unknownUsage } from '../../schema/usage.ts'
import type { ImportOptions, ReadFile, SourceRun, SourceTrialEntry } from '../importer.ts'
import { type ReviewFile, readReviewFiles } from '../read-review-files.ts'
import type { Source } from '../source.ts'
import { stepwiseCoders } from './coders.ts'
import { givenTexts } from './ideas-and-proposals.ts'
import { folders, inRoot, namedFolders, nameIn, runNames, sourceTask, transcriptPath } from './layout.ts'
import { modelOf } from './models.ts'
import { coderFiles, kindOfCoderFile, readExperiment } from './read-experiment.ts'
import { subsetJudges } from './review-folders.ts'
import { callEvent } from './usage.ts'

const given = ['idea', 'literature', 'proposal'] as const

/** One trial of a study in which a single stage is done from the same inputs by each agent. */
interface StepwiseTrial {
  readonly task: string
  readonly agent: string
  /** Folder with the inputs and the coder's work. */
  readonly folder: string
  /** The coder that did the work, or whose results the paper is about. */
  readonly coder: string
  readonly reviews: readonly ReviewFile[]
}

/** The run of experiments by several coders, and the run of papers by several writers about one coder's results. */
export function listStepwise(source: Source, options: ImportOptions): SourceRun[] {
  const experiments = listExperiments(source)
  const papers = listPapers(source, experiments)
  return [
    ...(experiments.length === 0 ? [] : [experimentRun(source, experiments, options)]),
    ...(papers.length === 0 ? [] : [paperRun(source, papers, options)]),
  ]
}

function listExperiments(source: Source): StepwiseTrial[] {
  return Object.keys(stepwiseCoders).flatMap((coder) =>
    namedFolders(source, `${folders.stepwise}/${coder}`).map((task) => ({
      task,
      agent: coder,
      coder,
      folder: inRoot(source, `${folders.stepwise}/${coder}/${task}`),
      reviews: reviewsOf(source, `${task}/experiments/${coder}.json`, {
        rubric: 'experiment',
        subject: transcriptPath,
      }),
    })),
  )
}

/** Papers lie beside the results they are about; of a task with several coders, those of the first one that has any. */
function listPapers(source: Source, experiments: readonly StepwiseTrial[]): StepwiseTrial[] {
  const seen = new Set<string>()
  return experiments.flatMap(({ task, folder, coder }) => {
    const writers = source
      .files(`${folder}/results`)
      .flatMap((path) => nameIn(path.slice(`${folder}/results/`.length), 'paper_', '.md') ?? [])
    if (writers.length === 0 || seen.has(task)) return []
    seen.add(task)
    return writers.map((agent) => ({
      task,
      agent,
      coder,
      folder,
      reviews: reviewsOf(source, `${task}/paper/${agent}.json`, { rubric: 'paper', subject: artefactPaths.paper }),
    }))
  })
}

function reviewsOf(source: Source, file: string, about: { rubric: string; subject: string }): ReviewFile[] {
  return subsetJudges(source)
    .map(({ path, judge }): ReviewFile => ({ path: `${path}/${file}`, judge, view: 'full', ...about }))
    .filter(({ path }) => source.has(path))
}

function experimentRun(source: Source, trials: readonly StepwiseTrial[], { prefix }: ImportOptions): SourceRun {
  const agents = [...new Set(trials.map(({ agent }) => agent))].map((name): ImportedAgentSpec => {
    const coder = stepwiseCoders[name]
    const model = coder === undefined ? null : (modelOf(coder.coderModel) ?? coder.coderModel)
    const models = model === null ? {} : { experiment: model }
    return { kind: 'imported', name, system: coder?.coder.name ?? name, models }
  })
  return {
    ...describeTrials(source, trials),
    id: `${prefix}${runNames.experiments}`,
    format: 'mlr-bench',
    stages: ['experiment'],
    agents,
    trials: trials.map((trial) => readExperimentTrial(source, trial, prefix)),
    kept: [],
  }
}

function paperRun(source: Source, trials: readonly StepwiseTrial[], { prefix }: ImportOptions): SourceRun {
  const agents = [...new Set(trials.map(({ agent }) => agent))].toSorted().map((name): ImportedAgentSpec => {
    const model = modelOf(name)
    return { kind: 'imported', name, system: 'MLR-Agent', models: model === null ? {} : { paper: model } }
  })
  return {
    ...describeTrials(source, trials),
    id: `${prefix}${runNames.papers}`,
    format: 'mlr-bench',
    stages: ['paper'],
    agents,
    trials: trials.map((trial) => readPaperTrial(source, trial, prefix)),
    kept: [],
  }
}

/** Tasks of the trials, and the files that are read for them. */
function describeTrials(source: Source, trials: readonly StepwiseTrial[]): Pick<SourceRun, 'tasks' | 'files'> {
  const tasks = [...new Set(trials.map(({ task }) => task))].map((id) => sourceTask(source, id))
  const files = new Map<string, ReadFile>()
  for (const { text } of tasks)
    if (text !== null && 'from' in text) files.set(text.from, { path: text.from, kind: 'task' })
  for (const { folder, coder: name, reviews, agent } of trials) {
    const coder = stepwiseCoders[name]?.coder
    const paper = `${folder}/${paperName(agent)}`
    for (const path of source.files(folder)) {
      const inFolder = path.slice(folder.length + 1)
      const kind = inputKinds[inFolder] ?? (path === paper ? 'paper' : null)
      if (kind !== null) files.set(path, { path, kind })
    }
    // a paper is written from the results; the rest of the coder's work is with the experiments
    const isPaper = source.has(paper)
    if (coder !== undefined)
      for (const path of coderFiles(source, folder).filter((own) => !isPaper || own.startsWith('results/')))
        files.set(`${folder}/${path}`, { path: `${folder}/${path}`, kind: kindOfCoderFile(path, coder) })
    for (const { path } of reviews) files.set(path, { path, kind: 'review' })
  }
  return { tasks, files: [...files.values()] }
}

const inputKinds: Readonly<Record<string, string>> = {
  [artefactPaths.task]: 'task',
  [artefactPaths.idea]: 'sampled idea',
  [artefactPaths.literature]: 'literature',
  [artefactPaths.proposal]: 'sampled proposal',
}
const paperName = (writer: string): string => `results/paper_${writer}.md`

/** What both kinds of trials were given: the task and the three texts. */
async function readGiven(source: Source, { task, folder }: StepwiseTrial, prefix: string) {
  const texts = await givenTexts(source, task, { stages: given, prefix, folder })
  const path = `${folder}/${artefactPaths.task}`
  return {
    artefacts: [
      ...(source.has(path) ? [{ path: artefactPaths.task as string, content: { from: path } }] : []),
      ...texts.map(({ from, input }) => ({ path: artefactPaths[input.stage] as string, content: { from } })),
    ],
    inputs: texts.map(({ input }) => input),
  }
}

function readExperimentTrial(source: Source, trial: StepwiseTrial, prefix: string): SourceTrialEntry {
  const { task, agent, folder, reviews } = trial
  return {
    task,
    agent,
    repeat: 1,
    read: async () => {
      const known = await readGiven(source, trial, prefix)
      const coder = stepwiseCoders[agent]?.coder
      if (coder === undefined) throw new Error(`no coder is called ${agent}`)
      const work = await readExperiment(source, folder, coder)
      const read = await readReviewFiles(source, reviews)
      return {
        artefacts: [...known.artefacts, ...work.artefacts],
        inputs: known.inputs,
        stages: work.stage === null ? [] : [work.stage],
        humanReviews: [],
        ...read,
        notes: [...work.notes, ...read.notes],
      }
    },
  }
}

function readPaperTrial(source: Source, trial: StepwiseTrial, prefix: string): SourceTrialEntry {
  const { task, agent, folder, coder, reviews } = trial
  return {
    task,
    agent,
    repeat: 1,
    read: async () => {
      const known = await readGiven(source, trial, prefix)
      const results = coderFiles(source, folder).filter((path) => path.startsWith('results/'))
      const origin = { run: `${prefix}${runNames.experiments}`, trial: `${task}/${coder}/1` }
      return {
        artefacts: [
          ...known.artefacts,
          ...results.map((path) => ({ path, content: { from: `${folder}/${path}` } })),
          { path: artefactPaths.paper, content: { from: `${folder}/${paperName(agent)}` } },
        ],
        inputs: [...known.inputs, { stage: 'experiment', origin, paths: results }],
        stages: [
          {
            stage: 'paper',
            outcome: { status: 'done' },
            durationMs: null,
            outputs: [artefactPaths.paper],
            events: [callEvent('paper', modelOf(agent) ?? agent, unknownUsage)],
          },
        ],
        humanReviews: [],
        ...(await readReviewFiles(source, reviews)),
      }
    },
  }
}
