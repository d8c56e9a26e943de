import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { isMissing } from '../base/files.ts'
import { type HumanReview, humanReviewSchema } from '../schema/human.ts'

/** All reviews of a run by people, sorted by id. Rejects, naming the file, when one is not such a review. */
export async function readHumanReviews(runFolder: string): Promise<HumanReview[]> {
  const folder = join(runFolder, 'human')
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const files = names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).toSorted()
  const reviews = new Map<string, HumanReview>()
  await forEachBounded(files, async (name) => void reviews.set(name, await readHumanReview(join(folder, name))), {
    concurrency: 32,
  })
  return files.flatMap((name) => reviews.get(name) ?? [])
}

async function readHumanReview(path: string): Promise<HumanReview> {
  try {
    return humanReviewSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new Error(`${path} is not a review by a person this version can read`, { cause })
  }
}
