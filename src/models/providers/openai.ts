import { createOpenAI } from '@ai-sdk/openai'
import type { ToolSet } from 'ai'
import type { ModelSettings } from '../../schema/config.ts'
import { patientFetch } from '../http.ts'
import { modelId } from '../model-id.ts'
import type { ModelProvider, ProviderOptions } from '../model.ts'

/** The search models exist behind Chat Completions alone, and search without being given a tool. */
const isSearchModel = (modelId: string): boolean => modelId.includes('-search-preview')

export const openai: ModelProvider = {
  keyVariable: 'OPENAI_API_KEY',
  defaultBaseUrl: 'https://api.openai.com/v1',
  structuredOutput: true,
  prices: 'openai',
  wires: ['openai-responses', 'openai-chat'],
  keyHeader: 'authorization',
  open({ baseUrl, apiKey }) {
    const sdk = createOpenAI({ baseURL: baseUrl, apiKey: apiKey ?? '', fetch: patientFetch })
    const usesChat = (settings: ModelSettings): boolean =>
      settings.api === 'chat' || (settings.api === null && isSearchModel(modelId(settings)))
    return {
      languageModel: (settings) =>
        usesChat(settings) ? sdk.chat(modelId(settings)) : sdk.responses(modelId(settings)),
      searchTools: (settings): ToolSet => (usesChat(settings) ? {} : { web_search: sdk.tools.webSearch() }),
      // nothing of a study stays on the provider's side, and no summary of its thoughts is asked for
      options: (settings): ProviderOptions =>
        usesChat(settings)
          ? {}
          : { openai: { store: false, ...(settings.reasoning === null ? {} : { reasoningSummary: null }) } },
    }
  },
}
