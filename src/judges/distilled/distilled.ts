import type { Review } from '../../schema/review.ts'
import { packEvidence } from '../evidence.ts'
import { describeSubject, type Judge, type JudgeJob, JudgementError, ownRubric } from '../judge.ts'
import { readFeatures, type TextFeatures } from './features.ts'
import { knownShare, type LinearModel, predict } from './predict.ts'
import { decodeModel, loadWeights, openHashes, type RubricWeights, type Weights } from './weights.ts'

const distilledName = 'offline/distilled'

/** A text with fewer different words holds nothing to predict from. */
const leastDistinctWords = 20

const caveat =
  'a prediction, from words and form, of what two LLM judges would have said: no judgement of the research, and blind to fabrication'

let opened: Judge | null = null

/**
 * A linear model that predicts, from words and form, the marks that two language models gave ideas and proposals. It needs
 * no key and no network. Its reviews say how far it can be trusted, and stand under rubrics of their own.
 * Throws PrerequisiteError when its weights are missing or changed.
 */
export function openDistilledJudge(): Judge {
  opened ??= distilledJudge(loadWeights())
  return opened
}

function distilledJudge(weights: Weights): Judge {
  const models = new Map<string, { weights: RubricWeights; model: LinearModel }>(
    Object.entries(weights.rubrics).map(([id, own]) => [id, { weights: own, model: decodeModel(own) }]),
  )
  const wasTrainedOn = openHashes(weights.trainedOn.texts)
  return {
    name: distilledName,
    kind: 'distilled',
    identity: { name: distilledName, version: weights.version, weights: weights.sha256 },
    covers: ({ rubric }) => models.has(rubric.id),
    async review(job) {
      const own = models.get(job.rubric.rubric.id)
      if (own === undefined) throw new Error(`${distilledName} was not trained for ${job.rubric.rubric.id}`)
      // the task is all it sees besides, whatever the rubric shows to others
      const rubric = { ...job.rubric.rubric, evidence: ['task' as const] }
      const { items, record } = await packEvidence(job.subject, rubric, { view: job.view })
      const [subject, task = null] = items.map(({ text }) => text)
      const features = readFeatures(subject ?? '', task)
      const share = knownShare(features, own.model.vocabulary)
      refuse(features, { share, least: own.weights.leastKnownShare })
      const doubts = [
        ...(wasTrainedOn(job.subject.sha256)
          ? ['it was trained on this very text, so the accuracy below does not hold']
          : []),
        ...describeSupport(features, { share, weights: own.weights }),
        ...(task === null ? ['no task to compare with'] : []),
      ]
      return toReview(job, { weights, evidence: record, doubts, marks: predict(own.model, features), own: own.weights })
    },
  }
}

/** Throws JudgementError for a text that the weights say nothing about. */
function refuse({ distinctWords }: TextFeatures, { share, least }: { share: number; least: number }): void {
  if (distinctWords < leastDistinctWords)
    throw new JudgementError(
      'too-short',
      `${distinctWords} different words are too few to predict a mark from; ${leastDistinctWords} are the least`,
    )
  if (share < least / 2)
    throw new JudgementError(
      'unknown-words',
      `only ${percent(share)} of the words are known to ${distilledName}, which was trained on English`,
    )
}

/** What sets a text apart from those the weights were trained on; empty when nothing does. */
function describeSupport(
  { words, cut }: TextFeatures,
  { share, weights }: { share: number; weights: RubricWeights },
): string[] {
  const [least, most] = weights.words
  return [
    ...(cut ? ['only the beginning was read'] : []),
    ...(words < least || words > most ? [`${words} words, trained on ${least} to ${most}`] : []),
    ...(share < weights.leastKnownShare
      ? [`${percent(share)} of the words known, trained on more than ${percent(weights.leastKnownShare)}`]
      : []),
  ]
}

interface Predicted {
  readonly weights: Weights
  readonly own: RubricWeights
  readonly evidence: Review['evidence']
  readonly marks: ReadonlyMap<string, number>
  /** Why these predictions deserve less trust than the measured accuracy says. */
  readonly doubts: readonly string[]
}

function toReview({ subject, rubric, ...job }: JudgeJob, predicted: Predicted): Review {
  const { weights, own, evidence, marks, doubts } = predicted
  const scores = own.dimensions.map((dimension): [string, Review['scores'][string]] => {
    const mark = marks.get(dimension.id) ?? Number.NaN
    return [dimension.id, { score: Math.round(mark), justification: justify(mark, dimension, doubts) }]
  })
  const { overall, ...rest } = Object.fromEntries(scores)
  return {
    schema: 'mlrbench/review@1',
    id: job.id,
    trial: subject.trialId,
    subject: describeSubject(subject),
    rubric: { id: ownRubric(rubric.rubric.id, 'distilled'), version: weights.version, hash: weights.sha256 },
    judge: { name: distilledName, kind: 'distilled', responseModel: null },
    view: job.view,
    repeat: job.repeat,
    scores: rest,
    overall:
      overall === undefined
        ? null
        : { score: overall.score, strengths: [], weaknesses: [caveat, overall.justification] },
    confidence: null,
    flag: null,
    findings: null,
    addressed: null,
    evidence,
    usage: { inputTokens: 0, outputTokens: 0, cachedReadTokens: 0, cachedWriteTokens: 0, reasoningTokens: 0 },
    costUsd: 0,
    latencyMs: 0,
    tries: 1,
    createdAt: new Date().toISOString(),
    imported: null,
  }
}

function justify(mark: number, { accuracy }: RubricWeights['dimensions'][number], doubts: readonly string[]): string {
  const doubtful = doubts.length === 0 ? '' : `; LOW SUPPORT: ${doubts.join('; ')}`
  return `predicted ${mark.toFixed(2)}${doubtful}. ${describeAccuracy(accuracy)}`
}

/** The measured accuracy of one dimension, as it goes with every mark. */
function describeAccuracy({ newTasks, newModels }: RubricWeights['dimensions'][number]['accuracy']): string {
  const show = ({ spearman, withinModels, betweenModels }: typeof newTasks): string =>
    `Spearman ${figure(spearman)} (within one model's works ${figure(withinModels)}, between the means of models ${figure(betweenModels)})`
  return `Cross-validated against the mean of the two LLM judges it learned from, on tasks new to it: ${show(newTasks)}; on models new to it as well: ${show(newModels)}`
}

/**
 * What the marks of a table are worth, by dimension, for its notes. Throws PrerequisiteError when the weights are missing.
 * @param rubric as reviews name it: `idea-distilled`
 */
export function describeDistilledWorth(rubric: string): string {
  const { rubrics } = loadWeights()
  const dimensions = Object.entries(rubrics).find(([id]) => ownRubric(id, 'distilled') === rubric)?.[1].dimensions ?? []
  const figures = dimensions.map(({ id, accuracy: { newTasks, newModels } }) => {
    const shown = [newTasks.spearman, newTasks.withinModels, newModels.spearman, newModels.betweenModels].map(figure)
    return `${id} ${shown.join(' / ')}`
  })
  return `Guesses, by a small linear model, of what two LLM judges would have marked: no review, no ranking of agents, and blind to fabrication. Cross-validated correlation with them (in all / within one model's works / in all on models new to it / between the means of such models): ${figures.join('; ')}.`
}

const figure = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(2))
const percent = (share: number): string => `${Math.round(100 * share)} %`
