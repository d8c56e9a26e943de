import { z } from 'zod'

const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/)
const text = z.string().min(1)

/** What each band of marks means, best first. */
const bandsSchema = z.strictObject({ '9-10': text, '7-8': text, '5-6': text, '3-4': text, '1-2': text })

const questionSchema = z.strictObject({ id: identifier, label: text, question: text })
const dimensionSchema = questionSchema.extend({ bands: bandsSchema })

function haveDistinctIds(questions: readonly { readonly id: string }[]): boolean {
  return new Set(questions.map(({ id }) => id)).size === questions.length
}

/** What a judge may be shown besides the subject. */
export const evidenceKindSchema = z.enum([
  'task',
  'idea',
  'literature',
  'proposal',
  'results',
  'code',
  'transcript',
  'figures',
])
export type EvidenceKind = z.infer<typeof evidenceKindSchema>

/** A rubric file: what is judged, what the judge sees, and what it answers (arXiv 2505.19955, section 3.3). */
export const rubricSchema = z.strictObject({
  id: identifier,
  version: z.int().positive(),
  title: text,
  subject: z.enum(['idea', 'proposal', 'experiment', 'paper']),
  evidence: z.array(evidenceKindSchema),
  maxOutputTokens: z.int().positive(),
  /** Who the judge is and what it must keep in mind. */
  role: text,
  /** Each is marked 1..10 with a justification; empty for a rubric that only looks for findings. */
  dimensions: z.array(dimensionSchema).refine(haveDistinctIds, 'two dimensions share an id'),
  /** A holistic mark 1..10 with strengths and weaknesses, not a mean of the dimensions. */
  overall: z.strictObject({ question: text, bands: bandsSchema }).nullable(),
  /** The judge's confidence in its own review, 1..5. */
  confidence: z.strictObject({ question: text }).nullable(),
  /** A yes-or-no question with details, such as whether results were fabricated. */
  flag: questionSchema.nullable(),
  /** Kinds of faults to list one by one, each with a quotation. */
  findingTypes: z.array(questionSchema).refine(haveDistinctIds, 'two types share an id'),
})
export type Rubric = z.infer<typeof rubricSchema>
