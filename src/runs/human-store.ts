import { type HumanReview, humanReviewSchema } from '../schema/human.ts'
import { readRecords } from './record-folder.ts'

/** All reviews of a run by people, sorted by id. Rejects, naming the file, when one is not such a review. */
export async function readHumanReviews(runFolder: string): Promise<HumanReview[]> {
  return readRecords(runFolder, { folder: 'human', schema: humanReviewSchema, called: 'a review by a person' })
}
