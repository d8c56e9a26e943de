import type { ModelAccount } from '../models/model-account.ts'
import { modelId } from '../models/model-id.ts'
import type { ExperimentModels, Wire } from '../schema/config.ts'

/** Variables by which the experiment's own code finds the models it may call, and no key. */
export function experimentVariables(url: string, token: string): Record<string, string> {
  const addresses = { OPENAI: `${url}/openai/v1`, ANTHROPIC: `${url}/anthropic`, GOOGLE: `${url}/google` }
  return {
    // a coder that is a client of one of them needs the usual names for itself
    EXPERIMENT_OPENAI_BASE_URL: addresses.OPENAI,
    EXPERIMENT_ANTHROPIC_BASE_URL: addresses.ANTHROPIC,
    EXPERIMENT_GOOGLE_BASE_URL: addresses.GOOGLE,
    EXPERIMENT_API_KEY: token,
    OPENAI_BASE_URL: addresses.OPENAI,
    OPENAI_API_KEY: token,
    ANTHROPIC_BASE_URL: addresses.ANTHROPIC,
    ANTHROPIC_API_KEY: token,
    GOOGLE_GEMINI_BASE_URL: addresses.GOOGLE,
    GEMINI_API_KEY: token,
  }
}

const interfaces: Readonly<Record<Wire, string>> = {
  'anthropic-messages': 'Anthropic Messages, base URL in EXPERIMENT_ANTHROPIC_BASE_URL',
  'openai-responses': 'OpenAI Responses, base URL in EXPERIMENT_OPENAI_BASE_URL',
  'openai-chat': 'OpenAI Chat Completions, base URL in EXPERIMENT_OPENAI_BASE_URL',
  'google-generate-content': 'Gemini generateContent, base URL in EXPERIMENT_GOOGLE_BASE_URL',
}

/** For the coder's prompt: the models its code may call, and how each is reached. */
export function namesOfModels({ models }: ExperimentModels, account: ModelAccount): string {
  if (models.length === 0) return 'none'
  const named = models.map((settings) => {
    const ways = account.connect(settings).wires.map((wire) => interfaces[wire])
    return `\`${modelId(settings)}\` (${ways.join('; ')})`
  })
  return `${named.join(', ')}; the key is in EXPERIMENT_API_KEY`
}
