import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../base/files.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import type { HashedFile } from '../schema/event.ts'
import { artefactPaths, type Stage } from '../schema/stage.ts'
import { coderSettings, requireSoundEnding } from './coder-outcome.ts'
import { runCoder } from './coder-work.ts'
import { type Collected, collectResults } from './collect-results.ts'
import { describeEnding, describeResources } from './describe-experiment.ts'
import { type Attempt, type StageContext, type StageDefinition, StageFailure } from './stage.ts'
import { promptHash } from './writing.ts'

/** What stands in the workspace when the coder begins. */
const given = ['task', 'idea', 'literature', 'proposal'] as const satisfies (Stage | 'task')[]
const shortestResults = 20

export const experimentStage: StageDefinition = {
  stage: 'experiment',
  needs: given,
  attempts: 1,
  // a half-done workspace is not where anyone stopped on purpose: an interrupted experiment starts again
  resumable: false,
  settings: async ({ agent, sandbox, experimentModels }) => [
    ...coderSettings(agent.coder, { sandbox, experimentModels }),
    await promptHash('experiment'),
  ],
  run: runExperiment,
}

async function runExperiment(context: StageContext, attempt: Attempt): Promise<HashedFile[]> {
  const { trial, sandbox: spec } = context
  if (spec === null) throw new Error('the run has an experiment stage and no sandbox')
  const workspace = join(attempt.folder, 'workspace')
  // after a power cut a folder may be there of which no event tells
  await rm(workspace, { recursive: true, force: true })
  for (const name of given)
    await writeWhole(join(workspace, artefactPaths[name]), (await trial.read(artefactPaths[name])) ?? '')

  const { coder } = context.agent
  const { result, kept } = await runCoder(
    {
      coder,
      workspace,
      async prompt({ models }) {
        const { user } = renderPrompt(await loadPrompt('experiment'), {
          ...describeResources(spec, coder.timeLimitMs),
          models,
        })
        return user
      },
    },
    context,
    attempt,
  )
  const { taken, refused } = await collectResults(workspace, trial.folder)
  for (const file of refused)
    trial.append({ type: 'file-refused', stage: 'experiment', attempt: attempt.number, ...file })
  const results = taken.find(({ path }) => path === artefactPaths.experiment)
  requireSoundEnding(result)
  if (results === undefined || results.bytes < shortestResults)
    throw new StageFailure('no-results', `${whyNoResults(results, refused)} (${describeEnding(result)})`)
  return [...taken, ...kept]
}

function whyNoResults(results: HashedFile | undefined, refused: Collected['refused']): string {
  const path = artefactPaths.experiment
  if (results !== undefined) return `the coder's ${path} has only ${results.bytes} bytes`
  const reason = refused.find((file) => file.path === path || file.path === 'results')?.reason
  return reason === undefined ? `the coder left no ${path}` : `the coder's ${path} cannot be taken: ${reason}`
}
