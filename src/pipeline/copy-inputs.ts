import { lstat, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PrerequisiteError } from '../base/errors.ts'
import { listFiles, writeWhole } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import { listTrials, readRun, trialFolder } from '../runs/run-store.ts'
import { readTrialRecord, readTrialState } from '../runs/trial-store.ts'
import { inputsOf } from '../schema/agent-model.ts'
import type { RunRecord, TrialRecord } from '../schema/run.ts'
import { artefactPaths, type Stage, stages } from '../schema/stage.ts'
import { type PlannedTrial, planTrials } from './plan-trials.ts'

/**
 * Copies the artefacts of the stages a stepwise run leaves out from the run it builds on, the same for every agent.
 * @returns where each came from, with hashes, for trial.json
 */
export async function copyInputs(
  planned: PlannedTrial,
  record: RunRecord,
  target: string,
): Promise<TrialRecord['inputs']> {
  const inputs = inputsOf(planned.agent)
  if (inputs === null) return []
  const runPath = resolve(inputs.run)
  const source = await readRun(dirname(runPath), basename(runPath))
  const needed = leftOutStages(record.config.stages)
  const choice = { agent: inputs.agent, seed: record.config.seed, needed }
  const trialId = await findSourceTrial(source.folder, planned, choice)
  if (trialId === null)
    throw new PrerequisiteError(`${source.folder} has no trial of ${nameSource(planned)} to take inputs from`)
  const copied: TrialRecord['inputs'] = []
  for (const stage of needed) {
    const files = await copyStage(stage, trialFolder(source.folder, trialId), target)
    if (files.length > 0) copied.push({ stage, run: source.record.id, trial: trialId, files })
  }
  return copied
}

/** Throws PrerequisiteError, naming every task at once, unless each trial has a source to take its inputs from. */
export async function requireInputs(record: RunRecord): Promise<void> {
  const missing: string[] = []
  for (const planned of planTrials(record)) {
    const inputs = inputsOf(planned.agent)
    if (inputs === null) continue
    const { run, agent } = inputs
    const choice = { agent, seed: record.config.seed, needed: leftOutStages(record.config.stages) }
    const found = await findSourceTrial(resolve(run), planned, choice)
    if (found === null) missing.push(`${nameSource(planned)} in ${run}`)
  }
  if (missing.length > 0)
    throw new PrerequisiteError(
      `there is no trial to take inputs from: ${[...new Set(missing)].join('; ')}. Leave the task out, or run it there first`,
    )
}

function nameSource({ task, agent }: PlannedTrial): string {
  const by = inputsOf(agent)?.agent ?? null
  return by === null ? task.id : `${task.id} by "${by}"`
}

/** Stages that a later one of the run builds on, and that the run does not do itself. */
function leftOutStages(chosen: readonly Stage[]): Stage[] {
  const last = Math.max(...chosen.map((stage) => stages.indexOf(stage)))
  return stages.slice(0, last).filter((stage) => !chosen.includes(stage))
}

/**
 * The named agent's trial for the task, or one drawn by the seed and the task alone. Trials that lack a needed artefact are
 * drawn only where there are no others; the stage that misses it will say so. Null: there is no trial at all.
 */
async function findSourceTrial(
  runFolder: string,
  { task }: PlannedTrial,
  choice: { agent: string | null; seed: number; needed: readonly Stage[] },
): Promise<string | null> {
  const all = (await listTrials(runFolder, { taskId: task.id })).filter(
    (id) => choice.agent === null || choice.agent === id.split('/')[1],
  )
  const lacks = await Promise.all(all.map((id) => lacksArtefact(trialFolder(runFolder, id), choice.needed)))
  const whole = all.filter((_id, index) => lacks[index] === false)
  const candidates = whole.length > 0 ? whole : all
  const draw = Number.parseInt(sha256(`${choice.seed}/${task.id}`).slice(0, 12), 16)
  return candidates[choice.agent === null ? draw % Math.max(1, candidates.length) : 0] ?? null
}

/** A stage's artefacts count when the stage is done, or when they were copied in themselves; never because a file is there. */
async function lacksArtefact(folder: string, needed: readonly Stage[]): Promise<boolean> {
  const { stages: states } = await readTrialState(folder)
  const { inputs } = await readTrialRecord(folder)
  return needed.some((stage) => states[stage]?.status !== 'done' && !inputs.some((input) => input.stage === stage))
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
