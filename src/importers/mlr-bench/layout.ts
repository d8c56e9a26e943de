import { nameSchema } from '../../schema/config.ts'
import { artefactPaths } from '../../schema/stage.ts'
import type { FileContent, SourceTask } from '../importer.ts'
import type { Source } from '../source.ts'

/** Where the release keeps what, relative to its top folder. */
export const folders = {
  tasks: 'tasks',
  ideasAndProposals: 'agent_results/ideas_and_proposals',
  stepwise: 'agent_results/experiments_and_writeups',
  endToEnd: (system: string): string => `agent_results/end2end_${system}`,
  reviews: 'agent_reviews',
  otherSystem: 'ai_scientist_v2_papers',
  humans: 'human_eval',
} as const

/** Folders at the top of the release, by which it is known. */
export const topFolders: readonly string[] = ['agent_results', folders.reviews, folders.otherSystem]

/** Files of the release as a whole; its licence goes along with every run. */
export const licence = 'LICENSE'
export const taskNotes = 'task_metadata.md'

export const runNames = {
  ideas: 'mlr-bench-ideas',
  proposals: 'mlr-bench-proposals',
  experiments: 'mlr-bench-experiments',
  papers: 'mlr-bench-papers',
  endToEnd: (system: string): string => `mlr-bench-end2end-${system}`,
} as const

export const attemptFolder = 'attempts/experiment/1'
export const workspaceFolder = `${attemptFolder}/workspace`
export const transcriptPath = `${attemptFolder}/transcript.md`

/** Joins with the root of the source, which is '' for most. */
export function inRoot(source: Source, path: string): string {
  return source.root === '' ? path : `${source.root}/${path}`
}

/** A path's last part. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Names of the folders directly in a folder of the release that can be ids. */
export function namedFolders(source: Source, folder: string): string[] {
  return source.folders(inRoot(source, folder)).filter((name) => nameSchema.safeParse(name).success)
}

/**
 * What a file called `<start><name><end>` is about: `name`, which will be the name of an agent or a judge.
 * @returns null for any other file
 */
export function nameIn(file: string, start: string, end: string): string | null {
  if (!file.startsWith(start) || !file.endsWith(end)) return null
  const name = file.slice(start.length, file.length - end.length)
  return nameSchema.safeParse(name).success ? name : null
}

/** The task's text, as the release has it. */
function taskText(source: Source, task: string): FileContent | null {
  const path = inRoot(source, `${folders.tasks}/${task}.md`)
  return source.has(path) ? { from: path } : null
}

export function sourceTask(source: Source, id: string): SourceTask {
  return { id, text: taskText(source, id) }
}

/** A trial's `task.md`: the release's own text, where nothing else lies beside the work. */
export function taskArtefact(source: Source, task: string): { path: string; content: FileContent }[] {
  const content = taskText(source, task)
  return content === null ? [] : [{ path: artefactPaths.task, content }]
}
