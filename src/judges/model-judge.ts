import type { UserContent } from 'ai'
import { answerSettings } from '../models/question.ts'
import { hashJson } from '../base/hash.ts'
import { loadPrompt, renderPrompt } from '../prompts/prompt.ts'
import { reviewJsonSchema, reviewSchema } from '../rubrics/rubric.ts'
import { type Figure, listFigures } from '../runs/figures.ts'
import { addKnown, addUsage } from '../runs/spending.ts'
import type { ModelSettings } from '../schema/config.ts'
import type { Review } from '../schema/review.ts'
import { findAddressedText } from './addressed-text.ts'
import { askUntilValid } from './ask-until-valid.ts'
import { packEvidence } from './evidence.ts'
import { describeSubject, type Judge, type JudgeJob } from './judge.ts'
import { checkQuotes } from './quotes.ts'
import { readReply } from './read-reply.ts'

/** Hash of all that a judge's questions are made with, besides rubric and material. */
export async function judgePrompts(): Promise<string> {
  return hashJson([(await loadPrompt('judge')).hash, (await loadPrompt('judge-repair')).hash])
}

/** The model, and what is set differently from a judge's defaults: two settings of one model are two judges. */
function judgeName(settings: ModelSettings): string {
  const { temperature, reasoning, maxOutputTokens, images } = settings
  const set = [
    ...(reasoning === null ? [] : [`reasoning ${reasoning}`]),
    ...(temperature === null || temperature === 0 ? [] : [`temperature ${temperature}`]),
    ...(maxOutputTokens === null ? [] : [`${maxOutputTokens} tokens`]),
    ...(images ? [] : ['no images']),
  ]
  return set.length === 0 ? settings.model : `${settings.model} (${set.join(', ')})`
}

/** A language model as judge. Without a setting of its own it answers at temperature 0, as published. */
export function modelJudge(settings: ModelSettings): Judge {
  return {
    name: judgeName(settings),
    kind: 'model',
    identity: answerSettings(settings),
    covers: () => true,
    review: (job) => reviewWithModel(settings, job),
  }
}

function describeFigure({ name, base64 }: Figure): Review['evidence']['shown'][number] {
  const bytes = Buffer.byteLength(base64, 'base64')
  return { path: `results/${name}`, bytes, shownBytes: bytes }
}

/** What of the figures the judge sees; a judge that takes no images has all of them left out. */
async function chooseFigures(
  { images }: ModelSettings,
  { subject, rubric }: JudgeJob,
): Promise<{ figures: Figure[]; leftOut: Review['evidence']['leftOut'] }> {
  if (!rubric.rubric.evidence.includes('figures')) return { figures: [], leftOut: [] }
  const listed = await listFigures(subject.trialFolder)
  const leftOut = listed.leftOut.map(({ name, bytes, reason }) => ({ path: `results/${name}`, bytes, reason }))
  if (images) return { figures: listed.figures, leftOut }
  const unseen = listed.figures.map(describeFigure)
  return {
    figures: [],
    leftOut: [
      ...unseen.map(({ path, bytes }) => ({ path, bytes, reason: 'this judge is shown no images' })),
      ...leftOut,
    ],
  }
}

async function reviewWithModel(settings: ModelSettings, job: JudgeJob): Promise<Review> {
  const { rubric, hash } = job.rubric
  const structured = job.models.hasStructuredOutput(settings)
  const evidence = await packEvidence(job.subject, rubric, { view: job.view })
  const prompt = renderPrompt(await loadPrompt('judge'), {
    rubric,
    evidence: evidence.items,
    nonce: evidence.nonce,
    structured,
    blind: job.view === 'blind',
  })
  const { figures, leftOut } = await chooseFigures(settings, job)
  const content: UserContent = [
    { type: 'text', text: prompt.user },
    ...figures.map(({ base64, mediaType }) => ({ type: 'file' as const, data: base64, mediaType })),
  ]
  const schema = reviewSchema(rubric)
  const texts = evidence.material.map(({ text }) => text)
  const { answer, replies } = await askUntilValid(
    {
      kind: 'review',
      id: job.id,
      repeat: job.repeat,
      settings,
      request: { system: prompt.system, maxOutputTokens: rubric.maxOutputTokens, message: { role: 'user', content } },
      jsonSchema: reviewJsonSchema(rubric) as Record<string, unknown>,
      read: (text) => readReply(text, schema, { material: texts }),
    },
    job,
  )
  return {
    schema: 'mlrbench/review@1',
    id: job.id,
    trial: job.subject.trialId,
    subject: describeSubject(job.subject),
    rubric: { id: rubric.id, version: rubric.version, hash },
    judge: {
      name: judgeName(settings),
      kind: 'model',
      responseModel: replies.at(-1)?.responseModel ?? null,
      prompts: await judgePrompts(),
    },
    view: job.view,
    repeat: job.repeat,
    scores: answer.scores ?? {},
    overall: answer.overall ?? null,
    confidence: answer.confidence ?? null,
    flag: answer.flag && rubric.flag ? { id: rubric.flag.id, ...answer.flag } : null,
    findings: answer.findings ? checkQuotes(answer.findings, evidence.material) : null,
    addressed: findAddressedText(evidence.material),
    evidence: {
      ...evidence.record,
      shown: [...evidence.record.shown, ...figures.map(describeFigure)],
      leftOut: [...evidence.record.leftOut, ...leftOut],
    },
    usage: replies.map(({ usage }) => usage).reduce(addUsage),
    costUsd: replies.map(({ costUsd }) => costUsd).reduce(addKnown),
    latencyMs: replies.reduce((total, { latencyMs }) => total + latencyMs, 0),
    tries: replies.length,
    createdAt: new Date().toISOString(),
    imported: null,
  }
}
