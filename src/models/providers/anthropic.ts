import { createAnthropic } from '@ai-sdk/anthropic'
import { patientFetch } from '../http.ts'
import { modelId } from '../model-id.ts'
import type { ModelProvider } from '../model.ts'

export const anthropic: ModelProvider = {
  keyVariable: 'ANTHROPIC_API_KEY',
  defaultBaseUrl: 'https://api.anthropic.com/v1',
  structuredOutput: true,
  prices: 'anthropic',
  wires: ['anthropic-messages'],
  keyHeader: 'x-api-key',
  thinkingTokensOnTop: 64_000,
  open({ baseUrl, apiKey }) {
    const sdk = createAnthropic({ baseURL: baseUrl, apiKey: apiKey ?? '', fetch: patientFetch })
    return {
      languageModel: (settings) => sdk(modelId(settings)),
      // after ten rounds of tools of its own the provider would pause the answer half-way
      searchTools: () => ({ web_search: sdk.tools.webSearch_20250305({ maxUses: 8 }) }),
    }
  },
}
