import { createOpenRouter } from '@openrouter/ai-sdk-provider'
import { patientFetch } from '../http.ts'
import { modelId } from '../model-id.ts'
import type { ModelProvider, ProviderOptions } from '../model.ts'

export const openrouter: ModelProvider = {
  keyVariable: 'OPENROUTER_API_KEY',
  defaultBaseUrl: 'https://openrouter.ai/api/v1',
  // it depends on the model behind it, so replies are read as text and checked here
  structuredOutput: false,
  prices: 'openrouter',
  wires: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  keyHeader: 'authorization',
  open({ baseUrl, apiKey }) {
    const sdk = createOpenRouter({
      baseURL: baseUrl,
      apiKey: apiKey ?? '',
      compatibility: 'strict',
      fetch: patientFetch,
    })
    return {
      languageModel: (settings, search) =>
        sdk.chat(modelId(settings), {
          usage: { include: true },
          ...(search ? { plugins: [{ id: 'web' as const }] } : {}),
        }),
      // its client does not pass the SDK's own setting on
      options: ({ reasoning }): ProviderOptions =>
        reasoning === null ? {} : { openrouter: { reasoning: { effort: reasoning } } },
    }
  },
}
