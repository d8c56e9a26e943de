import { randomUUID } from 'node:crypto'
import { link, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { forEachBounded } from '../base/bounded.ts'
import { isMissing, readTextIfPresent, syncFolder, writeJson } from '../base/files.ts'
import { type Comparison, comparisonSchema, type Study, studySchema } from '../schema/study.ts'

/** Where a study keeps what its result is worked out from: reviews, events, cached replies. */
export function studyFolder(runFolder: string, id: string): string {
  return join(runFolder, 'studies', id)
}

/** Keeps the result of a study in place of an earlier one: its reviews and comparisons are what never changes. */
export async function keepStudy(runFolder: string, study: Study): Promise<string> {
  const path = join(runFolder, 'studies', `${study.id}.json`)
  await writeJson(path, studySchema.parse(study))
  return path
}

/** All results of studies of a run, sorted by id. Rejects, naming the file, when one is none. */
export async function readStudies(runFolder: string): Promise<Study[]> {
  const folder = join(runFolder, 'studies')
  return readAll(folder, await jsonNames(folder), (value) => studySchema.parse(value))
}

/**
 * Keeps a comparison for good. When two processes made the same one, the first stays.
 * @returns the comparison that is kept
 */
export async function keepComparison(runFolder: string, comparison: Comparison): Promise<Comparison> {
  const folder = join(runFolder, 'comparisons')
  const path = join(folder, `${comparison.id}.json`)
  const draft = join(folder, `.${comparison.id}.${randomUUID()}`)
  await writeJson(draft, comparisonSchema.parse(comparison))
  try {
    await link(draft, path)
    await syncFolder(folder)
    return comparison
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return comparisonSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Null when there is no such comparison yet. */
export async function readComparison(runFolder: string, id: string): Promise<Comparison | null> {
  const text = await readTextIfPresent(join(runFolder, 'comparisons', `${id}.json`))
  return text === null ? null : comparisonSchema.parse(JSON.parse(text))
}

/** All comparisons kept in a run, sorted by id. Rejects, naming the file, when one is none. */
export async function readComparisons(runFolder: string): Promise<Comparison[]> {
  const folder = join(runFolder, 'comparisons')
  return readAll(folder, await jsonNames(folder), (value) => comparisonSchema.parse(value))
}

async function jsonNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).toSorted()
}

async function readAll<T>(folder: string, names: readonly string[], parse: (value: unknown) => T): Promise<T[]> {
  const found = new Map<string, T>()
  const read = async (name: string): Promise<void> => {
    try {
      found.set(name, parse(JSON.parse(await readFile(join(folder, name), 'utf8'))))
    } catch (cause) {
      throw new Error(`${join(folder, name)} is no record this version can read`, { cause })
    }
  }
  await forEachBounded(names, read, { concurrency: 32 })
  return names.flatMap((name) => found.get(name) ?? [])
}
