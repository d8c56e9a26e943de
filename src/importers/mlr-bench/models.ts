/** Models of the release by the name its files give them, as `provider/model`. */
const models: Readonly<Record<string, string>> = {
  'claude-3-7-sonnet-20250219': 'anthropic/claude-3-7-sonnet-20250219',
  'deepseek-r1': 'openrouter/deepseek/deepseek-r1',
  'gemini-2.5-pro-preview': 'openrouter/google/gemini-2.5-pro-preview',
  'gemini-2.5-pro-preview-03-25': 'openrouter/google/gemini-2.5-pro-preview-03-25',
  'gemini-2.5-pro-preview-05-06': 'openrouter/google/gemini-2.5-pro-preview-05-06',
  'gpt-4.1-2025-04-14': 'openai/gpt-4.1-2025-04-14',
  'gpt-4o-search-preview-2025-03-11': 'openai/gpt-4o-search-preview-2025-03-11',
  'llama-3.1-8b-instruct': 'openrouter/meta-llama/llama-3.1-8b-instruct',
  'ministral-8b': 'openrouter/mistral/ministral-8b',
  'o3-mini-2025-01-31': 'openai/o3-mini-2025-01-31',
  'o4-mini-2025-04-16': 'openai/o4-mini-2025-04-16',
  'qwen3-235b-a22b': 'openrouter/qwen/qwen3-235b-a22b',
}

/** The model a file of the release names; null for a name the release does not use. */
export function modelOf(fileName: string): string | null {
  return Object.hasOwn(models, fileName) ? (models[fileName] ?? null) : null
}

/** Name of a judge, as reviews made here would call it; a model the release does not use keeps its own name. */
export function judgeName(fileName: string): string {
  return modelOf(fileName) ?? fileName
}
