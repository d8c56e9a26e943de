import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, readTextIfPresent, writeJson } from '../base/files.ts'
import { type Audit, auditSchema, type Reproduction, reproductionSchema } from '../schema/audit.ts'

/** Where a trial's audit lies. It is derived, and made anew in its place whenever the trial or the rules changed. */
function auditPath(runFolder: string, trialId: string): string {
  return join(runFolder, 'audits', `${trialId}.json`)
}

export async function keepAudit(runFolder: string, trialId: string, audit: Audit): Promise<string> {
  const path = auditPath(runFolder, trialId)
  await replaceJson(path, auditSchema.parse(audit))
  return path
}

/** A link in the place is replaced, and not written through: a run may come from anyone. */
async function replaceJson(path: string, value: unknown): Promise<void> {
  const there = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (there?.isSymbolicLink() === true) await rm(path)
  await writeJson(path, value)
}

/** Null where the trial was not audited, or by a version whose record this one cannot read: auditing again costs nothing. */
export async function readAudit(runFolder: string, trialId: string): Promise<Audit | null> {
  const text = await readTextIfPresent(auditPath(runFolder, trialId))
  if (text === null) return null
  const parsed = auditSchema.safeParse(parseOrNull(text))
  return parsed.success ? parsed.data : null
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The last reproduction of a trial; earlier ones stay beside it under their ids. */
export async function keepReproduction(runFolder: string, trialId: string, record: Reproduction): Promise<string> {
  const path = join(runFolder, 'reproductions', trialId, `${record.id}.json`)
  const valid = reproductionSchema.parse(record)
  await replaceJson(path, valid)
  await replaceJson(join(runFolder, 'reproductions', `${trialId}.json`), valid)
  return path
}

/** Null where the trial was never run again. Rejects, naming the file, when it holds no such record. */
export async function readReproduction(runFolder: string, trialId: string): Promise<Reproduction | null> {
  const path = join(runFolder, 'reproductions', `${trialId}.json`)
  const text = await readTextIfPresent(path)
  if (text === null) return null
  try {
    return reproductionSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${path} is no reproduction this version can read`, { cause })
  }
}
