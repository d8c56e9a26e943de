import { join } from 'node:path'
import { isMissing, writeJson } from '../base/files.ts'
import { type Comparison, comparisonSchema, type Study, studySchema } from '../schema/study.ts'
import { keepRecord, readRecord, readRecords } from './record-folder.ts'

const studyRecords = { folder: 'studies', schema: studySchema, called: 'a study' } as const
const comparisonRecords = { folder: 'comparisons', schema: comparisonSchema, called: 'a comparison' } as const

/** Where a study keeps what its result is worked out from: reviews, events, cached replies. */
export function studyFolder(runFolder: string, id: string): string {
  return join(runFolder, studyRecords.folder, id)
}

/** Keeps the result of a study in place of an earlier one: its reviews and comparisons are what never changes. */
export async function keepStudy(runFolder: string, study: Study): Promise<string> {
  const path = join(runFolder, studyRecords.folder, `${study.id}.json`)
  await writeJson(path, studySchema.parse(study))
  return path
}

/** All results of studies of a run, sorted by id. Rejects, naming the file, when one is none. */
export async function readStudies(runFolder: string): Promise<Study[]> {
  return readRecords(runFolder, studyRecords)
}

/**
 * Keeps a comparison for good. When two processes made the same one, the first stays.
 * @returns the comparison that is kept
 */
export async function keepComparison(runFolder: string, comparison: Comparison): Promise<Comparison> {
  return keepRecord(runFolder, comparison, comparisonRecords)
}

/** Null when there is no such comparison yet. Rejects, naming the file, when it is none. */
export async function readComparison(runFolder: string, id: string): Promise<Comparison | null> {
  try {
    return await readRecord(join(runFolder, comparisonRecords.folder, `${id}.json`), comparisonRecords)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** All comparisons kept in a run, sorted by id. Rejects, naming the file, when one is none. */
export async function readComparisons(runFolder: string): Promise<Comparison[]> {
  return readRecords(runFolder, comparisonRecords)
}
