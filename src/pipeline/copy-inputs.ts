import { lstat, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { listFiles, writeWhole } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import { listTrials, readRun, trialFolder } from '../runs/run-store.ts'
import { readArtefact } from '../runs/trial-store.ts'
import type { RunRecord, TrialRecord } from '../schema/run.ts'
import { artefactPaths, type Stage, stages } from '../schema/stage.ts'
import type { PlannedTrial } from './plan-trials.ts'

/**
 * Copies the artefacts of the stages a stepwise run leaves out from the run it builds on, the same for every agent.
 * @returns where each came from, with hashes, for trial.json
 */
export async function copyInputs(
  planned: PlannedTrial,
  record: RunRecord,
  target: string,
): Promise<TrialRecord['inputs']> {
  const { inputs } = planned.agent
  if (inputs === null) return []
  const runPath = resolve(inputs.run)
  const source = await readRun(dirname(runPath), basename(runPath))
  const needed = leftOutStages(record.config.stages)
  const choice = { agent: inputs.agent, seed: record.config.seed, needed }
  const trialId = await findSourceTrial(source.folder, planned, choice)
  const copied: TrialRecord['inputs'] = []
  for (const stage of needed) {
    const files = await copyStage(stage, trialFolder(source.folder, trialId), target)
    if (files.length > 0) copied.push({ stage, run: source.record.id, trial: trialId, files })
  }
  return copied
}

/** Stages that a later one of the run builds on, and that the run does not do itself. */
function leftOutStages(chosen: readonly Stage[]): Stage[] {
  const last = Math.max(...chosen.map((stage) => stages.indexOf(stage)))
  return stages.slice(0, last).filter((stage) => !chosen.includes(stage))
}

/**
 * The named agent's trial for the task, or one drawn by the seed and the task alone. Trials that lack a needed artefact are
 * drawn only where there are no others; the stage that misses it will say so.
 */
async function findSourceTrial(
  runFolder: string,
  { task }: PlannedTrial,
  choice: { agent: string | null; seed: number; needed: readonly Stage[] },
): Promise<string> {
  const all = (await listTrials(runFolder)).filter((id) => {
    const [taskId, agent] = id.split('/')
    return taskId === task.id && (choice.agent === null || choice.agent === agent)
  })
  const lacks = await Promise.all(all.map((id) => lacksArtefact(trialFolder(runFolder, id), choice.needed)))
  const whole = all.filter((_id, index) => lacks[index] === false)
  const candidates = whole.length > 0 ? whole : all
  const draw = Number.parseInt(sha256(`${choice.seed}/${task.id}`).slice(0, 12), 16)
  const chosen = candidates[choice.agent === null ? draw % Math.max(1, candidates.length) : 0]
  if (chosen === undefined)
    throw new PrerequisiteError(
      `${runFolder} has no trial of ${task.id}${choice.agent === null ? '' : ` by "${choice.agent}"`} to take inputs from`,
    )
  return chosen
}

async function lacksArtefact(folder: string, needed: readonly Stage[]): Promise<boolean> {
  for (const stage of needed) if ((await readArtefact(folder, stage)) === null) return true
  return false
}

async function copyStage(stage: Stage, from: string, to: string): Promise<{ path: string; sha256: string }[]> {
  const paths =
    stage === 'experiment'
      ? (await listFiles(join(from, 'results')))
          .filter(({ kind }) => kind === 'file')
          .map(({ path }) => `results/${path}`)
      : [artefactPaths[stage]]
  const files: { path: string; sha256: string }[] = []
  for (const path of paths.filter((candidate) => candidate !== artefactPaths.paper)) {
    // a link in someone else's folder may lead anywhere
    if (!(await lstat(join(from, path)).catch(() => null))?.isFile()) continue
    const bytes = await readFile(join(from, path))
    await writeWhole(join(to, path), bytes)
    files.push({ path, sha256: sha256(bytes) })
  }
  return files
}
