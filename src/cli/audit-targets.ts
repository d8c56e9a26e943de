import { stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { auditSubject } from '../audit/audit.ts'
import { readFolderSubject } from '../audit/subject/read-folder.ts'
import type { AuditSubject } from '../audit/subject/subject.ts'
import { PrerequisiteError } from '../base/errors.ts'
import { readTextIfPresent } from '../base/files.ts'
import { auditTrial } from '../pipeline/audit-trial.ts'
import { listRuns, listTrials, readRun } from '../runs/run-store.ts'
import type { Audit } from '../schema/audit.ts'

/** One piece of work that can be audited. */
export interface AuditTarget {
  /** Null for a folder that is no trial of ours. */
  readonly trial: { readonly runFolder: string; readonly id: string } | null
  readonly name: string
  /** Null where there is no paper and no report. What is found in a trial is kept in its run. */
  readonly audit: () => Promise<{ readonly audit: Audit; readonly subject: AuditSubject } | null>
}

/**
 * What a word of the command line names: a run by its id or folder, a trial as `<run>:<trial>` or by its folder, or any folder with a paper.
 * @throws PrerequisiteError when it is none of these
 */
export async function findAuditTargets(word: string, logDir: string): Promise<AuditTarget[]> {
  const colon = word.indexOf(':')
  if (colon > 0 && (await listRuns(logDir)).includes(word.slice(0, colon))) {
    const run = await readRun(logDir, word.slice(0, colon))
    const id = word.slice(colon + 1)
    const known = await listTrials(run.folder)
    if (!known.includes(id))
      throw new PrerequisiteError(
        `run "${run.record.id}" has no trial "${id}"; there are e.g.: ${known.slice(0, 3).join(', ')}`,
      )
    return [toTarget(run.folder, run.record.id, id)]
  }
  if (await isRecord(join(word, 'trial.json'), 'trial')) {
    const folder = resolve(word)
    const runFolder = dirname(dirname(dirname(dirname(folder))))
    const id = relative(join(runFolder, 'trials'), folder).split(sep).join('/')
    // one that lies apart from its run is a folder like any other
    if ((await isRecord(join(runFolder, 'run.json'), 'run')) && (await listTrials(runFolder)).includes(id)) {
      const run = await readRun(dirname(runFolder), runFolder)
      return [toTarget(run.folder, run.record.id, id)]
    }
  }
  if ((await isRecord(join(word, 'run.json'), 'run')) || (await listRuns(logDir)).includes(word)) {
    const run = await readRun(logDir, word)
    return (await listTrials(run.folder)).map((id) => toTarget(run.folder, run.record.id, id))
  }
  for (const run of await listRuns(word))
    if (await isRecord(join(word, run, 'run.json'), 'run'))
      throw new PrerequisiteError(`"${word}" holds runs: name one of them, such as ${join(word, run)}`)
  if (await exists(word)) return [{ trial: null, name: word, audit: () => auditFolder(word) }]
  throw new PrerequisiteError(
    `"${word}" is no run in ${logDir}, no <run>:<trial>, and no folder; mlrbench status lists runs, --log-dir names where they are`,
  )
}

function toTarget(runFolder: string, run: string, id: string): AuditTarget {
  return { trial: { runFolder, id }, name: `${run}:${id}`, audit: () => auditTrial(runFolder, id) }
}

async function auditFolder(folder: string): ReturnType<AuditTarget['audit']> {
  const subject = await readFolderSubject(folder)
  return { audit: await auditSubject(subject), subject }
}

/** Whether a file is a record of ours: works have files of such names too. */
async function isRecord(path: string, kind: 'run' | 'trial'): Promise<boolean> {
  const text = await readTextIfPresent(path)
  return text !== null && new RegExp(`"schema":\\s*"mlrbench/${kind}@`).test(text.slice(0, 1_000))
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
