import { PrerequisiteError } from '../../base/errors.ts'
import { modelId } from '../model-id.ts'
import type { ModelProvider } from '../model.ts'
import { scriptedModels } from '../scripted/index.ts'

/** Controls: models whose truth is known, without key or network. */
export const scripted: ModelProvider = {
  keyVariable: null,
  defaultBaseUrl: 'scripted:',
  structuredOutput: false,
  prices: 'free',
  wires: [],
  keyHeader: 'authorization',
  open: () => ({
    languageModel(settings) {
      const name = modelId(settings)
      const open = new Map(Object.entries(scriptedModels)).get(name)
      if (open === undefined)
        throw new PrerequisiteError(`no scripted model "${name}"; there are: ${Object.keys(scriptedModels).join(', ')}`)
      return open()
    },
  }),
}
