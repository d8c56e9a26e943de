import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { link, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { forEachBounded } from '../base/bounded.ts'
import { isMissing, syncFolder, writeJson } from '../base/files.ts'

/** Records of one kind: a file each, `<folder>/<id>.json` within a run. */
export interface RecordKind<Content> {
  readonly folder: string
  readonly schema: z.ZodType<Content>
  /** For messages, with its article: `a review`. */
  readonly called: string
}

/** Files open at once; a run may have more records than a process may open files. */
export const readingConcurrency = 32

/** Names of the files of a run's records, sorted; none when there are none. */
export function recordNames(runFolder: string, { folder }: Pick<RecordKind<unknown>, 'folder'>): string[] {
  return namesIn(join(runFolder, folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.'))
}

/** Names in a folder, sorted; none when it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** Rejects, naming the file, when it holds no such record. */
export async function readRecord<Content>(path: string, { schema, called }: RecordKind<Content>): Promise<Content> {
  const text = await readFile(path, 'utf8')
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${path} is not ${called} this version can read`, { cause })
  }
}

/** All records of a kind, sorted by id. Rejects, naming the file, when one is none. */
export async function readRecords<Content>(runFolder: string, kind: RecordKind<Content>): Promise<Content[]> {
  const names = recordNames(runFolder, kind)
  const found = new Map<string, Content>()
  const read = async (name: string): Promise<void> => {
    found.set(name, await readRecord(join(runFolder, kind.folder, name), kind))
  }
  await forEachBounded(names, read, { concurrency: readingConcurrency })
  return names.flatMap((name) => found.get(name) ?? [])
}

/**
 * Keeps a record for good. It is never replaced: when two processes made the same one, the first stays.
 * @returns the record that is kept
 */
export async function keepRecord<Content extends { readonly id: string }>(
  runFolder: string,
  record: Content,
  kind: RecordKind<Content>,
): Promise<Content> {
  const folder = join(runFolder, kind.folder)
  const path = join(folder, `${record.id}.json`)
  const draft = join(folder, `.${record.id}.${randomUUID()}`)
  await writeJson(draft, kind.schema.parse(record))
  try {
    await link(draft, path)
    await syncFolder(folder)
    return record
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return await readRecord(path, kind)
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
