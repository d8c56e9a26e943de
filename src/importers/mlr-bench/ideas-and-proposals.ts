import type { ImportedAgentSpec } from '../../schema/config.ts'
import { artefactPaths } from '../../schema/stage.ts'
import { unknownUsage } from '../../schema/usage.ts'
import type { ImportOptions, ReadFile, SourceInput, SourceRun, SourceTrialEntry } from '../importer.ts'
import { type ReviewFile, readReviewFiles } from '../read-review-files.ts'
import type { Source } from '../source.ts'
import { folders, inRoot, namedFolders, nameIn, runNames, sourceTask, taskArtefact } from './layout.ts'
import { modelOf } from './models.ts'
import { textJudges } from './review-folders.ts'
import { callEvent } from './usage.ts'

type TextStage = 'idea' | 'proposal'

/** One model's text for one task, and the reviews of it. */
interface Piece {
  readonly task: string
  readonly agent: string
  /** Null where only reviews of it are there. */
  path: string | null
  readonly reviews: ReviewFile[]
}

/** The run of all ideas, and the run of all proposals: one agent a model. */
export function listIdeasAndProposals(source: Source, options: ImportOptions): SourceRun[] {
  return (['idea', 'proposal'] as const).flatMap((stage) => {
    const pieces = collectPieces(source, stage)
    return pieces.length === 0 ? [] : [describeRun(source, stage, { pieces, prefix: options.prefix })]
  })
}

function collectPieces(source: Source, stage: TextStage): Piece[] {
  const pieces = new Map<string, Piece>()
  const pieceOf = (task: string, agent: string): Piece => {
    const key = `${task}/${agent}`
    const piece = pieces.get(key) ?? { task, agent, path: null, reviews: [] }
    pieces.set(key, piece)
    return piece
  }
  for (const task of namedFolders(source, folders.ideasAndProposals)) {
    for (const [agent, path] of textsOf(source, stage, task)) pieceOf(task, agent).path = path
  }
  for (const { path: folder, judge } of textJudges(source)) {
    for (const task of source.folders(folder)) {
      const start = `${folder}/${task}/${stage}/`
      for (const path of source.files(`${folder}/${task}/${stage}`)) {
        const agent = nameIn(path.slice(start.length), `${stage}_`, '.json')
        if (agent === null) continue
        const subject = artefactPaths[stage]
        pieceOf(task, agent).reviews.push({ path, rubric: stage, judge, view: 'full', subject })
      }
    }
  }
  return [...pieces.values()].toSorted((a, b) => (`${a.task}/${a.agent}` < `${b.task}/${b.agent}` ? -1 : 1))
}

/** Paths of the models' texts for a task, by agent. */
function textsOf(source: Source, stage: TextStage, task: string): [agent: string, path: string][] {
  const folder = inRoot(source, `${folders.ideasAndProposals}/${task}/${stage}`)
  return source.files(folder).flatMap((path): [string, string][] => {
    const agent = nameIn(path.slice(folder.length + 1), `${stage}_`, '.md')
    return agent === null ? [] : [[agent, path]]
  })
}

function describeRun(
  source: Source,
  stage: TextStage,
  { pieces, prefix }: { pieces: readonly Piece[]; prefix: string },
): SourceRun {
  const tasks = [...new Set(pieces.map(({ task }) => task))].map((id) => sourceTask(source, id))
  const agents = [...new Set(pieces.map(({ agent }) => agent))].toSorted().map((name): ImportedAgentSpec => {
    const model = modelOf(name)
    return { kind: 'imported', name, system: 'MLR-Agent', models: model === null ? {} : { [stage]: model } }
  })
  const sampled = stage === 'proposal' ? tasks.flatMap(({ id }) => sampledFiles(source, id)) : []
  const files: ReadFile[] = [
    ...tasks.flatMap(({ text }) => (text !== null && 'from' in text ? [{ path: text.from, kind: 'task' }] : [])),
    ...pieces.flatMap(({ path, reviews }) => [
      ...(path === null ? [] : [{ path, kind: stage }]),
      ...reviews.map((review) => ({ path: review.path, kind: 'review' })),
    ]),
    ...sampled,
  ]
  return {
    id: `${prefix}${runNames[stage === 'idea' ? 'ideas' : 'proposals']}`,
    format: 'mlr-bench',
    stages: [stage],
    agents,
    tasks,
    trials: pieces.map((piece) => toTrial(source, piece, { stage, prefix })),
    files,
    kept: sampled.filter(({ kind }) => kind === 'sampled proposal').map(({ path }) => path),
  }
}

