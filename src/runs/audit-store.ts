import { join } from 'node:path'
import { readTextIfPresent, writeJson } from '../base/files.ts'
import { type Audit, auditSchema, type Reproduction, reproductionSchema } from '../schema/audit.ts'

/** Where a trial's audit lies. It is derived, and made anew in its place whenever the trial or the rules changed. */
function auditPath(runFolder: string, trialId: string): string {
  return join(runFolder, 'audits', `${trialId}.json`)
}

export async function keepAudit(runFolder: string, trialId: string, audit: Audit): Promise<string> {
  const path = auditPath(runFolder, trialId)
  await writeJson(path, auditSchema.parse(audit))
  return path
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
  await writeJson(path, valid)
  await writeJson(join(runFolder, 'reproductions', `${trialId}.json`), valid)
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
