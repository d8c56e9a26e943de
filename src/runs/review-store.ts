import { type Review, reviewSchema } from '../schema/review.ts'
import { keepRecord, readRecords } from './record-folder.ts'

/** `reviews/<id>.json` of a run. */
export const reviewRecords = { folder: 'reviews', schema: reviewSchema, called: 'a review' } as const

/**
 * Keeps a review for good: when two processes judged the same thing, the first review stays.
 * @returns the review that is kept
 */
export async function keepReview(runFolder: string, review: Review): Promise<Review> {
  return keepRecord(runFolder, review, reviewRecords)
}

/** All reviews of a run, sorted by id. Rejects, naming the file, when one is not a review. */
export async function readReviews(runFolder: string): Promise<Review[]> {
  return readRecords(runFolder, reviewRecords)
}