/** The sampled inputs of later stages: those of the proposals are artefacts of the trials; the sampled proposal is a copy of one. */
function sampledFiles(source: Source, task: string): ReadFile[] {
  const folder = inRoot(source, `${folders.ideasAndProposals}/${task}`)
  return [
    { path: `${folder}/${artefactPaths.idea}`, kind: 'sampled idea' },
    { path: `${folder}/${artefactPaths.literature}`, kind: 'literature' },
    { path: `${folder}/${artefactPaths.proposal}`, kind: 'sampled proposal' },
  ].filter(({ path }) => source.has(path))
}

function toTrial(
  source: Source,
  { task, agent, path, reviews }: Piece,
  { stage, prefix }: { stage: TextStage; prefix: string },
): SourceTrialEntry {
  return {
    task,
    agent,
    repeat: 1,
    read: async () => {
      const given = stage === 'idea' ? [] : await givenTexts(source, task, { stages: ['idea', 'literature'], prefix })
      const own = artefactPaths[stage]
      return {
        artefacts: [
          ...taskArtefact(source, task),
          ...given.map(({ from, input }) => ({ path: artefactPaths[input.stage], content: { from } })),
          ...(path === null ? [] : [{ path: own, content: { from: path } }]),
        ],
        inputs: given.map(({ input }) => input),
        stages:
          path === null
            ? []
            : [
                {
                  stage,
                  outcome: { status: 'done' },
                  durationMs: null,
                  outputs: [own],
                  events: [callEvent(stage, modelOf(agent) ?? agent, unknownUsage)],
                },
              ],
        humanReviews: [],
        ...(await readReviewFiles(source, reviews)),
      }
    },
  }
}

/**
 * Texts that a stepwise stage was given: `idea.md`, `related_work.md`, `proposal.md` of a folder (default: the task's sampled
 * ones). Ideas and proposals are traced to the trial with the same bytes; of the literature nothing says who wrote it.
 */
export async function givenTexts(
  source: Source,
  task: string,
  options: { stages: readonly ('idea' | 'literature' | 'proposal')[]; prefix: string; folder?: string },
): Promise<{ from: string; input: SourceInput }[]> {
  const folder = options.folder ?? inRoot(source, `${folders.ideasAndProposals}/${task}`)
  const given: { from: string; input: SourceInput }[] = []
  for (const stage of options.stages) {
    const from = `${folder}/${artefactPaths[stage]}`
    if (!source.has(from)) continue
    const origin =
      stage === 'literature' ? null : await findOrigin(source, { task, stage, from, prefix: options.prefix })
    given.push({ from, input: { stage, origin, paths: [artefactPaths[stage]] } })
  }
  return given
}

async function findOrigin(
  source: Source,
  { task, stage, from, prefix }: { task: string; stage: TextStage; from: string; prefix: string },
): Promise<SourceInput['origin']> {
  const wanted = await source.hash(from)
  const run = `${prefix}${runNames[stage === 'idea' ? 'ideas' : 'proposals']}`
  for (const [agent, path] of textsOf(source, stage, task))
    if ((await source.hash(path)) === wanted) return { run, trial: `${task}/${agent}/1` }
  return null
}
