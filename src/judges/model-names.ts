/** What a name stands for; it decides the placeholder. */
export type NameKind = 'model' | 'system' | 'company'

export interface NamePattern {
  readonly kind: NameKind
  /** Matched without regard to case, between places where no letter or digit goes on. */
  readonly pattern: string
  /** The one spelling that counts, for names that are ordinary words or abbreviations otherwise. */
  readonly spelling?: string
}

const gap = '[-_ ]?'
const versions = (...words: string[]): string =>
  `(?:[-_ ](?:${words.join('|')}|\\d(?:[.-]\\d)?(?![\\dbB])|v\\d(?:\\.\\d)?))*`
/** `-2025-04-16`, `-20250219`, `-03-25`, `-0613`. */
const date = '(?:[-_](?:20\\d\\d[-_]?\\d\\d[-_]?\\d\\d|\\d\\d[-_]\\d\\d|0\\d\\d\\d|1[0-2]\\d\\d))?'

/**
 * Names of models, agents and companies that may have written a work under review, or that tell who did. Sizes (`-70B`) are left outside, so that
 * a study of several sizes stays readable; models too old or too small to have written one (GPT-2, BERT, T5) are not here.
 * The first that matches counts.
 */
export const namePatterns: readonly NamePattern[] = [
  { kind: 'system', pattern: `claude${gap}code` },
  { kind: 'system', pattern: `(?:openai )?codex(?:[-_ ]cli)?` },
  { kind: 'system', pattern: `(?:gemini|qwen|grok|kimi|mistral)[-_ ](?:cli|code|vibe)` },
  { kind: 'system', pattern: `(?:the )?ai[-_ ]?scientist(?:[-_ ]?v\\d)?` },
  { kind: 'system', pattern: 'mlr[-_ ]?agent' },
  { kind: 'system', pattern: 'agent[-_ ]?laboratory' },
  { kind: 'system', pattern: `(?:github )?copilot` },
  {
    kind: 'system',
    pattern: '(?:openhands|opendevin|opencode|swe-agent|mini-swe-agent|auto-?gpt|carl \\(|zochi|ai co-scientist)',
  },
  { kind: 'system', pattern: 'aider', spelling: 'Aider' },
  { kind: 'system', pattern: 'devin', spelling: 'Devin' },
  { kind: 'system', pattern: 'manus', spelling: 'Manus' },
  { kind: 'company', pattern: 'open ?ai' },
  { kind: 'company', pattern: 'anthropic' },
  { kind: 'company', pattern: 'open ?router' },
  { kind: 'company', pattern: '(?:google )?deepmind' },
  // what everyone uses of Google's says nothing
  {
    kind: 'company',
    pattern:
      "google(?!(?:'s)?[-_ ]?(?:scholar|colab\\w*|drive|maps|trends|translate|search|news|books|docs|sheets|street|play|analytics|landmarks|research football))(?:[-_ ]ai)?",
  },
  { kind: 'company', pattern: 'mistral[-_ ]?ai' },
  { kind: 'company', pattern: 'meta[-_ ]?(?:ai|llama)' },
  { kind: 'company', pattern: 'alibaba(?:[-_ ]cloud)?' },
  { kind: 'company', pattern: 'moonshot(?:[-_ ]?ai)' },
  { kind: 'company', pattern: 'sakana(?:[-_ ]?ai)?' },
  { kind: 'company', pattern: 'zhipu(?:[-_ ]?ai)?' },
  { kind: 'company', pattern: 'xai', spelling: 'xAI' },
  { kind: 'company', pattern: 'cohere', spelling: 'Cohere' },
  {
    kind: 'model',
    pattern: `(?!gpt4all)(?:chat${gap})?gpt${gap}(?:3\\.5|4o|4v|[4-9](?:\\.\\d)?|oss)${versions('turbo', 'mini', 'nano', 'preview', 'search', 'audio', 'vision', 'pro', 'codex', 'chat', 'latest', 'high')}${date}`,
  },
  { kind: 'model', pattern: 'chat ?gpt' },
  {
    kind: 'model',
    pattern: `o[1345](?:[-_](?:mini|preview|pro|high|deep[-_]research))+${date}|o[1345][ ](?:mini|preview|pro)`,
  },
  {
    kind: 'model',
    pattern: `(?<!jean[- ])claude(?! (?:[a-z]\\. )?(?:shannon|monet|bernard|debussy|l[eé]vi))${versions('instant', 'opus', 'sonnet', 'haiku', 'latest', 'thinking')}${date}`,
  },
  { kind: 'model', pattern: `(?:sonnet|opus|haiku)[-_ ]\\d(?:\\.\\d)?` },
  {
    kind: 'model',
    pattern: `gemini${versions('pro', 'flash', 'ultra', 'nano', 'lite', 'preview', 'exp', 'experimental', 'advanced', 'thinking', 'latest')}${date}`,
  },
  { kind: 'model', pattern: `gemma(?:${gap}\\d(?![\\dbB]))?` },
  {
    kind: 'model',
    pattern: `deepseek(?:[-_ ]?ai)?(?:[-_ ]?(?:r\\d|v\\d(?:\\.\\d)?|coder|math|chat|reasoner|llm|moe|prover)(?![a-z]))*(?:[-_](?:0\\d\\d\\d|1[0-2]\\d\\d))?`,
  },
  {
    kind: 'model',
    pattern: `qwen(?:${gap}\\d(?:\\.\\d)?(?![\\dbB]))?(?:[-_ ](?:coder|math|vl|max|plus|turbo|next)(?![a-z]))*`,
  },
  { kind: 'model', pattern: 'qwq' },
  {
    kind: 'model',
    pattern: `(?:mistral|mixtral|ministral|magistral|devstral|codestral|pixtral)(?:[-_ ](?:large|small|medium|nemo|tiny|saba)(?![a-z]))*(?:[-_]2\\d\\d\\d)?`,
  },
  { kind: 'model', pattern: `(?:code${gap})?llama(?:${gap}\\d(?:\\.\\d)?(?![\\dbBxX]))?` },
  { kind: 'model', pattern: `grok[-_ ]?\\d(?:\\.\\d)?(?:[-_ ](?:mini|fast|heavy|code))*` },
  { kind: 'model', pattern: `kimi(?:[-_ ]?k\\d(?:\\.\\d)?)?` },
  { kind: 'model', pattern: `(?:chat)?glm[-_ ]?[4-9](?:\\.\\d)?(?:[-_ ](?:air|flash|plus))*` },
  { kind: 'model', pattern: `minimax[-_ ](?:m|text-)?\\d+(?:\\.\\d)?` },
  { kind: 'model', pattern: `phi[-_]?[34](?:\\.5)?[-_ ](?:mini|small|medium|moe|vision|multimodal)` },
  { kind: 'model', pattern: `command[-_ ]?(?:r\\+|r-plus|r\\d?b?|a-03)(?![a-z])`, spelling: 'Command R' },
  { kind: 'model', pattern: `nova[-_ ](?:pro|lite|micro|premier)` },
]
