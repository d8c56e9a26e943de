import { dirname, join } from 'node:path'
import { readTextIfPresent } from '../../base/files.ts'
import { trialFolder } from '../../runs/run-store.ts'
import type { TrialRecord } from '../../schema/run.ts'

/** Runs that an experiment may have been copied on through: more are no chain, but a circle. */
export const mostCopies = 20

const runName = /^[^./\\][^/\\]*$/
const trialName = /^[^./\\][^/\\]*(?:\/[^./\\][^/\\]*){2}$/

/**
 * Where an experiment that was copied in was done: a trial of another run in the same log dir. A record may come from anyone, so that only plain
 * names are followed, never a path.
 * @returns null where none is on record, or it is not here
 */
export async function findCopiedExperiment(
  runFolder: string,
  { inputs }: Pick<TrialRecord, 'inputs'>,
): Promise<{ readonly runFolder: string; readonly trial: string } | null> {
  const copied = inputs.find(({ stage }) => stage === 'experiment')
  if (copied?.run == null || copied.trial === null) return null
  if (!runName.test(copied.run) || !trialName.test(copied.trial)) return null
  const source = join(dirname(runFolder), copied.run)
  const records = [join(source, 'run.json'), join(trialFolder(source, copied.trial), 'trial.json')]
  for (const record of records) if ((await readTextIfPresent(record)) === null) return null
  return { runFolder: source, trial: copied.trial }
}
