import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readEvents } from '../../runs/event-log.ts'
import { readRun, trialFolder } from '../../runs/run-store.ts'
import { readTrialRecord } from '../../runs/trial-store.ts'
import type { SandboxSpec } from '../../schema/config.ts'

export interface TrialWorkspace {
  /** The workspace of the experiment's last attempt; where none was kept, the trial's own folder. */
  readonly folder: string
  /** Where its run ran its experiments; null for an imported one. */
  readonly sandbox: SandboxSpec | null
  /** Null for an imported run. */
  readonly commandTimeoutMs: number | null
}

/** Follows an experiment that was copied in to the run of the same log dir that did it. */
export async function findWorkspace(runFolder: string, trialId: string): Promise<TrialWorkspace> {
  const folder = trialFolder(runFolder, trialId)
  const { record: run } = await readRun(dirname(runFolder), runFolder)
  const trial = await readTrialRecord(folder)
  const { events } = await readEvents(join(folder, 'events'))
  const attempts = events.flatMap((event) =>
    (event.type === 'stage-started' || event.type === 'stage-finished') && event.stage === 'experiment'
      ? [event.attempt]
      : [],
  )
  const copied = trial.inputs.find(({ stage }) => stage === 'experiment')
  if (attempts.length === 0 && copied?.run != null && copied.trial !== null) {
    const source = join(dirname(runFolder), copied.run)
    if (await isFolder(source)) return findWorkspace(source, copied.trial)
  }
  const workspace = join(folder, 'attempts', 'experiment', String(Math.max(1, ...attempts)), 'workspace')
  return {
    folder: (await isFolder(workspace)) ? workspace : folder,
    sandbox: run.config.sandbox,
    commandTimeoutMs: trial.agent.kind === 'imported' ? null : trial.agent.coder.commandTimeoutMs,
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true
}
