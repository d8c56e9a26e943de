import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { assetPath } from '../../base/assets.ts'
import { describeError, PrerequisiteError } from '../../base/errors.ts'
import { hashJson } from '../../base/hash.ts'
import { sha256Schema } from '../../schema/run.ts'
import { formNames } from './features.ts'
import { type LinearModel, makeVocabulary } from './predict.ts'

export const weightsPath = 'data/distilled/weights.json'

const correlationSchema = z.number().min(-1).max(1)

/**
 * How well predictions agree with the mean of two judges. `withinModels` is the mean over models of the correlation among the
 * works of one model, `betweenModels` the correlation of the models' mean marks.
 */
const agreementSchema = z.strictObject({
  spearman: correlationSchema,
  pearson: correlationSchema,
  meanAbsoluteError: z.number().nonnegative(),
  /** Spearman; null where some model's works all have the same mark on one of the sides. */
  withinModels: correlationSchema.nullable(),
  /** Pearson. */
  betweenModels: correlationSchema,
})
export type Agreement = z.infer<typeof agreementSchema>

/** Everything here was measured on works of tasks that the predictor had not seen in training. */
const accuracySchema = z.strictObject({
  /** Tasks new to the predictor, models known to it. */
  newTasks: agreementSchema,
  /** Tasks and models both new to it. */
  newModels: agreementSchema,
  /** Spearman of the rounded marks, as a review holds them; null: all were rounded to the same mark. */
  rounded: correlationSchema.nullable(),
  /** Spearman with each judge alone: to be read beside the judges' own agreement. */
  withJudges: z.array(correlationSchema),
  /** Mean absolute error of always saying the mean mark, and of always saying the model's mean mark. */
  errorOfMean: z.number().nonnegative(),
  errorOfModelMean: z.number().nonnegative(),
  /** Spearman of always saying the model's mean mark. */
  spearmanOfModelMean: correlationSchema,
  /** Spearman of the two judges with each other. */
  judges: z.strictObject({ spearman: correlationSchema, withinModels: correlationSchema.nullable() }),
})
export type Accuracy = z.infer<typeof accuracySchema>

const finite = z.number()

const rubricWeightsSchema = z.strictObject({
  /** Works in training. */
  texts: z.int().positive(),
  /** Base64 of little-endian unsigned 32-bit hashes of terms. */
  terms: z.base64(),
  /** Base64 of little-endian unsigned 16-bit numbers of texts that hold each term. */
  textsWith: z.base64(),
  form: z.array(z.strictObject({ name: z.string(), least: finite, most: finite, mean: finite, deviation: finite })),
  /** 1 % to 99 % of the works in training, in words. */
  words: z.tuple([z.int(), z.int()]),
  /** Share of known words that 99 % of works on unseen tasks exceed. */
  leastKnownShare: z.number().min(0).max(1),
  dimensions: z.array(
    z.strictObject({
      id: z.string(),
      intercept: finite,
      /** Weight of a measure of form, in marks for a standard deviation. */
      formWeights: z.array(finite),
      /** Base64 of signed 8-bit weights of the terms, in `termScale` marks. */
      termWeights: z.base64(),
      termScale: finite,
      /** Of the ridge, and of form beside words; chosen by cross-validation within the training set. */
      penalty: z.number().positive(),
      formShare: z.number().positive(),
      /** Spearman of the shipped weights on what they were trained on: for checking them, no measure of accuracy. */
      fittedSpearman: correlationSchema,
      accuracy: accuracySchema,
    }),
  ),
})
export type RubricWeights = z.infer<typeof rubricWeightsSchema>

const contentSchema = z.strictObject({
  version: z.int().positive(),
  trainedOn: z.strictObject({
    reviews: z.int().positive(),
    tasks: z.int().positive(),
    models: z.array(z.string()),
    judges: z.array(z.string()),
    /** Hash of all texts and scores that entered, in order. */
    sha256: sha256Schema,
    /** Base64 of the first 6 bytes of each text's SHA-256, as released and as cleaned, sorted. */
    texts: z.base64(),
  }),
  seed: z.int(),
  folds: z.int().positive(),
  rubrics: z.strictObject({ idea: rubricWeightsSchema, proposal: rubricWeightsSchema }),
})
export type WeightsContent = z.infer<typeof contentSchema>

