import { dirname, join } from 'node:path'
import { readRun, trialFolder } from '../../runs/run-store.ts'
import type { RunEvent } from '../../schema/event.ts'
import { artefactPaths } from '../../schema/stage.ts'
import { findExperiment, workspacePath } from './find-experiment.ts'
import { isPlainFolder } from './plain-folder.ts'
import { readOneText, readTexts } from './read-texts.ts'
import { sortFiles } from './sort-files.ts'
import type { AuditFile, AuditSubject } from './subject.ts'

/**
 * A trial of the run store: its papers and results, the workspace of the experiment's last attempt, and what was recorded of it. A trial
 * whose experiment was copied in from another run of the same log dir is read together with that one.
 */
export async function readTrialSubject(runFolder: string, trialId: string): Promise<AuditSubject> {
  const folder = trialFolder(runFolder, trialId)
  const { record: run } = await readRun(dirname(runFolder), runFolder)
  const experiment = await findExperiment(runFolder, trialId)
  const { attempt, notes } = experiment
  const own = await readPart(folder, 'results')
  const workspace =
    attempt === null ? { files: [], leftOut: [] } : await readPart(experiment.folder, workspacePath(experiment))
  const plans: AuditFile[] = []
  for (const path of [artefactPaths.task, artefactPaths.idea, artefactPaths.literature, artefactPaths.proposal]) {
    const text = await readOneText(folder, path)
    if (text !== null) plans.push({ path, text })
  }
  const files = mergeByPath([
    ...own.files.map(({ path, text }) => ({ path: `results/${path}`, text })),
    ...workspace.files,
    ...plans,
  ])
  const told = experiment.events.filter(
    (event) => 'stage' in event && event.stage === 'experiment' && event.attempt === attempt,
  )
  // what a command did inside nobody saw: it may have typed what it printed, and files are whoever's
  const isOpaque = told.some((event) => event.type === 'coder-started' && event.kind === 'command')
  const events = isOpaque ? told.filter(({ type }) => type !== 'command-executed' && type !== 'file-written') : told
  return {
    name: `${run.id}:${trialId}`,
    ...ownFirst(sortFiles(files, { anyPaper: false })),
    events,
    record: recordOf(events, experiment.run.imported !== null),
    date: latest(events) ?? run.createdAt,
    leftOut: [...own.leftOut.map((file) => ({ ...file, path: `results/${file.path}` })), ...workspace.leftOut],
    notes: isOpaque ? [...notes, 'the coder is a command of the user: what it ran and typed was not recorded'] : notes,
  }
}

/** A folder that a link leads to is not read, wherever the link stands on the way. */
async function readPart(folder: string, path: string): ReturnType<typeof readTexts> {
  return (await isPlainFolder(folder, path)) ? readTexts(join(folder, path)) : { files: [], leftOut: [] }
}

function recordOf(events: readonly RunEvent[], isImported: boolean): AuditSubject['record'] {
  if (events.some(({ type }) => type === 'command-executed' || (isImported && type === 'file-written')))
    return isImported ? 'transcript' : 'recorded'
  return events.some(({ type }) => type === 'coder-said') ? 'words' : 'none'
}

function latest(events: readonly RunEvent[]): string | null {
  return events.reduce<string | null>((last, { at }) => (last === null || at > last ? at : last), null)
}

/** What the work hands in comes before what its experiment left under such a name: the first document speaks for the work. */
function ownFirst<Sorted extends Pick<AuditSubject, 'documents'>>(sorted: Sorted): Sorted {
  const isLeft = ({ path }: AuditFile): number => (path.startsWith('results/') ? 0 : 1)
  return { ...sorted, documents: sorted.documents.toSorted((a, b) => isLeft(a) - isLeft(b)) }
}

/** The first of each path. */
function mergeByPath(files: readonly AuditFile[]): AuditFile[] {
  const byPath = new Map<string, AuditFile>()
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file)
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
