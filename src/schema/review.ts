import { z } from 'zod'
import { sha256Schema } from './run.ts'
import { usageSchema } from './usage.ts'

const markSchema = z.int().min(1).max(10)

/** `no-code`: without code and transcript. `blind`: with names of systems, models and authors taken out. */
export const reviewViewSchema = z.enum(['full', 'no-code', 'blind'])
export type ReviewView = z.infer<typeof reviewViewSchema>

/** A passage that asks something of whoever reviews the work. */
export const addressedTextSchema = z.strictObject({
  path: z.string(),
  line: z.int().positive(),
  /** What gave it away; the ids of `judges/addressed-text.ts`. */
  rule: z.string(),
  /** Where it stands: seen by every reader, or hidden from human ones. */
  place: z.enum(['text', 'code-comment', 'log', 'html-hidden', 'zero-width']),
  quote: z.string(),
})
export type AddressedText = z.infer<typeof addressedTextSchema>

/** `reviews/<id>.json`: one judge, one subject, one rubric, one view, one repeat. Written once. */
export const reviewSchema = z.strictObject({
  schema: z.literal('mlrbench/review@1'),
  /** Hash of subject, rubric, judge, view and repeat. */
  id: z.string(),
  trial: z.string(),
  /** `sha256` is null when an imported review's subject was not imported with it. */
  subject: z.strictObject({
    path: z.string(),
    sha256: sha256Schema.nullable(),
    /** Unicode code points. */
    characters: z.int().nonnegative().nullable().default(null),
  }),
  /** Version and hash are null where the rubric's text is not ours. */
  rubric: z.strictObject({ id: z.string(), version: z.int().nullable(), hash: sha256Schema.nullable() }),
  judge: z.strictObject({
    name: z.string(),
    /**
     * `rule`: scores form by fixed rules and says nothing about the research. `distilled`: a linear model on text features
     * that predicts what language models would have scored.
     */
    kind: z.enum(['model', 'rule', 'distilled']),
    responseModel: z.string().nullable(),
    /** Hash of the prompts a model was asked with; absent for other judges and imported reviews. */
    prompts: sha256Schema.optional(),
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
  findings: z
    .array(
      z.strictObject({
        type: z.string(),
        description: z.string(),
        quote: z.string(),
        /** Which material holds the quotation, or nothing does; absent where nobody looked. */
        quoted: z
          .discriminatedUnion('found', [
            z.strictObject({ found: z.literal(true), path: z.string(), line: z.int().positive() }),
            z.strictObject({ found: z.literal(false) }),
          ])
          .optional(),
      }),
    )
    .nullable(),
  /** Text in the material that speaks to its reviewer; null where nobody looked. */
  addressed: z.array(addressedTextSchema).nullable().default(null),
  /** What the judge was shown, and what did not fit. */
  evidence: z.strictObject({
    shown: z.array(
      z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), shownBytes: z.int().nonnegative() }),
    ),
    leftOut: z.array(z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), reason: z.string() })),
    /** View `blind`: how often a name was taken out. Figures are shown as they are. Absent in other views. */
    scrubbed: z.int().nonnegative().optional(),
  }),
  usage: usageSchema,
  costUsd: z.number().nonnegative().nullable(),
  latencyMs: z.number().nonnegative().nullable(),
  /** Replies asked for until one was valid; null where an imported review does not say. */
  tries: z.int().positive().nullable(),
  /** Of an imported review: when it was imported. */
  createdAt: z.iso.datetime(),
  /** The file an imported review was read from, relative to its source; null for one made here. */
  imported: z.strictObject({ path: z.string(), sha256: sha256Schema }).nullable().default(null),
})
export type Review = z.infer<typeof reviewSchema>
