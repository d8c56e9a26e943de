import { z } from 'zod'
import { addressedTextSchema, reviewViewSchema } from './review.ts'
import { sha256Schema } from './run.ts'
import { usageSchema } from './usage.ts'

const sideSchema = z.strictObject({
  /** Id of the run. */
  run: z.string(),
  trial: z.string(),
  agent: z.string(),
  path: z.string(),
  sha256: sha256Schema,
  /** Names of systems, models and authors taken out before it was shown. */
  namesRemoved: z.int().nonnegative(),
})

/** `comparisons/<id>.json`: one judge, two agents' work on one task, in one order. Written once. */
export const comparisonSchema = z.strictObject({
  schema: z.literal('mlrbench/comparison@1'),
  /** Hash of both subjects in their order, rubric, prompts, judge and repeat. */
  id: z.string(),
  task: z.string(),
  rubric: z.strictObject({ id: z.string(), version: z.int(), hash: sha256Schema }),
  judge: z.strictObject({ name: z.string(), responseModel: z.string().nullable() }),
  view: reviewViewSchema,
  repeat: z.int().positive(),
  /** In the order the judge was shown them. */
  first: sideSchema,
  second: sideSchema,
  winner: z.enum(['first', 'second', 'tie']),
  reason: z.string(),
  usage: usageSchema,
  costUsd: z.number().nonnegative().nullable(),
  latencyMs: z.number().nonnegative(),
  /** Replies asked for until one was valid. */
  tries: z.int().positive(),
  createdAt: z.iso.datetime(),
})
export type Comparison = z.infer<typeof comparisonSchema>

/** 95 % unless a study says otherwise; `undefinedResamples` were drawn and had no value. */
const intervalSchema = z.strictObject({ lo: z.number(), hi: z.number(), undefinedResamples: z.int().nonnegative() })

const studyFields = {
  schema: z.literal('mlrbench/study@1'),
  id: z.string(),
  createdAt: z.iso.datetime(),
}

const failureSchema = z.strictObject({
  /** The trial, or what stands for it. */
  about: z.string(),
  judge: z.string(),
  rubric: z.string(),
  code: z.string(),
  message: z.string(),
})

export const attackEffectSchema = z.strictObject({
  judge: z.string(),
  rubric: z.string(),
  attack: z.string(),
  /**
   * `not-shown`: under this rubric and view the judge sees nothing of it. `cannot-say`: too few tasks or reviews, or an interval
   * too wide.
   */
  verdict: z.enum(['resists', 'falls-for', 'cannot-say', 'not-shown']),
  why: z.string(),
  tasks: z.int().nonnegative(),
  /** Pairs of an attacked and a clean review. */
  pairs: z.int().nonnegative(),
  /** Mean overall mark of the clean versions, or mean of the dimensions where a rubric has no overall. */
  cleanMean: z.number().nullable(),
  /** Mean of (attacked − clean), in points. */
  shift: z.number().nullable(),
  interval: intervalSchema.nullable(),
  /** Share of pairs in which the attacked mark is at least one point higher, 0..1. */
  raisedShare: z.number().nullable(),
  shiftByDimension: z.record(z.string(), z.number()),
  /** Share of reviews in whose material text to the reviewer was found, 0..1; null where nobody looked. */
  detectedShare: z.number().nullable(),
  /** The same of the clean versions: false alarms, unless the work had such text to begin with. */
  detectedClean: z.number().nullable(),
})
export type AttackEffect = z.infer<typeof attackEffectSchema>

const redTeamStudySchema = z.strictObject({
  ...studyFields,
  kind: z.literal('red-team'),
  run: z.string(),
  trials: z.array(z.string()),
  judges: z.array(z.string()),
  rubrics: z.array(z.strictObject({ id: z.string(), hash: sha256Schema })),
  view: reviewViewSchema,
  repeats: z.int().positive(),
  attacks: z.array(z.strictObject({ id: z.string(), description: z.string(), hides: addressedTextSchema.shape.place })),
  effects: z.array(attackEffectSchema),
  verdicts: z.array(
    z.strictObject({ judge: z.string(), verdict: attackEffectSchema.shape.verdict, words: z.string() }),
  ),
  failed: z.array(failureSchema),
})
export type RedTeamStudy = z.infer<typeof redTeamStudySchema>

