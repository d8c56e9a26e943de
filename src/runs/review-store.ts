import { randomUUID } from 'node:crypto'
import { link, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { isMissing, syncFolder, writeJson } from '../base/files.ts'
import { type Review, reviewSchema } from '../schema/review.ts'

/**
 * Keeps a review for good. Reviews are never replaced: when two processes judged the same thing, the first one stays.
 * @returns the review that is kept
 */
export async function keepReview(runFolder: string, review: Review): Promise<Review> {
  const folder = join(runFolder, 'reviews')
  const path = join(folder, `${review.id}.json`)
  const draft = join(folder, `.${review.id}.${randomUUID()}`)
  await writeJson(draft, reviewSchema.parse(review))
  try {
    await link(draft, path)
    await syncFolder(folder)
    return review
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return await readReview(path)
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** All reviews of a run, sorted by id. Rejects, naming the file, when one is not a review. */
export async function readReviews(runFolder: string): Promise<Review[]> {
  const folder = join(runFolder, 'reviews')
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const files = names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).toSorted()
  const reviews = new Map<string, Review>()
  await forEachBounded(files, async (name) => void reviews.set(name, await readReview(join(folder, name))), {
    concurrency: 32,
  })
  return files.flatMap((name) => reviews.get(name) ?? [])
}

export async function readReview(path: string): Promise<Review> {
  try {
    return reviewSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new Error(`${path} is not a review this version can read`, { cause })
  }
}