/** `data/distilled/weights.json`, written by `scripts/train-distilled.ts`. */
const weightsSchema = contentSchema.extend({
  schema: z.literal('mlrbench/distilled-weights@1'),
  /** Of everything else in the file. */
  sha256: sha256Schema,
})
export type Weights = z.infer<typeof weightsSchema>

export const signWeights = (content: WeightsContent): Weights => ({
  schema: 'mlrbench/distilled-weights@1',
  sha256: hashJson(content),
  ...content,
})

/** Throws PrerequisiteError when the text is not a whole, unchanged file of weights. */
export function parseWeights(text: string): Weights {
  let weights: Weights
  try {
    weights = weightsSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new PrerequisiteError(
      `${weightsPath} is no file of weights: ${describeError(error)}. Install mlrbench again`,
      {
        cause: error,
      },
    )
  }
  const { schema: _, sha256, ...content } = weights
  if (hashJson(content) !== sha256)
    throw new PrerequisiteError(`${weightsPath} was changed: its hash is not the one it states. Install mlrbench again`)
  return weights
}

const hashBytes = 6

/** Hashes (SHA-256 in hexadecimal) cut to their first 6 bytes, sorted, each once. */
export function packHashes(hashes: readonly string[]): string {
  const short = [...new Set(hashes.map((hash) => hash.slice(0, 2 * hashBytes)))].toSorted()
  return Buffer.from(short.join(''), 'hex').toString('base64')
}

/** Whether a text, by its SHA-256, is one of those that were packed. */
export function openHashes(packed: string): (sha256: string) => boolean {
  const hex = Buffer.from(packed, 'base64').toString('hex')
  const known = new Set(hex.match(new RegExp(`.{${2 * hashBytes}}`, 'g')) ?? [])
  return (hash) => known.has(hash.slice(0, 2 * hashBytes))
}

let shipped: Weights | null = null

/** The weights that come with the package. Throws PrerequisiteError when they are missing or changed. */
export function loadWeights(): Weights {
  const path = assetPath(weightsPath)
  if (shipped === null && !existsSync(path))
    throw new PrerequisiteError(`${path} is missing: install mlrbench again, or judge without offline/distilled`)
  shipped ??= parseWeights(readFileSync(path, 'utf8'))
  return shipped
}

/** Throws when the members do not fit each other, or the features that this version of the code reads. */
export function decodeModel(weights: RubricWeights): LinearModel {
  const terms = readIntegers(weights.terms, 4)
  const textsWith = readIntegers(weights.textsWith, 2)
  const named = weights.form.map(({ name }) => name)
  const dimensions = weights.dimensions.map(({ id, intercept, formWeights, termWeights, termScale }) => ({
    id,
    intercept,
    formWeights,
    termWeights: new Int8Array(Buffer.from(termWeights, 'base64')),
    termScale,
  }))
  const fits = dimensions.every(
    ({ formWeights, termWeights }) => formWeights.length === named.length && termWeights.length === terms.length,
  )
  if (!fits || textsWith.length !== terms.length || named.join() !== formNames.join())
    throw new PrerequisiteError(`${weightsPath} does not fit this version: train it again, or install mlrbench again`)
  return { vocabulary: makeVocabulary(terms, textsWith, weights.texts), form: weights.form, dimensions }
}

/** Unsigned integers of 2 or 4 bytes, little-endian, whatever the machine. */
function readIntegers(base64: string, bytes: 2 | 4): number[] {
  const buffer = Buffer.from(base64, 'base64')
  return Array.from({ length: Math.floor(buffer.length / bytes) }, (_, index) =>
    buffer.readUIntLE(index * bytes, bytes),
  )
}

export function writeIntegers(values: readonly number[], bytes: 2 | 4): string {
  const buffer = Buffer.alloc(values.length * bytes)
  for (const [index, value] of values.entries()) buffer.writeUIntLE(value, index * bytes, bytes)
  return buffer.toString('base64')
}
