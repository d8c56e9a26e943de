import { copyFile, link, readFile, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { listFiles, makeFolder, readTextIfPresent, writeWhole } from '../base/files.ts'
import { acceptedWorkspace, programTypes } from '../judges/evidence.ts'
import { readEvents } from '../runs/event-log.ts'
import type { ReviewView } from '../schema/review.ts'
import type { Rubric } from '../schema/rubric.ts'
import { artefactPaths } from '../schema/stage.ts'
import type { Attack } from './attacks.ts'

/** What an attack changes in a trial. */
export interface AttackedFiles {
  /** New texts by path relative to the trial. */
  readonly files: ReadonlyMap<string, string>
  /** The same files as a judge's evidence names them: code is named relative to its workspace. */
  readonly shownAs: readonly string[]
}

/** Larger files are not what a judge reads first, and no attacker needs them. */
const largestFileBytes = 256 * 1024

/**
 * Works out what an attack changes of that which this rubric and view show a judge.
 * @returns null where a judge would see nothing of it, or there is nothing to be judged
 */
export async function attackTrial(
  trialFolder: string,
  attack: Attack,
  { rubric, view }: { rubric: Rubric; view: ReviewView },
): Promise<AttackedFiles | null> {
  const workspace = await acceptedWorkspace(trialFolder)
  const isCodeShown = view !== 'no-code' && rubric.evidence.includes('code') && workspace !== null
  const { code, logs } = isCodeShown ? await readWorkspace(join(trialFolder, workspace)) : noFiles
  const files = new Map<string, string>()
  const shownAs: string[] = []
  for (const path of await subjectPaths(trialFolder, rubric)) {
    const subject = await readTextIfPresent(join(trialFolder, path))
    if (subject === null || subject.trim() === '') continue
    const attacked = attack.apply({ subject, code, logs }, rubric)
    if (attacked.subject !== subject) {
      files.set(path, attacked.subject)
      shownAs.push(path)
    }
    for (const [own, text] of [...attacked.code, ...attacked.logs]) {
      if (text === (code.get(own) ?? logs.get(own))) continue
      files.set(`${workspace}/${own}`, text)
      shownAs.push(own)
    }
  }
  return files.size === 0 ? null : { files, shownAs: [...new Set(shownAs)] }
}

/** An experiment is read as a transcript by models and as results by rules. */
async function subjectPaths(trialFolder: string, rubric: Rubric): Promise<string[]> {
  if (rubric.subject !== 'experiment') return [artefactPaths[rubric.subject]]
  const { events } = await readEvents(join(trialFolder, 'events'))
  const ended = events.findLast((event) => event.type === 'coder-finished')
  const transcript = ended === undefined ? [] : [`attempts/experiment/${ended.attempt}/transcript.md`]
  return [artefactPaths.experiment, ...transcript]
}

interface WorkspaceTexts {
  readonly code: ReadonlyMap<string, string>
  readonly logs: ReadonlyMap<string, string>
}

const noFiles: WorkspaceTexts = { code: new Map(), logs: new Map() }

async function readWorkspace(workspace: string): Promise<WorkspaceTexts> {
  const code = new Map<string, string>()
  const logs = new Map<string, string>()
  for (const { path, kind, bytes } of await listFiles(workspace)) {
    const isLog = path.endsWith('.log') || path.endsWith('log.txt')
    const isProgram = programTypes.has(extname(path).toLowerCase()) && !path.endsWith('.ipynb')
    if (kind !== 'file' || bytes === 0 || bytes > largestFileBytes || !(isLog || isProgram)) continue
    ;(isLog ? logs : code).set(path, await readFile(join(workspace, path), 'utf8'))
  }
  return { code, logs }
}

/**
 * Makes a copy of a trial with other texts in it. What stays the same is linked, not copied, and only regular files are taken
 * over. A copy that is there is made anew.
 */
export async function copyTrial(from: string, to: string, changed: ReadonlyMap<string, string>): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await makeFolder(to)
  const workspace = await acceptedWorkspace(from)
  const attempt = workspace === null ? null : `${dirname(workspace)}/`
  for (const { path, kind } of await listFiles(from)) {
    const isOther = path.startsWith('attempts/') && !(attempt !== null && path.startsWith(attempt))
    if (kind !== 'file' || path === 'lease.json' || (isOther && !path.endsWith('transcript.md')) || changed.has(path))
      continue
    await makeFolder(dirname(join(to, path)))
    await link(join(from, path), join(to, path)).catch(() => copyFile(join(from, path), join(to, path)))
  }
  for (const [path, text] of changed) await writeWhole(join(to, path), text)
}
