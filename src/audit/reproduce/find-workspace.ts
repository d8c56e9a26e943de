import { dirname, join } from 'node:path'
import { readEvents } from '../../runs/event-log.ts'
import { readRun, trialFolder } from '../../runs/run-store.ts'
import { readTrialRecord } from '../../runs/trial-store.ts'
import type { SandboxSpec } from '../../schema/config.ts'
import { findCopiedExperiment, mostCopies } from '../subject/copied-experiment.ts'
import { isPlainFolder } from '../subject/plain-folder.ts'

export interface TrialWorkspace {
  /** The workspace of the experiment's last attempt; where none was kept, the trial's own folder. */
  readonly folder: string
  /** Where its run ran its experiments; null for an imported one. */
  readonly sandbox: SandboxSpec | null
  /** Null for an imported run. */
  readonly commandTimeoutMs: number | null
}

/** Follows an experiment that was copied in to the run of the same log dir that did it. */
export async function findWorkspace(
  runFolder: string,
  trialId: string,
  { copies = 0 } = {},
): Promise<TrialWorkspace> {
  const folder = trialFolder(runFolder, trialId)
  const { record: run } = await readRun(dirname(runFolder), runFolder)
  const trial = await readTrialRecord(folder)
  const { events } = await readEvents(join(folder, 'events'))
  const attempts = events.flatMap((event) =>
    (event.type === 'stage-started' || event.type === 'stage-finished') && event.stage === 'experiment'
      ? [event.attempt]
      : [],
  )
  const source = attempts.length === 0 && copies < mostCopies ? await findCopiedExperiment(runFolder, trial) : null
  if (source !== null) return findWorkspace(source.runFolder, source.trial, { copies: copies + 1 })
  const workspace = join('attempts', 'experiment', String(Math.max(1, ...attempts)), 'workspace')
  return {
    folder: (await isPlainFolder(folder, workspace)) ? join(folder, workspace) : folder,
    sandbox: run.config.sandbox,
    commandTimeoutMs: trial.agent.kind === 'imported' ? null : trial.agent.coder.commandTimeoutMs,
  }
}

