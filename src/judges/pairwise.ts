import type { ModelMessage, UserContent } from 'ai'
import { z } from 'zod'
import { hashJson, sha256 } from '../base/hash.ts'
import type { ModelCaller } from '../models/model-caller.ts'
import type { ModelReply } from '../models/model.ts'
import { answerSettings } from '../models/question.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import type { LoadedRubric } from '../rubrics/rubric.ts'
import { type Figure, readFigures } from '../runs/figures.ts'
import { addKnown, addUsage } from '../runs/spending.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { NewEvent, RunEvent } from '../schema/event.ts'
import type { Comparison } from '../schema/study.ts'
import { openScrubber } from './blind.ts'
import { defaultEvidenceBytes, type Evidence, packEvidence } from './evidence.ts'
import { JudgementError, type Subject } from './judge.ts'
import { modelJudge, mostTries } from './model-judge.ts'
import { readOwnNames } from './own-names.ts'
import { type ReadReply, readReply } from './read-reply.ts'

/** One agent's work on a task, as a comparison has it. */
export interface ComparedWork {
  /** Id of its run. */
  readonly run: string
  readonly agent: string
  readonly subject: Subject
}

export interface ComparisonJob {
  readonly settings: ModelSettings
  readonly task: string
  readonly rubric: LoadedRubric
  /** In the order they are shown. */
  readonly works: readonly [first: ComparedWork, second: ComparedWork]
  readonly repeat: number
}

export interface ComparisonContext {
  readonly models: ModelCaller
  /** Tries that failed in earlier processes: their replies are not asked for again. */
  readonly failedBefore: number
  readonly append: (event: NewEvent) => RunEvent | void
  readonly signal: AbortSignal
}

/** Reasons stand before the verdict, because a model that writes in this order reasons before it decides. */
const answerSchema = z.strictObject({
  reason: z.string().regex(/\S/, 'must not be empty'),
  winner: z.enum(['first', 'second', 'tie']),
})
type Answer = z.infer<typeof answerSchema>

/** In the keywords that OpenAI's strict mode, Anthropic and Google all take. */
const answerJsonSchema = {
  type: 'object',
  properties: { reason: { type: 'string' }, winner: { type: 'string', enum: ['first', 'second', 'tie'] } },
  required: ['reason', 'winner'],
  additionalProperties: false,
}

const maxOutputTokens = 8_192

/** Known before it is made: the same works, criteria, prompts, judge and order are the same comparison. */
export async function comparisonId(job: ComparisonJob): Promise<string> {
  const prompts = [(await loadPrompt('judge-pairwise')).hash, (await loadPrompt('judge-repair')).hash]
  const works = job.works.map(({ run, subject }) => ({ run, trial: subject.trialId, sha256: subject.sha256 }))
  const { rubric, repeat } = job
  const judge = answerSettings(job.settings)
  return hashJson({ works, rubric: rubric.hash, rubricId: rubric.rubric.id, prompts, judge, repeat }).slice(0, 32)
}

/**
 * Has a model say which of two works is better, without names of systems, models and authors.
 * @throws JudgementError, ModelCallError: recorded as a failed comparison, never as a tie; the signal's reason on abort
 */
export async function compareWorks(job: ComparisonJob, context: ComparisonContext): Promise<Comparison> {
  const id = await comparisonId(job)
  const { settings, rubric, works } = job
  const structured = context.models.hasStructuredOutput(settings)
  const shown = await packBoth(job)
  const prompt = renderPrompt(await loadPrompt('judge-pairwise'), {
    rubric: rubric.rubric,
    evidence: shown.items,
    nonce: shown.nonce,
    structured,
  })
  const figures = settings.images && rubric.rubric.evidence.includes('figures') ? await showFigures(works) : []
  const content: UserContent = [{ type: 'text', text: prompt.user }, ...figures]
  const { answer, replies } = await askUntilValid(
    { id, repeat: job.repeat, system: prompt.system, question: { role: 'user', content } },
    { settings, structured, ...context },
  )
  const describe = ({ run, agent, subject }: ComparedWork, namesRemoved: number): Comparison['first'] => ({
    run,
    trial: subject.trialId,
    agent,
    path: subject.path,
    sha256: subject.sha256,
    namesRemoved,
  })
  return {
    schema: 'mlrbench/comparison@1',
    id,
    task: job.task,
    rubric: { id: rubric.rubric.id, version: rubric.rubric.version, hash: rubric.hash },
    judge: { name: modelJudge(settings).name, responseModel: replies.at(-1)?.responseModel ?? null },
    view: 'blind',
    repeat: job.repeat,
    first: describe(works[0], shown.namesRemoved[0]),
    second: describe(works[1], shown.namesRemoved[1]),
    ...answer,
    usage: replies.map(({ usage }) => usage).reduce(addUsage),
    costUsd: replies.map(({ costUsd }) => costUsd).reduce(addKnown),
    latencyMs: replies.reduce((total, { latencyMs }) => total + latencyMs, 0),
    tries: replies.length,
    createdAt: new Date().toISOString(),
  }
}

interface Shown {
  readonly items: readonly (Evidence['items'][number] & { readonly work: 'first' | 'second' | 'both' })[]
  readonly nonce: string
  readonly namesRemoved: readonly [number, number]
}

