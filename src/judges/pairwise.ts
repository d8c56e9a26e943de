import type { UserContent } from 'ai'
import { z } from 'zod'
import { hashJson, sha256 } from '../base/hash.ts'
import { answerSettings } from '../models/question.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import type { LoadedRubric } from '../rubrics/rubric.ts'
import { type Figure, readFigures } from '../runs/figures.ts'
import { addKnown, addUsage } from '../runs/spending.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { Comparison } from '../schema/study.ts'
import { type AskContext, askUntilValid } from './ask-until-valid.ts'
import { openScrubber } from './blind.ts'
import { defaultEvidenceBytes, type Evidence, packEvidence } from './evidence.ts'
import type { Subject } from './judge.ts'
import { modelJudge } from './model-judge.ts'
import { readOwnNames } from './own-names.ts'
import { readReply } from './read-reply.ts'

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

/** Reasons stand before the verdict, because a model that writes in this order reasons before it decides. */
const answerSchema = z.strictObject({
  reason: z.string().regex(/\S/, 'must not be empty'),
  winner: z.enum(['first', 'second', 'tie']),
})

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
export async function compareWorks(job: ComparisonJob, context: AskContext): Promise<Comparison> {
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
  const texts = shown.items.map(({ text }) => text)
  const { answer, replies } = await askUntilValid(
    {
      kind: 'comparison',
      id,
      repeat: job.repeat,
      settings,
      request: { system: prompt.system, maxOutputTokens, message: { role: 'user', content } },
      jsonSchema: answerJsonSchema,
      read: (text) => readReply(text, answerSchema, { material: texts }),
    },
    context,
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
