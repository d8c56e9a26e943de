import type { ModelProvider } from './model.ts'
import { anthropic } from './providers/anthropic.ts'
import { google } from './providers/google.ts'
import { ollama, openaiCompatible } from './providers/openai-compatible.ts'
import { openai } from './providers/openai.ts'
import { openrouter } from './providers/openrouter.ts'
import { scripted } from './providers/scripted.ts'

export const providers = {
  openai,
  anthropic,
  openrouter,
  google,
  ollama,
  'openai-compatible': openaiCompatible,
  scripted,
} satisfies Record<string, ModelProvider>
export type ProviderName = keyof typeof providers
