import { dirname, join } from 'node:path'
import { readTextIfPresent } from '../../base/files.ts'
import { readEvents } from '../../runs/event-log.ts'
import { readRun, trialFolder } from '../../runs/run-store.ts'
import { readTrialRecord } from '../../runs/trial-store.ts'
import type { RunEvent } from '../../schema/event.ts'
import type { RunRecord, TrialRecord } from '../../schema/run.ts'

/** The trial that did an experiment. */
export interface Experiment {
  readonly folder: string
  readonly run: RunRecord
  readonly trial: TrialRecord
  /** Of the whole trial. */
  readonly events: readonly RunEvent[]
  /** The last one; null where no experiment was begun. */
  readonly attempt: number | null
  readonly notes: readonly string[]
}

/** Runs that an experiment may have been copied on through: more are no chain, but a circle. */
const mostCopies = 20

/** Follows an experiment that was copied in to the run of the same log dir that did it. Where that is not here it is the trial's own, with a note. */
export async function findExperiment(runFolder: string, trialId: string, { copies = 0 } = {}): Promise<Experiment> {
  const folder = trialFolder(runFolder, trialId)
  const { record: run } = await readRun(dirname(runFolder), runFolder)
  const trial = await readTrialRecord(folder)
  const { events, unreadable } = await readEvents(join(folder, 'events'))
  const notes = unreadable.map(({ file, line }) => `events/${file}, line ${line} is no event this version knows`)
  const attempt = lastAttempt(events)
  const own = { folder, run, trial, events, attempt, notes }
  const copied = trial.inputs.find(({ stage }) => stage === 'experiment')
  if (copied === undefined || attempt !== null) return own
  const source = copies < mostCopies ? await findSource(runFolder, copied) : null
  if (source !== null) return findExperiment(source.runFolder, source.trial, { copies: copies + 1 })
  const name = copied.run ?? 'no name was kept'
  return { ...own, notes: [...notes, `its experiment is in another run, which is not here: ${name}`] }
}

/** Where its commands ran, relative to its folder; the first attempt's place where none was begun. */
export function workspacePath({ attempt }: Experiment): string {
  return join('attempts', 'experiment', String(attempt ?? 1), 'workspace')
}

function lastAttempt(events: readonly RunEvent[]): number | null {
  return events.reduce<number | null>((last, event) => {
    const isOfExperiment =
      (event.type === 'stage-started' || event.type === 'stage-finished') && event.stage === 'experiment'
    return isOfExperiment ? Math.max(last ?? 1, event.attempt) : last
  }, null)
}

const runName = /^[^./\\][^/\\]*$/
const trialName = /^[^./\\][^/\\]*(?:\/[^./\\][^/\\]*){2}$/

/**
 * The trial of another run in the same log dir that an experiment was copied from. A record may come from anyone, so that only plain names are
 * followed, never a path.
 * @returns null where none is on record, or it is not here
 */
async function findSource(
  runFolder: string,
  { run, trial }: TrialRecord['inputs'][number],
): Promise<{ readonly runFolder: string; readonly trial: string } | null> {
  if (run === null || trial === null || !runName.test(run) || !trialName.test(trial)) return null
  const source = join(dirname(runFolder), run)
  const records = [join(source, 'run.json'), join(trialFolder(source, trial), 'trial.json')]
  for (const record of records) if ((await readTextIfPresent(record)) === null) return null
  return { runFolder: source, trial }
}
