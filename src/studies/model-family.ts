/** How the developers' models are called: as a folder of the id (`openrouter/google/…`), and by the beginning of the name itself. */
const developers: readonly { family: string; folders: readonly string[]; names: RegExp }[] = [
  { family: 'anthropic', folders: ['anthropic'], names: /^claude\b/ },
  { family: 'google', folders: ['google'], names: /^(?:gemini|gemma)/ },
  { family: 'openai', folders: ['openai'], names: /^(?:chatgpt|gpt|o\d|codex)/ },
  { family: 'deepseek', folders: ['deepseek', 'deepseek-ai'], names: /^deepseek/ },
  { family: 'qwen', folders: ['qwen', 'alibaba'], names: /^(?:qwen|qwq|qvq)/ },
  {
    family: 'mistral',
    folders: ['mistral', 'mistralai'],
    names: /^(?:mistral|ministral|mixtral|magistral|codestral|devstral|pixtral)/,
  },
  { family: 'meta', folders: ['meta', 'meta-llama'], names: /^(?:meta-)?llama/ },
  { family: 'xai', folders: ['xai', 'x-ai'], names: /^grok/ },
  { family: 'moonshot', folders: ['moonshotai'], names: /^kimi/ },
  { family: 'zhipu', folders: ['z-ai', 'thudm'], names: /^glm\b/ },
  { family: 'microsoft', folders: ['microsoft'], names: /^phi\b/ },
  { family: 'scripted', folders: ['scripted'], names: /^$/ },
]

/**
 * Who developed a model.
 * @param model `provider/model`, or the model's bare name; a judge's settings may stand behind it in parentheses
 * @returns null for a model of which this table knows nothing: it may be of any family
 */
export function modelFamily(model: string): string | null {
  const parts = model
    .toLowerCase()
    .replace(/ \(.*$/, '')
    .split('/')
  const name = parts.at(-1) ?? ''
  // the name first: one company's endpoint may serve the models of another
  const found =
    developers.find(({ names }) => names.test(name)) ??
    developers.find(({ folders }) => parts.slice(0, -1).some((part) => folders.includes(part)))
  return found?.family ?? null
}
