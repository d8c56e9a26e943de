import { sha256 } from '../base/hash.ts'
import { answerSettings } from '../models/question.ts'
import { readFigures } from '../runs/figures.ts'
import type { OpenTrial } from '../runs/trial-store.ts'
import { artefactPaths, type Stage } from '../schema/stage.ts'
import type { StageDefinition } from './stage.ts'
import { promptHash, writeArtefact } from './writing.ts'

const shared = { attempts: 3, resumable: true }

/** Limits on output tokens as in the original (arXiv 2505.19955, released code): 4,096, and 16,384 for the long texts. */
const shortText = 4_096
const longText = 16_384

export const ideaStage: StageDefinition = {
  ...shared,
  stage: 'idea',
  needs: ['task'],
  settings: async ({ agent }) => [answerSettings(agent.model), await promptHash('idea')],
  run: async (context, attempt) =>
    writeArtefact(context, attempt, {
      stage: 'idea',
      settings: context.agent.model,
      variables: await texts(context.trial, ['task']),
      maxOutputTokens: shortText,
    }),
}

/** The years whose papers the literature stage looks for, as published. */
const literatureYears = { first_year: '2023', last_year: '2025' }

export const literatureStage: StageDefinition = {
  ...shared,
  stage: 'literature',
  needs: ['task', 'idea'],
  settings: async ({ agent }) => [answerSettings(agent.searchModel), await promptHash('literature')],
  run: async (context, attempt) =>
    writeArtefact(context, attempt, {
      stage: 'literature',
      settings: context.agent.searchModel,
      variables: { ...(await texts(context.trial, ['task', 'idea'])), ...literatureYears },
      maxOutputTokens: shortText,
      search: true,
    }),
}

export const proposalStage: StageDefinition = {
  ...shared,
  stage: 'proposal',
  needs: ['task', 'idea', 'literature'],
  settings: async ({ agent }) => [answerSettings(agent.model), await promptHash('proposal')],
  run: async (context, attempt) =>
    writeArtefact(context, attempt, {
      stage: 'proposal',
      settings: context.agent.model,
      variables: await texts(context.trial, ['task', 'idea', 'literature']),
      maxOutputTokens: longText,
    }),
}

export const paperStage: StageDefinition = {
  ...shared,
  stage: 'paper',
  needs: ['task', 'idea', 'literature', 'proposal', 'experiment'],
  settings: async ({ trial, agent }) => [
    answerSettings(agent.model),
    await promptHash('paper'),
    (await readFigures(trial.folder)).map(({ name, base64 }) => [name, sha256(base64)]),
  ],
  async run(context, attempt) {
    const { trial, agent } = context
    const { model } = agent
    const figures = await readFigures(trial.folder)
    const { experiment, ...inputs } = await texts(trial, ['task', 'idea', 'literature', 'proposal', 'experiment'])
    return writeArtefact(context, attempt, {
      stage: 'paper',
      settings: model,
      variables: {
        ...inputs,
        results: experiment,
        figures: figures.map(({ name }) => name),
        figures_shown: model.images,
      },
      maxOutputTokens: longText,
      images: model.images ? figures : [],
    })
  },
}

async function texts<Name extends Stage | 'task'>(
  trial: OpenTrial,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const read = await Promise.all(names.map(async (name) => [name, (await trial.read(artefactPaths[name])) ?? '']))
  return Object.fromEntries(read) as Record<Name, string>
}
