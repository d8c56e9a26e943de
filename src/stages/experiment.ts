import { rm } from 'node:fs/promises'
import { cpus, release, totalmem } from 'node:os'
import { join, relative } from 'node:path'
import { writeWhole } from '../base/files.ts'
import { oneLine } from '../base/text.ts'
import { coders } from '../coders/index.ts'
import { answerSettings } from '../models/question.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import { countedUsd, sumSpending } from '../runs/spending.ts'
import type { OpenTrial } from '../runs/trial-store.ts'
import { openSandbox } from '../sandboxes/index.ts'
import type { SandboxSpec } from '../schema/config.ts'
import type { HashedFile, Purpose } from '../schema/event.ts'
import { artefactPaths, type Stage } from '../schema/stage.ts'
import { type Collected, collectResults } from './collect-results.ts'
import { type Attempt, coderFailed, type StageContext, type StageDefinition, StageFailure } from './stage.ts'
import { promptHash } from './writing.ts'

/** What stands in the workspace when the coder begins. */
const given = ['task', 'idea', 'literature', 'proposal'] as const satisfies (Stage | 'task')[]
const shortestResults = 20
const longestMessage = 300

export const experimentStage: StageDefinition = {
  stage: 'experiment',
  needs: given,
  attempts: 1,
  // a half-done workspace is not where anyone stopped on purpose: an interrupted experiment starts again
  resumable: false,
  settings: async ({ agent, sandbox }) => [
    { ...agent.coder, model: answerSettings(agent.coder.model) },
    sandbox,
    await promptHash('experiment'),
  ],
  run: runExperiment,
}

async function runExperiment(context: StageContext, attempt: Attempt): Promise<HashedFile[]> {
  const { trial, sandbox: spec } = context
  if (spec === null) throw new Error('the run has an experiment stage and no sandbox')
  const where = { stage: 'experiment' as const, attempt: attempt.number }
  const workspace = join(attempt.folder, 'workspace')
  // after a power cut a folder may be there of which no event tells
  await rm(workspace, { recursive: true, force: true })
  for (const name of given)
    await writeWhole(join(workspace, artefactPaths[name]), (await trial.read(artefactPaths[name])) ?? '')

  const { network, kind, ...limits } = spec
  await using sandbox = await openSandbox(kind, { workspace, limits, network })
  trial.append({ type: 'sandbox-opened', ...where, sandbox: sandbox.name, isolated: sandbox.isolated, network })
  const environment = await trial.write(
    'environment.json',
    `${JSON.stringify(describeEnvironment(spec, sandbox.isolated), null, 2)}\n`,
  )

  const { coder } = context.agent
  const prompt = renderPrompt(await loadPrompt('experiment'), experimentVariables(spec, coder.timeLimitMs))
  const result = await coders[coder.kind].run({
    spec: coder,
    prompt: prompt.user,
    workspace,
    sandbox,
    models: context.models,
    attempt: attempt.number,
    cacheScope: attempt.cacheScope,
    spentUsd: spentOnInterrupted(trial),
    append: trial.append,
    signal: context.signal,
  })
  const transcript = await trial.write(join(relative(trial.folder, attempt.folder), 'transcript.md'), result.transcript)
  trial.append({
    type: 'coder-finished',
    ...where,
    ending: result.ending,
    steps: result.steps,
    message: result.message,
  })

  const { taken, refused } = await collectResults(workspace, trial.folder)
  for (const file of refused) trial.append({ type: 'file-refused', ...where, ...file })
  const results = taken.find(({ path }) => path === artefactPaths.experiment)
  if (result.ending === 'model-failed') throw new StageFailure(coderFailed, result.message)
  if (results === undefined || results.bytes < shortestResults)
    throw new StageFailure(
      'no-results',
      `${whyNoResults(results, refused)} (${result.ending} after ${result.steps} steps: ${oneLine(result.message, longestMessage)})`,
    )
  return [...taken, environment, transcript]
}

/** Dollars of the attempts since the last one that came to an end: this one goes on with their replies and their limit. */
function spentOnInterrupted({ events }: OpenTrial): number {
  const ended = events.findLastIndex(
    (event) => (event.type === 'stage-finished' || event.type === 'stage-failed') && event.stage === 'experiment',
  )
  const since = events.slice(ended + 1).filter((event) => 'purpose' in event && isForExperiment(event.purpose))
  return countedUsd(sumSpending(since))
}

function isForExperiment(purpose: Purpose): boolean {
  return purpose.kind === 'stage' && purpose.stage === 'experiment'
}

function experimentVariables(spec: SandboxSpec, timeLimitMs: number): Record<string, unknown> {
  return {
    wall_time_minutes: upToTwoDecimals(timeLimitMs / 60_000),
    memory_gb: upToTwoDecimals(spec.memoryBytes / 1024 ** 3),
    cpus: spec.cpus,
    gpus: 0,
    network: spec.network === 'full',
    models: 'none',
  }
}

function whyNoResults(results: HashedFile | undefined, refused: Collected['refused']): string {
  const path = artefactPaths.experiment
  if (results !== undefined) return `the coder's ${path} has only ${results.bytes} bytes`
  const reason = refused.find((file) => file.path === path || file.path === 'results')?.reason
  return reason === undefined ? `the coder left no ${path}` : `the coder's ${path} cannot be taken: ${reason}`
}

const upToTwoDecimals = (value: number): number => Math.round(value * 100) / 100

/** Facts about the machine the experiment ran on. A container's image and the GPUs are null where there are none. */
function describeEnvironment(spec: SandboxSpec, isolated: boolean): Record<string, unknown> {
  return {
    schema: 'mlrbench/environment@1',
    sandbox: { ...spec, isolated },
    image: null,
    gpus: null,
    platform: process.platform,
    architecture: process.arch,
    kernel: release(),
    cpu: cpus()[0]?.model ?? null,
    cpuCount: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
  }
}
