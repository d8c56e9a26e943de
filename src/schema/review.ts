import { z } from 'zod'
import { sha256Schema } from './run.ts'
import { usageSchema } from './usage.ts'

const markSchema = z.int().min(1).max(10)

export const reviewViewSchema = z.enum(['full', 'no-code'])
export type ReviewView = z.infer<typeof reviewViewSchema>

/** `reviews/<id>.json`: one judge, one subject, one rubric, one view, one repeat. Written once. */
export const reviewSchema = z.strictObject({
  schema: z.literal('mlrbench/review@1'),
  /** Hash of subject, rubric, judge, view and repeat. */
  id: z.string(),
  trial: z.string(),
  subject: z.strictObject({ path: z.string(), sha256: sha256Schema }),
  rubric: z.strictObject({ id: z.string(), version: z.int(), hash: sha256Schema }),
  judge: z.strictObject({
    name: z.string(),
    /** `rule`: scores form by fixed rules and says nothing about the research. */
    kind: z.enum(['model', 'rule']),
    responseModel: z.string().nullable(),
  }),
  view: reviewViewSchema,
  repeat: z.int().positive(),
  /** By dimension, 1..10. */
  scores: z.record(z.string(), z.strictObject({ score: markSchema, justification: z.string() })),
  overall: z
    .strictObject({ score: markSchema, strengths: z.array(z.string()), weaknesses: z.array(z.string()) })
    .nullable(),
  confidence: z.int().min(1).max(5).nullable(),
  flag: z.strictObject({ id: z.string(), value: z.boolean(), details: z.string() }).nullable(),
  findings: z.array(z.strictObject({ type: z.string(), description: z.string(), quote: z.string() })).nullable(),
  /** What the judge was shown, and what did not fit. */
  evidence: z.strictObject({
    shown: z.array(
      z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), shownBytes: z.int().nonnegative() }),
    ),
    leftOut: z.array(z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), reason: z.string() })),
  }),
  usage: usageSchema,
  costUsd: z.number().nonnegative().nullable(),
  latencyMs: z.number().nonnegative(),
  /** Replies asked for until one was valid. */
  tries: z.int().positive(),
  createdAt: z.iso.datetime(),
})
export type Review = z.infer<typeof reviewSchema>
