import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { patientFetch } from '../http.ts'
import { modelId } from '../model-id.ts'
import type { Connection, ModelProvider } from '../model.ts'

/** Any server that speaks Chat Completions: vLLM, llama.cpp, LM Studio, a company's own gateway. */
export const openaiCompatible: ModelProvider = {
  keyVariable: 'OPENAI_COMPATIBLE_API_KEY',
  defaultBaseUrl: null,
  structuredOutput: false,
  prices: null,
  wires: ['openai-chat'],
  keyHeader: 'authorization',
  open: (connection) => openChatServer(connection),
}

/** Ollama on this machine, through its Chat Completions interface. */
export const ollama: ModelProvider = {
  keyVariable: null,
  defaultBaseUrl: 'http://127.0.0.1:11434/v1',
  structuredOutput: false,
  prices: 'free',
  wires: ['openai-chat'],
  keyHeader: 'authorization',
  open: (connection) => openChatServer(connection),
}

function openChatServer({ baseUrl, apiKey }: Connection): ReturnType<ModelProvider['open']> {
  const sdk = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: baseUrl,
    includeUsage: true,
    fetch: patientFetch,
    ...(apiKey === null ? {} : { apiKey }),
  })
  return { languageModel: (settings) => sdk(modelId(settings)) }
}
