import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sha256 } from '../../src/base/hash.ts'
import { readFeatures, type TextFeatures } from '../../src/judges/distilled/features.ts'
import { loadRubric } from '../../src/rubrics/rubric.ts'
import { cleanReply } from '../../src/stages/clean-reply.ts'

export type RubricId = 'idea' | 'proposal'

/** One artefact of the release with what its two judges made of it. */
export interface Sample {
  readonly task: string
  readonly model: string
  readonly sha256: string
  /** Of the file, before a preamble or fence was taken off. */
  readonly fileSha256: string
  readonly features: TextFeatures
  /** For each dimension, the score of each judge. */
  readonly scores: readonly (readonly [claude: number, gemini: number])[]
}

export interface ReleasedReviews {
  /** Ids; the last is `overall`. */
  readonly dimensions: readonly string[]
  /** By task, then by model. */
  readonly samples: readonly Sample[]
}

export const models = [
  'claude-3-7-sonnet-20250219',
  'deepseek-r1',
  'gemini-2.5-pro-preview-03-25',
  'ministral-8b',
  'o4-mini-2025-04-16',
  'qwen3-235b-a22b',
]
export const judges = ['claude-3-7-sonnet-20250219', 'gemini-2.5-pro-preview-03-25'] as const

const reviewSchema = z.record(z.string(), z.object({ score: z.int().min(1).max(10) }))

/** Reads the artefacts of the unpacked release and their reviews. Rejects when one is missing or malformed: none is. */
export async function readReleasedReviews(release: string, rubricId: RubricId): Promise<ReleasedReviews> {
  const { rubric } = await loadRubric(rubricId)
  const labels = [...rubric.dimensions.map(({ label }) => label), 'OverallAssessment']
  const samples: Sample[] = []
  for (const file of (await readdir(join(release, 'tasks'))).toSorted()) {
    const task = file.replace(/\.md$/, '')
    const taskText = await readFile(join(release, 'tasks', file), 'utf8')
    for (const model of models) {
      const name = `${rubricId}_${model}`
      const path = join(release, 'agent_results/ideas_and_proposals', task, rubricId, `${name}.md`)
      // as the agent of this project would have kept it
      const raw = await readFile(path, 'utf8')
      const { text } = cleanReply(raw)
      const [claude, gemini] = await Promise.all(
        judges.map(async (judge) => {
          const review = join(release, `agent_reviews/idea_proposal_reviews_${judge}`, task, rubricId, `${name}.json`)
          return reviewSchema.parse(JSON.parse(await readFile(review, 'utf8')))
        }),
      )
      const scores = labels.map((label) => [scoreIn(claude, label), scoreIn(gemini, label)] as const)
      const hashes = { sha256: sha256(text), fileSha256: sha256(raw) }
      samples.push({ task, model, ...hashes, features: readFeatures(text, taskText), scores })
    }
  }
  return { dimensions: [...rubric.dimensions.map(({ id }) => id), 'overall'], samples }
}

function scoreIn(review: z.infer<typeof reviewSchema> | undefined, label: string): number {
  const mark = review?.[label]
  if (mark === undefined) throw new Error(`a review of the release has no ${label}`)
  return mark.score
}
