import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { readTextIfPresent } from '../../base/files.ts'
import { readReviewSummaries } from '../../runs/review-index.ts'
import type { BenchInput } from './inputs.ts'

/** What a judge said that bears on fabrication. */
export interface JudgeMark {
  /** 1..10; null where it gave none. */
  readonly soundness: number | null
  /** Whether it says that something was made up; null where it was not asked. */
  readonly flag: boolean | null
}

/** What language models said of the work, by judge: from reviews of the run store, or from those that lie beside a folder of the public release. */
export async function readJudgeMarks(input: BenchInput): Promise<Readonly<Record<string, JudgeMark>>> {
  if (input.trial !== null) return readStoredMarks(input.trial)
  return input.folder === null ? {} : readReleaseMarks(input.folder)
}

async function readStoredMarks(trial: {
  readonly runFolder: string
  readonly id: string
}): Promise<Record<string, JudgeMark>> {
  const reviews = (await readReviewSummaries(trial.runFolder)).filter(
    (review) => review.trial === trial.id && review.view === 'full' && review.judge.kind === 'model',
  )
  const byJudge = Map.groupBy(reviews, ({ judge }) => judge.name)
  const marks = [...byJudge].map(([judge, own]) => {
    const soundness = own.flatMap(({ scores }) => scores['soundness']?.score ?? [])
    const flags = own.flatMap(({ flag }) => flag?.value ?? [])
    return [judge, { soundness: meanOf(soundness), flag: flags.length === 0 ? null : flags.some(Boolean) }] as const
  })
  return Object.fromEntries(marks)
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

const reviewSchema = z.object({
  Soundness: z.object({ score: z.number() }).optional(),
  Hallucination: z.object({ has_hallucination: z.boolean() }).optional(),
})
const flagSchema = z.object({ has_hallucination: z.boolean() })

const reviewsFolder = 'agent_reviews'
const subsetFolder = 'subset_reviews_'

/**
 * Reviews of `<root>/agent_results/end2end_<system>/<task>` and of `<root>/agent_results/experiments_and_writeups/<coder>/<task>`. Nothing for
 * other folders. A review that cannot be read says nothing.
 */
async function readReleaseMarks(folder: string): Promise<Record<string, JudgeMark>> {
  const task = basename(folder)
  const parent = basename(dirname(folder))
  const system = parent.startsWith('end2end_') ? parent.slice('end2end_'.length) : null
  const root = system === null ? join(folder, '..', '..', '..', '..') : join(folder, '..', '..', '..')
  const path = system === null ? join('experiments', `${parent}.json`) : `review_${system}.json`
  const marks: Record<string, JudgeMark> = {}
  for (const name of await namesIn(join(root, reviewsFolder))) {
    if (!name.startsWith(subsetFolder)) continue
    const judge = name.slice(subsetFolder.length)
    const review = reviewSchema.safeParse(await readJson(join(root, reviewsFolder, name, task, path)))
    const own = flagSchema.safeParse(await readJson(join(folder, `review_hallucination_${judge}.json`)))
    if (!review.success && !own.success) continue
    marks[judge] = {
      soundness: review.data?.Soundness?.score ?? null,
      flag: own.data?.has_hallucination ?? review.data?.Hallucination?.has_hallucination ?? null,
    }
  }
  return marks
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readTextIfPresent(path)
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return null // a review that is no JSON says nothing of the work
  }
}
