import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { patientFetch } from '../http.ts'
import type { ModelProvider } from '../model.ts'

export const google: ModelProvider = {
  keyVariable: 'GEMINI_API_KEY',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  structuredOutput: true,
  prices: 'google',
  open({ baseUrl, apiKey }) {
    const sdk = createGoogleGenerativeAI({ baseURL: baseUrl, apiKey: apiKey ?? '', fetch: patientFetch })
    return {
      languageModel: ({ model }) => sdk(model.slice(model.indexOf('/') + 1)),
      searchTools: () => ({ google_search: sdk.tools.googleSearch({}) }),
    }
  },
}
