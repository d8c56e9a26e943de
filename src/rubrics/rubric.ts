import { readFile } from 'node:fs/promises'
import type { JSONSchema7 } from 'ai'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { assetPath } from '../base/assets.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { sha256 } from '../base/hash.ts'
import { type Rubric, rubricSchema } from '../schema/rubric.ts'
import { rubricIds } from './rubric-ids.ts'

export { rubricIds }

export interface LoadedRubric {
  readonly rubric: Rubric
  /** SHA-256 of the file. */
  readonly hash: string
}

/**
 * Reads `rubrics/<id>.yaml`.
 * @throws PrerequisiteError when there is no such rubric; Error, naming it, when the file is missing or malformed
 */
export async function loadRubric(id: string): Promise<LoadedRubric> {
  if (!rubricIds.some((known) => known === id))
    throw new PrerequisiteError(`there is no rubric "${id}"; choose one of ${rubricIds.join(', ')}`)
  try {
    const text = await readFile(assetPath(`rubrics/${id}.yaml`), 'utf8')
    const rubric = rubricSchema.parse(parseYaml(text))
    if (rubric.id !== id) throw new Error(`it calls itself "${rubric.id}"`)
    return { rubric, hash: sha256(text) }
  } catch (cause) {
    throw new Error(`rubric "${id}" cannot be used`, { cause })
  }
}

const textSchema = z.string().regex(/\S/, 'must not be empty')
// Literals, because Anthropic's structured output knows no minimum and no maximum.
const scoreSchema = z.literal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
const confidenceSchema = z.literal([1, 2, 3, 4, 5])
const markSchema = z.strictObject({ justification: textSchema, score: scoreSchema })

/** A judge's answer. A member is absent when its rubric does not ask for it. */
const reviewAnswerSchema = z.strictObject({
  /** Each `type` is the id of one of the rubric's finding types. */
  findings: z.array(z.strictObject({ type: z.string(), description: textSchema, quote: textSchema })).optional(),
  flag: z.strictObject({ details: textSchema, value: z.boolean() }).optional(),
  /** By the id of the dimension, each score 1..10. */
  scores: z.record(z.string(), markSchema).optional(),
  overall: z
    .strictObject({ strengths: z.array(textSchema), weaknesses: z.array(textSchema), score: scoreSchema })
    .optional(),
  confidence: confidenceSchema.optional(),
})
export type ReviewAnswer = z.infer<typeof reviewAnswerSchema>

/**
 * What a judge must answer to this rubric, and nothing more. Evidence and reasons stand before the verdict they lead to,
 * because a model that writes in this order reasons before it decides.
 */
export function reviewSchema(rubric: Rubric): z.ZodType<ReviewAnswer> {
  const { findings, flag, overall, confidence } = reviewAnswerSchema.shape
  const shape: Record<string, z.ZodType> = {}
  if (rubric.findingTypes.length > 0) {
    const type = z.enum(rubric.findingTypes.map(({ id }) => id))
    shape['findings'] = z.array(findings.unwrap().element.extend({ type }))
  }
  if (rubric.flag !== null) shape['flag'] = flag.unwrap()
  if (rubric.dimensions.length > 0)
    shape['scores'] = z.strictObject(Object.fromEntries(rubric.dimensions.map(({ id }) => [id, markSchema])))
  if (rubric.overall !== null) shape['overall'] = overall.unwrap()
  if (rubric.confidence !== null) shape['confidence'] = confidence.unwrap()
  return z.strictObject(shape) as z.ZodType<ReviewAnswer>
}

/**
 * The same as a JSON schema for a provider's structured output, in the keywords that OpenAI's strict mode, Anthropic and
 * Google all take. Patterns are not among them, so an answer that satisfies it must still pass `reviewSchema`.
 */
export function reviewJsonSchema(rubric: Rubric): JSONSchema7 {
  const { $schema: _, ...schema } = z.toJSONSchema(reviewSchema(rubric), {
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      delete jsonSchema.pattern
      // Every number here is one of a few integers, which zod calls numbers.
      if (jsonSchema.type === 'number') jsonSchema.type = 'integer'
    },
  })
  return schema as JSONSchema7
}
