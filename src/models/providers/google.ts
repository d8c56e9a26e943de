import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { patientFetch } from '../http.ts'
import { modelId } from '../model-id.ts'
import type { ModelProvider } from '../model.ts'

export const google: ModelProvider = {
  keyVariable: 'GEMINI_API_KEY',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  structuredOutput: true,
  prices: 'google',
  wires: ['google-generate-content'],
  keyHeader: 'x-goog-api-key',
  open({ baseUrl, apiKey }) {
    const sdk = createGoogleGenerativeAI({ baseURL: baseUrl, apiKey: apiKey ?? '', fetch: patientFetch })
    return {
      languageModel: (settings) => sdk(modelId(settings)),
      searchTools: () => ({ google_search: sdk.tools.googleSearch({}) }),
    }
  },
}
