import { hashJson } from '../../src/base/hash.ts'
import { formNames } from '../../src/judges/distilled/features.ts'
import { knownShare, type LinearModel, predict } from '../../src/judges/distilled/predict.ts'
import { decodeModel, type RubricWeights, writeIntegers } from '../../src/judges/distilled/weights.ts'
import { spearman } from '../../src/stats/correlation.ts'
import { mean, quantile } from '../../src/stats/mean.ts'
import { mulberry32 } from '../../src/stats/random.ts'
import { measure, type Prediction } from './accuracy.ts'
import { shorten } from './encode.ts'
import { type Choice, choose, fitModel, learn, type TrainingSet } from './fit.ts'
import type { ReleasedReviews, Sample } from './released-reviews.ts'

export interface Training {
  readonly seed: number
  readonly folds: number
  readonly onProgress: (message: string) => void
}

/** Folds within a training set, to choose the penalty by. */
const innerFolds = 3

/** Trains on all samples, and measures on tasks that were left out what that is worth. */
export function trainRubric(
  { dimensions, samples }: ReleasedReviews,
  training: Training,
): { weights: RubricWeights; inputs: string } {
  const { predictions, knownShares } = crossValidate({ dimensions, samples }, training)
  const all = trainingSet(samples)
  const learned = learn(all)
  const choices = choose(learned, all, drawFolds(all.tasks, { seed: training.seed, folds: innerFolds }))
  const model = fitModel(learned, all.targets, { ids: dimensions, choices })
  const { hashes, textsWith, form, texts } = learned.encoding
  const words = samples.map(({ features }) => features.words).toSorted((a, b) => a - b)
  const unmeasured = {
    texts,
    terms: writeIntegers(hashes, 4),
    textsWith: writeIntegers(textsWith, 2),
    form: form.map((scale, index) => ({ name: formNames[index] ?? '', ...scale })),
    words: [Math.floor(quantile(words, 0.01) ?? 0), Math.ceil(quantile(words, 0.99) ?? 0)] as [number, number],
    leastKnownShare: shorten(
      quantile(
        knownShares.toSorted((a, b) => a - b),
        0.01,
      ),
    ),
    dimensions: model.dimensions.map((dimension, index) => ({
      ...quantise(dimension),
      ...(choices[index] as Choice),
      fittedSpearman: 0,
      accuracy: measure(predictions[index] ?? []),
    })),
  }
  const shipped = decodeModel(unmeasured)
  const fitted = samples.map(({ features }) => predict(shipped, features))
  const weights = {
    ...unmeasured,
    dimensions: unmeasured.dimensions.map((dimension, index) => ({
      ...dimension,
      fittedSpearman: Number(
        (
          spearman(
            fitted.map((marks) => marks.get(dimension.id) ?? Number.NaN),
            all.targets[index] ?? [],
          ) ?? Number.NaN
        ).toFixed(4),
      ),
    })),
  }
  return { weights, inputs: hashSamples(samples) }
}

/** Of everything that enters the training, in order. */
export function hashSamples(samples: readonly Sample[]): string {
  return hashJson(samples.map(({ task, model, sha256, scores }) => [task, model, sha256, scores]))
}

function crossValidate(
  { dimensions, samples }: ReleasedReviews,
  { seed, folds, onProgress }: Training,
): { predictions: Prediction[][]; knownShares: number[] } {
  const foldOf = drawFolds(
    samples.map(({ task }) => task),
    { seed, folds },
  )
  const predictions: Prediction[][] = dimensions.map(() => [])
  const knownShares: number[] = []
  for (let fold = 0; fold < folds; fold += 1) {
    const inside = samples.filter(({ task }) => foldOf.get(task) !== fold)
    const outside = samples.filter(({ task }) => foldOf.get(task) === fold)
    const set = trainingSet(inside)
    const learned = learn(set)
    const choices = choose(learned, set, drawFolds(set.tasks, { seed: seed + 1 + fold, folds: innerFolds }))
    const full = fitModel(learned, set.targets, { ids: dimensions, choices })
    for (const [model, own] of Map.groupBy(outside, (sample) => sample.model)) {
      const others = trainingSet(inside.filter((sample) => sample.model !== model))
      const without = fitModel(learn(others), others.targets, { ids: dimensions, choices })
      const ofModel = set.targets.map((target) =>
        known(mean(target.filter((_, index) => inside[index]?.model === model))),
      )
      for (const sample of own) {
        knownShares.push(knownShare(sample.features, full.vocabulary))
        const [newTask, newModel] = [predict(full, sample.features), predict(without, sample.features)]
        for (const [index, id] of dimensions.entries())
          predictions[index]?.push({
            model,
            newTask: known(newTask.get(id)),
            newModel: known(newModel.get(id)),
            baseMean: known(mean(set.targets[index] ?? [])),
            modelMean: known(ofModel[index]),
            scores: known(sample.scores[index]),
          })
      }
    }
    onProgress(`fold ${fold + 1} of ${folds}`)
  }
  return { predictions, knownShares }
}

function known<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('a prediction has no value')
  return value
}

function trainingSet(samples: readonly Sample[]): TrainingSet {
  const dimensions = samples[0]?.scores.length ?? 0
  return {
    tasks: samples.map(({ task }) => task),
    features: samples.map(({ features }) => features),
    targets: Array.from({ length: dimensions }, (_, index) =>
      samples.map(({ scores }) => ((scores[index]?.[0] ?? Number.NaN) + (scores[index]?.[1] ?? Number.NaN)) / 2),
    ),
  }
}

/** Each task's fold, as even as can be, by a shuffle with the seed. */
function drawFolds(tasks: readonly string[], { seed, folds }: { seed: number; folds: number }): Map<string, number> {
  const random = mulberry32(seed)
  const drawn = [...new Set(tasks)].toSorted().map((task) => ({ task, at: random() }))
  return new Map(drawn.toSorted((a, b) => a.at - b.at).map(({ task }, index) => [task, index % folds]))
}

/** Weights of terms in 8 bits each: a prediction moves by less than a hundredth of a mark. */
function quantise({
  id,
  intercept,
  formWeights,
  termWeights,
}: LinearModel['dimensions'][number]): Pick<
  RubricWeights['dimensions'][number],
  'id' | 'intercept' | 'formWeights' | 'termWeights' | 'termScale'
> {
  const weights = Array.from(termWeights)
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
  const termScale = Number((largest / 127).toPrecision(9))
  const bytes = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / termScale))))
  return {
    id,
    intercept: shorten(intercept),
    formWeights: formWeights.map(shorten),
    termWeights: Buffer.from(bytes.buffer).toString('base64'),
    termScale,
  }
}
