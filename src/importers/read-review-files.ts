import { loadRubric } from '../rubrics/rubric.ts'
import type { ReviewView } from '../schema/review.ts'
import type { ImportNote, SkippedFile, SourceReview, SourceTrial } from './importer.ts'
import { readHallucinationReview, readReview } from './read-review.ts'
import type { Source } from './source.ts'

/** A file that holds one review, by its place in the source. */
export interface ReviewFile {
  readonly path: string
  /** Id of the rubric; `hallucination` has a shape of its own. */
  readonly rubric: string
  /** `provider/model` of the judge. */
  readonly judge: string
  readonly view: ReviewView
  /** Path of the artefact that was reviewed, within its trial. */
  readonly subject: string
}

/** Reads reviews. A file that is none is skipped with the reason, and keys nobody knows are noted: neither becomes a score. */
export async function readReviewFiles(
  source: Source,
  files: readonly ReviewFile[],
): Promise<Pick<SourceTrial, 'reviews' | 'skipped' | 'notes'>> {
  const reviews: SourceReview[] = []
  const skipped: SkippedFile[] = []
  const notes: ImportNote[] = []
  for (const { path, rubric: rubricId, ...about } of files) {
    const text = await source.readText(path)
    const rubric = await rubricOf(rubricId)
    const origin = { rubric, path, sha256: await source.hash(path), ...about }
    const read = rubricId === 'hallucination' ? readHallucinationReview(text, origin) : readReview(text, origin)
    if ('reason' in read) skipped.push({ path, reason: `a review that cannot be used: ${read.reason}` })
    else {
      reviews.push(read.review)
      for (const key of new Set(read.extraKeys))
        notes.push({ path, text: `reviews hold a key that is not kept: ${key}` })
    }
  }
  return { reviews, skipped, notes }
}

const loaded = new Map<string, ReturnType<typeof loadRubric>>()

/** Each rubric is read once: there may be thousands of reviews under it. */
async function rubricOf(id: string): Promise<Awaited<ReturnType<typeof loadRubric>>['rubric']> {
  const known = loaded.get(id) ?? loadRubric(id)
  loaded.set(id, known)
  return (await known).rubric
}