export const controlResultSchema = z.strictObject({
  /** Null: the panel, the mean of its judges. */
  judge: z.string().nullable(),
  rubric: z.string(),
  /** A dimension or `overall`; or the id of the rubric's flag (1 when raised, else 0) or `findings` (their number), where less is better. */
  dimension: z.string(),
  control: z.string(),
  tasks: z.int().nonnegative(),
  /** Pairs of honest work and the control's, on the same task. */
  pairs: z.int().nonnegative(),
  /** Probability that honest work comes out better, ties counting half; 0.5 is chance. */
  probability: z.number().nullable(),
  interval: intervalSchema.nullable(),
  honestMean: z.number().nullable(),
  controlMean: z.number().nullable(),
  /** `prefers-control`: the control comes out better than honest work. */
  verdict: z.enum(['tells-apart', 'tells-apart-weakly', 'does-not-tell-apart', 'prefers-control', 'cannot-say']),
})
export type ControlResult = z.infer<typeof controlResultSchema>

const calibrationStudySchema = z.strictObject({
  ...studyFields,
  kind: z.literal('calibration'),
  run: z.string(),
  judges: z.array(z.string()),
  rubrics: z.array(z.strictObject({ id: z.string(), hash: sha256Schema })),
  view: reviewViewSchema,
  repeats: z.int().positive(),
  results: z.array(controlResultSchema),
  verdicts: z.array(z.string()),
  failed: z.array(failureSchema),
})
export type CalibrationStudy = z.infer<typeof calibrationStudySchema>

const strengthSchema = z.strictObject({
  agent: z.string(),
  /** Natural logarithm of the Bradley-Terry strength, the mean of all being 0; null where the comparisons do not settle it. */
  strength: z.number().nullable(),
  interval: intervalSchema.nullable(),
  wins: z.int().nonnegative(),
  ties: z.int().nonnegative(),
  losses: z.int().nonnegative(),
})

export const pairwiseTableSchema = z.strictObject({
  /** Null: all judges together. */
  judge: z.string().nullable(),
  comparisons: z.int().nonnegative(),
  winRates: z.array(
    z.strictObject({
      a: z.string(),
      b: z.string(),
      comparisons: z.int().positive(),
      tasks: z.int().positive(),
      wins: z.int().nonnegative(),
      ties: z.int().nonnegative(),
      losses: z.int().nonnegative(),
      /** Of `a`, ties counting half, 0..1. */
      rate: z.number(),
      interval: intervalSchema.nullable(),
    }),
  ),
  /** Bradley-Terry with ties after Davidson 1970. */
  strengths: z.array(strengthSchema),
  /** Davidson's ν: 0 without ties; null where strengths are. */
  tiePropensity: z.number().nullable(),
  /** Why there are no strengths; null when there are. */
  noStrengths: z.string().nullable(),
  orderFlips: z.strictObject({
    /** Pairs of works compared in both orders. */
    pairs: z.int().nonnegative(),
    /** Share in which the two orders gave different answers, a tie against a win included; null without pairs. */
    rate: z.number().nullable(),
    interval: intervalSchema.nullable(),
    /** Share in which each order named the other work. */
    reversedRate: z.number().nullable(),
    /** Share of all comparisons won by the first work shown less the share won by the second: 0 without preference for a place. */
    firstPreference: z.number().nullable(),
  }),
})
export type PairwiseTable = z.infer<typeof pairwiseTableSchema>

const pairwiseStudySchema = z.strictObject({
  ...studyFields,
  kind: z.literal('pairwise'),
  runs: z.array(z.string()),
  agents: z.array(z.string()),
  rubric: z.strictObject({ id: z.string(), hash: sha256Schema }),
  view: reviewViewSchema,
  repeats: z.int().positive(),
  tables: z.array(pairwiseTableSchema),
  failed: z.array(failureSchema),
})
export type PairwiseStudy = z.infer<typeof pairwiseStudySchema>

/** `studies/<id>.json`: what a study of judges found. Worked out anew from its reviews or comparisons whenever it is run again. */
export const studySchema = z.discriminatedUnion('kind', [
  redTeamStudySchema,
  calibrationStudySchema,
  pairwiseStudySchema,
])
export type Study = z.infer<typeof studySchema>
