import { loadRubric, rubricIds } from '../../src/rubrics/rubric.ts'
import { type ProviderServer, startProviderServer, type WireRequest, type WireUsage } from './provider-server.ts'
import type { WireToolCall } from './wire/wire-format.ts'

const writingStages = ['idea', 'literature', 'proposal', 'paper'] as const
export type WritingStage = (typeof writingStages)[number]

/** What our prompts ask, read back from the wire. */
export type Question =
  /** `inputs` by the name of their tag, exactly as they stand between its lines. */
  | { readonly kind: 'writing'; readonly stage: WritingStage; readonly inputs: Readonly<Record<string, string>> }
  /** `step`: commands the coder has run before. */
  | { readonly kind: 'coding'; readonly step: number }
  | { readonly kind: 'review'; readonly rubric: string; readonly evidence: readonly EvidenceItem[] }

export interface EvidenceItem {
  readonly label: string
  readonly path: string
  readonly text: string
}

/** What a recorded model says. */
export interface Spoken {
  readonly text: string
  readonly usage: WireUsage
  readonly toolCalls?: readonly WireToolCall[]
}

/** One call as the server saw and answered it. */
export interface Call extends Spoken {
  readonly question: Question
  readonly request: WireRequest
}

export interface RecordedProvider extends ProviderServer {
  /** In the order of their requests; they may be cut into commands by `calls.length` before and after. */
  readonly calls: readonly Call[]
  /** `--provider-url` for every provider, all of them this server. */
  readonly urls: readonly string[]
}

/** A provider that answers every question of a run from recordings. */
export async function startRecordedProvider(
  answer: (question: Question, request: WireRequest) => Spoken | Promise<Spoken>,
): Promise<RecordedProvider> {
  const titles = new Map<string, string>()
  for (const id of rubricIds) titles.set((await loadRubric(id)).rubric.title, id)
  const calls: Call[] = []
  const server = await startProviderServer(async (request) => {
    const question = readQuestion(request, titles)
    const spoken = await answer(question, request)
    calls.push({ question, request, ...spoken })
    return { kind: 'message', ...spoken }
  })
  const urls = ['openai', 'anthropic', 'local']
    .map((name) => `${name}=${server.origin}/v1`)
    .concat(`openrouter=${server.origin}/api/v1`)
    .flatMap((entry) => ['--provider-url', entry])
  return { ...server, calls, urls }
}

const inputTags = ['task', 'idea', 'related_work', 'proposal', 'results']
/** The inputs that tell a stage. */
const stageOfInputs = new Map<string, WritingStage>([
  ['task', 'idea'],
  ['task idea', 'literature'],
  ['task idea related_work', 'proposal'],
  ['task idea related_work proposal results', 'paper'],
])

/** @param rubrics ids by title */
function readQuestion({ text, tools, toolResults }: WireRequest, rubrics: ReadonlyMap<string, string>): Question {
  if (tools.includes('bash')) return { kind: 'coding', step: toolResults }
  const evidence = [...text.matchAll(/<<<evidence (\S+) label=(".*") path=(".*")>>>\n([^]*?)\n<<<end \1>>>/g)].map(
    ([, , label = '', path = '', item = '']) => ({
      label: String(JSON.parse(label)),
      path: String(JSON.parse(path)),
      text: item,
    }),
  )
  if (evidence.length > 0) {
    const [, title = ''] = /^The material ends here\..*\n\n# (.+)$/m.exec(text) ?? []
    const rubric = rubrics.get(title)
    if (rubric === undefined) throw new Error(`a judge is asked under no rubric of ours: "${title}"`)
    return { kind: 'review', rubric, evidence }
  }
  const found = inputTags.flatMap((tag): [string, string][] => {
    const [, input] = new RegExp(`<${tag}>\n([^]*?)\n</${tag}>`).exec(text) ?? []
    return input === undefined ? [] : [[tag, input]]
  })
  const stage = stageOfInputs.get(found.map(([tag]) => tag).join(' '))
  if (stage === undefined) throw new Error(`no stage is asked this:\n${text.slice(0, 2_000)}`)
  return { kind: 'writing', stage, inputs: Object.fromEntries(found) }
}

/** Dollars per million tokens, by the model's name on the wire. Without the cached kinds: a call has none of them. */
export type Prices = Readonly<
  Record<string, { input: number; output: number; cachedRead?: number; cachedWrite?: number }>
>

/** What calls come to, added up from what the server sent. Tokens that no call reports are not there. */
export function billOf(calls: readonly Call[], prices: Prices): { input: number; output: number; costUsd: number } {
  const bill = { input: 0, output: 0, costUsd: 0 }
  for (const { request, usage } of calls) {
    bill.input += usage.input
    bill.output += usage.output
    bill.costUsd += usage.costUsd ?? priceOf(usage, prices[request.model]) / 1_000_000
  }
  return bill
}

function priceOf({ input, output, cachedRead = 0, cachedWrite = 0 }: WireUsage, price: Prices[string] | undefined) {
  if (price === undefined) throw new Error('a model without a price, and without a cost of its own')
  if (cachedRead > 0 && price.cachedRead === undefined) throw new Error('no price for what the cache read')
  if (cachedWrite > 0 && price.cachedWrite === undefined) throw new Error('no price for what the cache wrote')
  return (
    (input - cachedRead - cachedWrite) * price.input +
    cachedRead * (price.cachedRead ?? 0) +
    cachedWrite * (price.cachedWrite ?? 0) +
    output * price.output
  )
}

interface Stripped {
  readonly kind: 'preamble' | 'fence'
  readonly text: string
}

/** The reply that an artefact was made of: what was taken off, put back where it was. */
export function wholeReply(artefact: string, stripped: readonly Stripped[]): string {
  const isFenced = stripped.some(({ kind }) => kind === 'fence')
  const before = isFenced ? stripped.slice(0, -1) : stripped
  return [...before, { text: artefact }, ...stripped.slice(before.length)].map(({ text }) => text).join('')
}
