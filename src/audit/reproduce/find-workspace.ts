import { join } from 'node:path'
import { readTextIfPresent } from '../../base/files.ts'
import type { SandboxSpec } from '../../schema/config.ts'
import { type Environment, environmentSchema } from '../../schema/environment.ts'
import { findExperiment, workspacePath } from '../subject/find-experiment.ts'
import { isPlainFolder } from '../subject/plain-folder.ts'

export interface TrialWorkspace {
  /** The workspace of the experiment's last attempt; where none was kept, the trial's own folder. */
  readonly folder: string
  /** Where its run ran its experiments; null for an imported one. */
  readonly sandbox: SandboxSpec | null
  /** Null for an imported run. */
  readonly commandTimeoutMs: number | null
  /** What the experiment ran on and with; null where that was not recorded, or by another version. */
  readonly environment: Environment | null
}

/** Of the trial that did the experiment: one that was copied in is run again where it was done. */
export async function findWorkspace(runFolder: string, trialId: string): Promise<TrialWorkspace> {
  const experiment = await findExperiment(runFolder, trialId)
  const { folder, run, trial } = experiment
  const workspace = workspacePath(experiment)
  return {
    folder: (await isPlainFolder(folder, workspace)) ? join(folder, workspace) : folder,
    sandbox: run.config.sandbox,
    commandTimeoutMs: trial.agent.kind === 'imported' ? null : trial.agent.coder.commandTimeoutMs,
    environment: await readEnvironment(folder),
  }
}

async function readEnvironment(folder: string): Promise<Environment | null> {
  const text = await readTextIfPresent(join(folder, 'environment.json'))
  if (text === null) return null
  try {
    return environmentSchema.parse(JSON.parse(text))
  } catch {
    // an imported work's own file of that name, or one of a version that recorded less
    return null
  }
}
