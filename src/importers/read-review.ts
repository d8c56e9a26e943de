import { z } from 'zod'
import { unknownUsage } from '../schema/usage.ts'
import type { Rubric } from '../schema/rubric.ts'
import type { ReviewView } from '../schema/review.ts'
import type { SourceReview } from './importer.ts'

/** What stands around a review's file: which judge, what of, and the file itself. */
export interface ReviewOrigin {
  readonly rubric: Rubric
  readonly judge: string
  readonly view: ReviewView
  /** Path of the artefact that was reviewed, within its trial. */
  readonly subject: string
  /** The file, relative to the source, and its hash. */
  readonly path: string
  readonly sha256: string
}

/** A review, with the keys that it holds beyond those of its shape; or why the file is none. */
export type ReadReview =
  | { readonly review: SourceReview; readonly extraKeys: readonly string[] }
  | { readonly reason: string }

const scoreSchema = z.int().min(1).max(10)
const markSchema = z.looseObject({ score: scoreSchema, justification: z.string() })
const overallSchema = z.looseObject({
  score: scoreSchema,
  strengths: z.array(z.string()),
  weaknesses: z.array(z.string()),
})
const flagSchema = z.looseObject({ has_hallucination: z.boolean(), details: z.string() })
const confidenceSchema = z.int().min(1).max(5)
const overallKeys = ['OverallAssessment', 'Overall']

/**
 * Reads a review as MLR-Judge writes it (arXiv 2505.19955, section 3.3): an object a dimension, `OverallAssessment` or `Overall`,
 * and by rubric `Confidence` and `Hallucination`. Whatever does not fit exactly is no review: a score is never guessed.
 */
export function readReview(text: string, origin: ReviewOrigin): ReadReview {
  const parsed = parseObject(text)
  if (parsed === null) return { reason: 'not a JSON object' }
  const { rubric } = origin
  const left = new Map(Object.entries(parsed))
  const extraKeys: string[] = []
  const take = (keys: readonly string[]): unknown => {
    const key = keys.find((candidate) => left.has(candidate))
    if (key === undefined) return undefined
    const value = left.get(key)
    left.delete(key)
    return value
  }

  const scores: SourceReview['scores'] = {}
  for (const { id } of rubric.dimensions) {
    const mark = markSchema.safeParse(take([capitalised(id)]))
    if (!mark.success) return { reason: `no valid mark for ${id}` }
    const { score, justification, ...extra } = mark.data
    scores[id] = { score, justification }
    extraKeys.push(...Object.keys(extra).map((key) => `${key} beside a mark`))
  }
  const overall = overallSchema.safeParse(take(overallKeys))
  if (!overall.success) return { reason: 'no valid overall mark with strengths and weaknesses' }
  const { score, strengths, weaknesses, ...extra } = overall.data
  extraKeys.push(...Object.keys(extra).map((key) => `${key} under the overall mark`))

  const confidence = confidenceSchema.nullish().safeParse(take(['Confidence']))
  if (!confidence.success) return { reason: 'its confidence is no whole number from 1 to 5' }
  const told = take(['Hallucination'])
  const flag = flagSchema.safeParse(told)
  if (told !== undefined && !flag.success) return { reason: 'its Hallucination says neither yes nor no' }
  extraKeys.push(...left.keys())
  return {
    review: {
      ...reviewBase(origin),
      scores,
      overall: { score, strengths, weaknesses },
      confidence: confidence.data ?? null,
      flag: flag.success
        ? {
            id: rubric.flag?.id ?? 'fabrication',
            value: flag.data.has_hallucination,
            details: flag.data.details,
          }
        : null,
      findings: null,
    },
    extraKeys,
  }
}

const hallucinationSchema = z.strictObject({
  has_hallucination: z.boolean(),
  hallucinations: z.array(z.strictObject({ type: z.string(), description: z.string(), evidence: z.string() })),
  overall_assessment: z.string(),
  confidence: confidenceSchema,
})
const findingTypes: Readonly<Record<string, string>> = {
  'Nonexistent Citations': 'nonexistent-citation',
  'Hallucinated Methodology': 'hallucinated-methodology',
  'Mathematical Errors': 'mathematical-error',
  'Faked Experimental Results': 'faked-result',
}

/** Reads a `review_hallucination_<judge>.json`: whether the paper holds hallucinations, and a list of them by type. */
export function readHallucinationReview(text: string, origin: ReviewOrigin): ReadReview {
  const parsed = parseObject(text)
  if (parsed === null) return { reason: 'not a JSON object' }
  const answer = hallucinationSchema.safeParse(parsed)
  if (!answer.success) return { reason: 'no valid list of hallucinations' }
  const { has_hallucination, hallucinations, overall_assessment, confidence } = answer.data
  const unknown = hallucinations.find(({ type }) => !Object.hasOwn(findingTypes, type))
  if (unknown !== undefined) return { reason: `a hallucination of unknown type "${unknown.type}"` }
  const findings = hallucinations.map(({ type, description, evidence }) => ({
    type: findingTypes[type] ?? type,
    description,
    quote: evidence,
  }))
  const flag = { id: origin.rubric.flag?.id ?? 'hallucination', value: has_hallucination, details: overall_assessment }
  return { review: { ...reviewBase(origin), scores: {}, overall: null, confidence, flag, findings }, extraKeys: [] }
}

/** What no imported review says. Version and hash of the rubric are null: its text was not ours. */
function reviewBase({ rubric, judge, view, subject, path, sha256 }: ReviewOrigin) {
  return {
    subject,
    rubric: { id: rubric.id, version: null, hash: null },
    judge: { name: judge, kind: 'model' as const, responseModel: null },
    view,
    repeat: 1,
    addressed: null,
    evidence: { shown: [], leftOut: [] },
    usage: unknownUsage,
    costUsd: null,
    latencyMs: null,
    tries: null,
    imported: { path, sha256 },
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return z.record(z.string(), z.unknown()).safeParse(value).data ?? null
  } catch {
    return null
  }
}

const capitalised = (id: string): string => `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`
