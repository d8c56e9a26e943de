import { extname, posix } from 'node:path'
import { PrerequisiteError } from '../../base/errors.ts'
import type { ImportedAgentSpec } from '../../schema/config.ts'
import { artefactPaths } from '../../schema/stage.ts'
import { nameOf, uniqueName } from '../folder-name.ts'
import type {
  Artefact,
  Importer,
  ImportOptions,
  ReadFile,
  SkippedFile,
  SourceContent,
  SourceTrial,
  SourceTrialEntry,
} from '../importer.ts'
import { workspaceFolder } from '../mlr-bench/layout.ts'
import type { Source } from '../source.ts'
import { findPapers, mayHoldPapers, nameOfSource, type PaperPlace } from './layout.ts'
import { type ReadPaper, readPaper } from './read-paper.ts'

/** A folder of papers, whoever wrote them: Markdown, LaTeX or PDF, each with its code and results or without. */
export const papers: Importer = {
  format: 'papers',
  detect: mayHoldPapers,
  list,
}

const largestFileBytes = 50 * 1024 * 1024
const mostFiles = 5_000
const figureTypes = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp'])

interface Paper {
  readonly place: PaperPlace
  readonly task: string
  readonly agent: string
  readonly read: Extract<ReadPaper, { text: string }>
  /** Everything in its folder that is neither the paper nor its task. */
  readonly beside: readonly string[]
}

/** Papers are read here, not later: one that cannot be read is no trial. */
async function list(source: Source, options: ImportOptions): Promise<SourceContent> {
  const found = await findPapers(source)
  if (found.places.length === 0)
    throw new PrerequisiteError(
      `${source.name} holds no papers: give each a folder with paper.md, paper.tex or paper.pdf, or put them side by side`,
    )
  const skipped: SkippedFile[] = [...found.skipped]
  const own = options.agent ?? nameOf(nameOfSource(source))
  const chosen: Paper[] = []
  /** Names of tasks, by agent. */
  const taken = new Map<string, Set<string>>()
  for (const place of found.places) {
    const read = await readPaper(source, place.forms)
    if ('reason' in read) {
      skipped.push(read)
      continue
    }
    const agent = place.agent === null ? own : nameOf(place.agent)
    const names = taken.get(agent) ?? new Set()
    const task = uniqueName(nameOf(place.name), names)
    taken.set(agent, names.add(task))
    const { beside, left } = besideOf(source, place)
    skipped.push(...left)
    chosen.push({ place, task, agent, read, beside })
  }
  const [first] = skipped
  if (chosen.length === 0)
    throw new PrerequisiteError(
      `none of the ${found.places.length} papers of ${source.name} can be read: ${first?.path}: ${first?.reason}`,
    )
  const tasks = new Map<string, string | null>()
  for (const { task, place } of chosen) tasks.set(task, tasks.get(task) ?? place.task)
  return {
    skipped,
    runs: [
      {
        id: `${options.prefix}${nameOf(nameOfSource(source))}`,
        format: 'papers',
        stages: chosen.some(({ beside }) => beside.length > 0) ? ['experiment', 'paper'] : ['paper'],
        agents: [...new Set(chosen.map(({ agent }) => agent))].toSorted().map(toAgent),
        tasks: [...tasks].map(([id, path]) => ({ id, text: path === null ? null : { from: path } })),
        trials: chosen.map((paper) => toTrial(paper)),
        files: chosen.flatMap(filesOf),
        kept: [],
      },
    ],
  }
}

function toAgent(name: string): ImportedAgentSpec {
  return { kind: 'imported', name, system: name, models: {} }
}

/** Files that go into the workspace, and those that are too large or too many. */
function besideOf(source: Source, { folder, forms, task }: PaperPlace): { beside: string[]; left: SkippedFile[] } {
  const beside: string[] = []
  const left: SkippedFile[] = []
  if (folder === null) return { beside, left }
  const own = new Set([forms.md, forms.tex, forms.pdf, task])
  for (const path of source.files(folder)) {
    if (own.has(path)) continue
    if ((source.bytes(path) ?? 0) > largestFileBytes)
      left.push({ path, reason: `larger than ${largestFileBytes / 1024 ** 2} MiB` })
    else if (beside.length === mostFiles) left.push({ path, reason: `beyond the first ${mostFiles} files of a paper` })
    else beside.push(path)
  }
  return { beside, left }
}

function filesOf({ place, beside }: Paper): ReadFile[] {
  const { forms, task } = place
  return [
    ...[forms.md, forms.tex, forms.pdf].flatMap((path) => (path === null ? [] : [{ path, kind: 'paper' }])),
    ...(task === null ? [] : [{ path: task, kind: 'task' }]),
    ...beside.map((path) => ({ path, kind: 'experiment file' })),
  ]
}

function toTrial(paper: Paper): SourceTrialEntry {
  const { task, agent } = paper
  return { task, agent, repeat: 1, read: () => Promise.resolve(toSourceTrial(paper)) }
}

function toSourceTrial({ place, read, beside }: Paper): SourceTrial {
  const { folder, forms, task } = place
  const within = (path: string): string => (folder === null || folder === '' ? path : path.slice(folder.length + 1))
  const paper: Artefact[] = [
    { path: artefactPaths.paper, content: forms.md === null ? { text: read.text } : { from: forms.md } },
    ...(forms.tex === null ? [] : [{ path: 'results/paper.tex', content: { from: forms.tex } }]),
    ...(forms.pdf === null ? [] : [{ path: 'results/paper.pdf', content: { from: forms.pdf } }]),
  ]
  const artefacts = new Map(paper.map((artefact) => [artefact.path, artefact]))
  const add = (path: string, from: string): void => {
    // what the paper itself is called has been taken
    if (!artefacts.has(path)) artefacts.set(path, { path, content: { from } })
  }
  if (task !== null) add(artefactPaths.task, task)
  for (const path of beside) {
    const name = within(path)
    add(`${workspaceFolder}/${name}`, path)
    // figures stand where the paper names them, and results where a judge of the paper looks for them
    if (figureTypes.has(extname(name).toLowerCase())) add(posix.join('results', name), path)
    if (name === 'results.md' || name === artefactPaths.experiment) add(artefactPaths.experiment, path)
  }
  const done = { outcome: { status: 'done' }, durationMs: null, events: [] } as const
  const results = artefacts.has(artefactPaths.experiment) ? [artefactPaths.experiment] : []
  const source = forms.md ?? forms.tex ?? forms.pdf ?? ''
  return {
    artefacts: [...artefacts.values()],
    inputs: [],
    stages: [
      ...(beside.length === 0 ? [] : [{ ...done, stage: 'experiment' as const, outputs: results }]),
      { ...done, stage: 'paper', outputs: paper.map(({ path }) => path) },
    ],
    reviews: [],
    humanReviews: [],
    skipped: [],
    notes: read.notes.map((text) => ({ path: source, text })),
  }
}
