import { z } from 'zod'
import { sha256Schema } from './run.ts'

/** People may give half marks, and leave a dimension out. */
const markSchema = z.number().min(1).max(10)

/** `human/<id>.json`: what one person said about one artefact. Written once. */
export const humanReviewSchema = z.strictObject({
  schema: z.literal('mlrbench/human-review@1'),
  id: z.string(),
  trial: z.string(),
  /** Path of the artefact within the trial; the hash is null when the artefact was not at hand. */
  subject: z.strictObject({ path: z.string(), sha256: sha256Schema.nullable() }),
  /** A name or number that tells reviewers apart; null where a source gives none. */
  reviewer: z.string().nullable(),
  /** Id of the rubric whose dimensions and finding types are meant. */
  rubric: z.string(),
  /** By dimension, 1..10. A dimension the reviewer left out is not here. */
  scores: z.record(z.string(), markSchema),
  overall: markSchema.nullable(),
  confidence: z.number().min(1).max(5).nullable(),
  /** By finding type of the rubric: whether the reviewer found such a fault. */
  labels: z.record(z.string(), z.enum(['yes', 'no', 'not-sure'])),
  comment: z.string().nullable(),
  /** Of an imported review: when it was imported. */
  createdAt: z.iso.datetime(),
  /** The file an imported review was read from, relative to its source, and its line; null for one made here. */
  imported: z
    .strictObject({ path: z.string(), line: z.int().positive(), sha256: sha256Schema })
    .nullable()
    .default(null),
})
export type HumanReview = z.infer<typeof humanReviewSchema>
