import { dirname, join } from 'node:path'
import { readEvents } from '../../runs/event-log.ts'
import { readRun, trialFolder } from '../../runs/run-store.ts'
import { readTrialRecord } from '../../runs/trial-store.ts'
import type { RunEvent } from '../../schema/event.ts'
import { artefactPaths } from '../../schema/stage.ts'
import { findCopiedExperiment, mostCopies } from './copied-experiment.ts'
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
  const notes = experiment.notes
  const own = await readPart(folder, 'results')
  const attempt = lastAttempt(experiment.events)
  const workspace =
    attempt === null
      ? { files: [], leftOut: [] }
      : await readPart(experiment.folder, join('attempts', 'experiment', String(attempt), 'workspace'))
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
  const events = experiment.events.filter(
    (event) => 'stage' in event && event.stage === 'experiment' && event.attempt === attempt,
  )
  return {
    name: `${run.id}:${trialId}`,
    ...sortFiles(files, { anyPaper: false }),
    events,
    record: recordOf(events, experiment.isImported),
    date: latest(events) ?? run.createdAt,
    leftOut: [...own.leftOut.map((file) => ({ ...file, path: `results/${file.path}` })), ...workspace.leftOut],
    notes,
  }
}

/** A folder that a link leads to is not read, wherever the link stands on the way. */
async function readPart(folder: string, path: string): ReturnType<typeof readTexts> {
  return (await isPlainFolder(folder, path)) ? readTexts(join(folder, path)) : { files: [], leftOut: [] }
}

interface Experiment {
  readonly folder: string
  readonly isImported: boolean
  readonly events: readonly RunEvent[]
  readonly notes: readonly string[]
}

async function findExperiment(runFolder: string, trialId: string, { copies = 0 } = {}): Promise<Experiment> {
  const folder = trialFolder(runFolder, trialId)
  const { record: run } = await readRun(dirname(runFolder), runFolder)
  const trial = await readTrialRecord(folder)
  const { events, unreadable } = await readEvents(join(folder, 'events'))
  const notes = unreadable.map(({ file, line }) => `events/${file}, line ${line} is no event this version knows`)
  const copied = trial.inputs.find(({ stage }) => stage === 'experiment')
  if (copied === undefined || lastAttempt(events) !== null)
    return { folder, isImported: run.imported !== null, events, notes }
  const source = copies < mostCopies ? await findCopiedExperiment(runFolder, trial) : null
  if (source === null)
    return {
      folder,
      isImported: run.imported !== null,
      events,
      notes: [...notes, `its experiment is in another run, which is not here: ${copied.run ?? 'no name was kept'}`],
    }
  return findExperiment(source.runFolder, source.trial, { copies: copies + 1 })
}

/** Null where no experiment was begun. */
function lastAttempt(events: readonly RunEvent[]): number | null {
  const attempts = events.flatMap((event) =>
    (event.type === 'stage-started' || event.type === 'stage-finished') && event.stage === 'experiment'
      ? [event.attempt]
      : [],
  )
  return attempts.length === 0 ? null : Math.max(...attempts)
}

function recordOf(events: readonly RunEvent[], isImported: boolean): AuditSubject['record'] {
  if (events.some(({ type }) => type === 'command-executed' || (isImported && type === 'file-written')))
    return isImported ? 'transcript' : 'recorded'
  return events.some(({ type }) => type === 'coder-said') ? 'words' : 'none'
}

function latest(events: readonly RunEvent[]): string | null {
  return events.reduce<string | null>((last, { at }) => (last === null || at > last ? at : last), null)
}

/** The first of each path. */
function mergeByPath(files: readonly AuditFile[]): AuditFile[] {
  const byPath = new Map<string, AuditFile>()
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file)
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