/** Each work has half of the room; what both were given stands there once. */
async function packBoth({ works, rubric }: ComparisonJob): Promise<Shown> {
  const maxBytes = Math.floor(defaultEvidenceBytes / 2)
  // one for both, so that a name has the same placeholder in either work, and what they share stays the same
  const scrub = openScrubber((await Promise.all(works.map(({ subject }) => readOwnNames(subject.trialFolder)))).flat())
  const pack = ({ subject }: ComparedWork): Promise<Evidence> =>
    packEvidence(subject, rubric.rubric, { view: 'blind', maxBytes, scrub })
  const [first, second] = [await pack(works[0]), await pack(works[1])]
  const keyOf = ({ label, path, text }: Evidence['items'][number]): string => JSON.stringify([label, path, text])
  const isSubject = ({ label }: Evidence['items'][number]): boolean => label.startsWith('subject')
  const known = new Set(second.items.filter((item) => !isSubject(item)).map(keyOf))
  const common = first.items.filter((item) => !isSubject(item) && known.has(keyOf(item)))
  const shared = new Set(common.map(keyOf))
  const ownOf = ({ items }: Evidence): Evidence['items'] => items.filter((item) => !shared.has(keyOf(item)))
  const items = [
    ...common.map((item) => ({ ...item, work: 'both' as const })),
    ...ownOf(first).map((item) => ({ ...item, work: 'first' as const })),
    ...ownOf(second).map((item) => ({ ...item, work: 'second' as const })),
  ]
  return {
    items,
    nonce: sha256(JSON.stringify(items)).slice(0, 16),
    namesRemoved: [first.record.scrubbed ?? 0, second.record.scrubbed ?? 0],
  }
}

/** Half of what a provider takes in one request. */
const mostFigures = 10
const largestFiguresBytes = 6 * 1024 * 1024

async function showFigures(works: ComparisonJob['works']): Promise<Exclude<UserContent, string>> {
  const sides = await Promise.all(
    works.map(async ({ subject }, index) => {
      const figures = takeFirst(await readFigures(subject.trialFolder))
      if (figures.length === 0) return []
      return [
        { type: 'text' as const, text: `Figures of the ${index === 0 ? 'first' : 'second'} work:` },
        ...figures.map(({ base64, mediaType }) => ({ type: 'file' as const, data: base64, mediaType })),
      ]
    }),
  )
  return sides.flat()
}

function takeFirst(figures: readonly Figure[]): Figure[] {
  let bytes = 0
  return figures.slice(0, mostFigures).filter(({ base64 }) => {
    bytes += Buffer.byteLength(base64, 'base64')
    return bytes <= largestFiguresBytes
  })
}

/** Endings of a reply that make whatever it says no answer. */
const withheld: ReadonlyMap<ModelReply['finishReason'], string> = new Map([
  ['content-filter', 'the provider withheld the answer'],
  ['length', 'the answer reached the limit on output tokens'],
])

/** Asks as often as a judge is asked for a review: three times, with a repair each where nothing holds the reply to its form. */
async function askUntilValid(
  asked: { readonly id: string; readonly repeat: number; readonly system: string; readonly question: ModelMessage },
  context: ComparisonContext & { readonly settings: ModelSettings; readonly structured: boolean },
): Promise<{ answer: Answer; replies: ModelReply[] }> {
  const { settings, structured, failedBefore } = context
  const replies: ModelReply[] = []
  let lastFault = ''
  for (let attempt = failedBefore + 1; attempt <= failedBefore + mostTries; attempt += 1) {
    const first = await ask([asked.question], attempt, 1)
    const read = judgeReply(first)
    if (read.ok) return { answer: read.value, replies }
    reject(first, { attempt, step: 1 }, read.message)
    if (structured || first.text.trim() === '' || withheld.has(first.finishReason)) continue
    const repair = renderPrompt(await loadPrompt('judge-repair'), { errors: read.message })
    const second = await ask([asked.question, ...first.messages, { role: 'user', content: repair.user }], attempt, 2)
    const repaired = judgeReply(second)
    if (repaired.ok) return { answer: repaired.value, replies }
    reject(second, { attempt, step: 2 }, repaired.message)
  }
  throw new JudgementError(
    'invalid-comparison',
    `no valid comparison in ${mostTries} tries; the last fault: ${lastFault}`,
  )

  function ask(messages: ModelMessage[], attempt: number, step: number): Promise<ModelReply> {
    return context.models.call(
      { ...settings, temperature: settings.temperature ?? (settings.reasoning === null ? 0 : null) },
      {
        system: asked.system,
        messages,
        maxOutputTokens,
        ...(structured ? { jsonSchema: { name: 'comparison', schema: answerJsonSchema } } : {}),
      },
      {
        purpose: { kind: 'review', review: asked.id, attempt, step },
        // replies may be shared between runs, never between the repeats of a comparison
        cacheScope: `comparison/${asked.id}/${asked.repeat}.${attempt}`,
        append: context.append,
        signal: context.signal,
      },
    )
  }

  function judgeReply(reply: ModelReply): ReadReply<Answer> {
    replies.push(reply)
    const fault = withheld.get(reply.finishReason)
    return fault === undefined ? readReply(reply.text, answerSchema) : { ok: false, message: fault }
  }

  function reject({ callId }: ModelReply, at: { attempt: number; step: number }, message: string): void {
    lastFault = message
    const purpose = { kind: 'review' as const, review: asked.id, ...at }
    context.append({ type: 'reply-rejected', callId, purpose, code: 'invalid-comparison', message })
  }
}
