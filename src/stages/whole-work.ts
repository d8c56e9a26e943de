import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../base/files.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import type { OpenTrial } from '../runs/trial-store.ts'
import type { CommandAgentSpec } from '../schema/config.ts'
import type { HashedFile } from '../schema/event.ts'
import { artefactPaths, type Stage } from '../schema/stage.ts'
import { coderSettings, requireSoundEnding } from './coder-outcome.ts'
import { runCoder } from './coder-work.ts'
import { collectResults, takeFile } from './collect-results.ts'
import { describeEnding, describeResources } from './describe-experiment.ts'
import { type Attempt, type StageContext, type StageDefinition, StageFailure } from './stage.ts'
import { promptHash } from './writing.ts'

type Context = StageContext<CommandAgentSpec>

/** Where an agent may leave its paper, best first. */
const paperPaths = ['paper.md', artefactPaths.paper]
/** What it may leave of the way there. */
const notes = [artefactPaths.idea, artefactPaths.literature, artefactPaths.proposal, 'references.bib']
/** As much as a judge or reader could take. */
const largestText = 5 * 1024 ** 2
const shortestPaper = 200

/** Everything from the task on, done by one program in one sandbox. */
export const wholeWorkStage: StageDefinition<CommandAgentSpec> = {
  stage: 'experiment',
  needs: ['task'],
  attempts: 1,
  resumable: false,
  settings: async ({ agent, sandbox, experimentModels }) => [
    ...coderSettings(agent.coder, { sandbox, experimentModels }),
    await promptHash('whole-agent'),
  ],
  run: doAllWork,
}

async function doAllWork(context: Context, attempt: Attempt): Promise<HashedFile[]> {
  const { trial, sandbox: spec } = context
  if (spec === null) throw new Error('the run has an agent that runs in a sandbox, and no sandbox')
  const workspace = workspaceOf(attempt.folder)
  await rm(workspace, { recursive: true, force: true })
  await writeWhole(join(workspace, artefactPaths.task), (await trial.read(artefactPaths.task)) ?? '')
  const { coder } = context.agent
  const { result, kept } = await runCoder(
    {
      coder,
      workspace,
      async prompt({ models }) {
        const resources = describeResources(spec, coder.timeLimitMs)
        return renderPrompt(await loadPrompt('whole-agent'), { ...resources, models }).user
      },
    },
    context,
    attempt,
  )
  const where = { stage: 'experiment' as const, attempt: attempt.number }
  const { taken, refused } = await collectResults(workspace, trial.folder)
  for (const path of notes) {
    const file = await takeFile(path, { from: workspace, to: trial.folder, largestBytes: largestText })
    if (file === null) continue
    if ('reason' in file) refused.push(file)
    else taken.push(file)
  }
  // the paper has a stage of its own
  for (const file of refused)
    if (file.path !== artefactPaths.paper) trial.append({ type: 'file-refused', ...where, ...file })
  requireSoundEnding(result)
  const paper = await findPaper(workspace)
  if (paper === null)
    throw new StageFailure('no-paper', `the agent left no ${paperPaths.join(' or ')} (${describeEnding(result)})`)
  return [...taken, ...kept]
}

/** Takes the paper over from the workspace of the work that has just been done, or was done before. */
export const wholePaperStage: StageDefinition<CommandAgentSpec> = {
  stage: 'paper',
  needs: ['task'],
  attempts: 1,
  resumable: true,
  settings: async ({ trial }) => lastAttempt(trial),
  async run({ trial }, attempt) {
    const workspace = workspaceOf(trial.attemptFolder('experiment', lastAttempt(trial)))
    const path = await findPaper(workspace)
    if (path === null) throw new StageFailure('no-paper', `the workspace no longer holds ${paperPaths.join(' or ')}`)
    const to = artefactPaths.paper
    const paper = await takeFile(path, { from: workspace, to: trial.folder, as: to, largestBytes: largestText })
    if (paper === null || 'reason' in paper) {
      const reason = paper?.reason ?? 'it has gone'
      trial.append({ type: 'file-refused', stage: 'paper', attempt: attempt.number, path, reason })
      throw new StageFailure('no-paper', `the agent's ${path} cannot be taken: ${reason}`)
    }
    if (paper.bytes < shortestPaper)
      throw new StageFailure('no-paper', `the agent's ${path} has only ${paper.bytes} bytes`)
    return [paper]
  },
}

const workspaceOf = (attemptFolder: string): string => join(attemptFolder, 'workspace')

function lastAttempt(trial: OpenTrial): number {
  const stage: Stage = 'experiment'
  const finished = trial.events.findLast((event) => event.type === 'stage-finished' && event.stage === stage)
  if (finished?.type !== 'stage-finished') throw new Error('the paper is taken over before there was any work')
  return finished.attempt
}

/** The first that is there, whatever it is; null when there is none. */
async function findPaper(workspace: string): Promise<string | null> {
  for (const path of paperPaths) if ((await lstat(join(workspace, path)).catch(() => null)) !== null) return path
  return null
}
