import { basename, extname, join } from 'node:path'
import { type ListedFile, listFiles, readTextIfPresent } from '../base/files.ts'
import { sha256 } from '../base/hash.ts'
import { cutMiddle } from '../base/text.ts'
import { readEvents } from '../runs/event-log.ts'
import type { Review, ReviewView } from '../schema/review.ts'
import type { EvidenceKind, Rubric } from '../schema/rubric.ts'
import { artefactPaths, type Stage } from '../schema/stage.ts'
import { openScrubber, type Scrub } from './blind.ts'
import type { Subject } from './judge.ts'
import { readOwnNames } from './own-names.ts'
import { type ShownText, showText } from './shown-text.ts'

export interface Evidence {
  readonly items: { readonly label: string; readonly path: string; readonly text: string }[]
  /** The same texts, with the lines of the files they come from. */
  readonly material: readonly ShownText[]
  /** Marks the fences around the items. It hangs on all their text, so no author can know it beforehand. */
  readonly nonce: string
  readonly record: Review['evidence']
}

interface Candidate {
  readonly label: string
  readonly path: string
  readonly bytes: number
  /** Read only when there is room for it: a workspace may hold far more than fits into memory. Null: gone. */
  readonly read: () => Promise<string | null>
}

/** Bytes of evidence a judge is shown at most. */
export const defaultEvidenceBytes = 400_000
/** A shorter rest of the budget is not worth a torn file. */
const smallestPieceBytes = 2_000

/**
 * Packs what a judge is shown, always in the same order: the subject; earlier artefacts; results; the entry script and what
 * it names; other code; logs; the rest from small to large. What no longer fits is cut in the middle or left out, and recorded.
 * Figures have limits of their own (`runs/figures.ts`).
 * @param options.scrub takes the names out of a blind view; without one, those of the trial's run and the well-known ones
 */
export async function packEvidence(
  subject: Subject,
  rubric: Rubric,
  options: { view: ReviewView; maxBytes?: number; scrub?: Scrub },
): Promise<Evidence> {
  const { view } = options
  const kinds = rubric.evidence.filter((kind) => view !== 'no-code' || (kind !== 'code' && kind !== 'transcript'))
  const scrub = view === 'blind' ? (options.scrub ?? openScrubber(await readOwnNames(subject.trialFolder))) : null
  const { path, text: whole } = subject
  const candidates: Candidate[] = [toCandidate(`subject: ${rubric.subject}`, path, whole)]
  for (const kind of kinds) candidates.push(...(await candidatesOf(kind, subject)))

  const items: Evidence['items'] = []
  const material: ShownText[] = []
  const record: Evidence['record'] = { shown: [], leftOut: [] }
  if (kinds.includes('code') && (await acceptedWorkspace(subject.trialFolder)) === null)
    record.leftOut.push({
      path: 'attempts/experiment',
      bytes: 0,
      reason: 'no experiment of this trial, so none of its code',
    })
  if (kinds.includes('task') && !candidates.some((candidate) => candidate.path === artefactPaths.task))
    record.leftOut.push({ path: artefactPaths.task, bytes: 0, reason: 'no text of the task came with this work' })
  let scrubbed = 0
  let left = options.maxBytes ?? defaultEvidenceBytes
  for (const { read, ...candidate } of candidates) {
    if (candidate.bytes > left && left < smallestPieceBytes) {
      record.leftOut.push({ path: candidate.path, bytes: candidate.bytes, reason: 'no room left' })
      continue
    }
    const written = await read()
    if (written === null) continue
    const { text } = scrub === null ? { text: written } : count(scrub(written))
    const path = scrub === null ? candidate.path : count(scrub(candidate.path)).text
    const bytes = Buffer.byteLength(text)
    const shownBytes = Math.min(bytes, left)
    const cut = cutMiddle(text, shownBytes).text
    items.push({ label: candidate.label, path, text: cut })
    material.push(showText(cut, { path: candidate.path, whole: text }))
    record.shown.push({ path: candidate.path, bytes, shownBytes })
    left -= shownBytes
  }
  return {
    items,
    material,
    nonce: sha256(JSON.stringify(items)).slice(0, 16),
    record: scrub === null ? record : { ...record, scrubbed },
  }

  function count(result: ReturnType<Scrub>): ReturnType<Scrub> {
    scrubbed += result.replaced
    return result
  }
}

function toCandidate(label: string, path: string, text: string): Candidate {
  return { label, path, bytes: Buffer.byteLength(text), read: () => Promise.resolve(text) }
}

async function candidatesOf(kind: EvidenceKind, subject: Subject): Promise<Candidate[]> {
  switch (kind) {
    case 'task':
    case 'idea':
    case 'literature':
    case 'proposal':
      return readArtefacts(kind, subject)
    case 'results':
      return readArtefacts('experiment', subject)
    case 'code':
      return readCode(subject.trialFolder)
    // the transcript is the experiment's own subject, and figures go along as images
    case 'transcript':
    case 'figures':
      return []
  }
}

async function readArtefacts(stage: Stage | 'task', subject: Subject): Promise<Candidate[]> {
  const path = artefactPaths[stage]
  const text = await readTextIfPresent(join(subject.trialFolder, path))
  if (text === null || path === subject.path) return []
  return [toCandidate(stage === 'experiment' ? 'results' : stage, path, text)]
}

const codeTypes = new Set([
  '.py',
  '.mjs',
  '.js',
  '.ts',
  '.r',
  '.jl',
  '.ipynb',
  '.sh',
  '.yaml',
  '.yml',
  '.toml',
  '.md',
  '.txt',
  '.json',
  '.csv',
  '.log',
])
export const programTypes = new Set(['.py', '.mjs', '.js', '.ts', '.r', '.jl', '.ipynb', '.sh'])
const skippedFolders =
  /(?:^|\/)(?:data|datasets?|outputs?|checkpoints?|node_modules|\.git|\.cache|__pycache__|\.?venv)\//
const givenFiles = new Set<string>([
  artefactPaths.task,
  artefactPaths.idea,
  artefactPaths.literature,
  artefactPaths.proposal,
  artefactPaths.experiment,
])
const largestCodeFileBytes = 1024 * 1024

async function readCode(trialFolder: string): Promise<Candidate[]> {
  const workspace = await acceptedWorkspace(trialFolder)
  if (workspace === null) return []
  const files = (await listFiles(join(trialFolder, workspace))).filter(
    ({ path, kind, bytes }) =>
      kind === 'file' &&
      bytes > 0 &&
      bytes <= largestCodeFileBytes &&
      codeTypes.has(extname(path).toLowerCase()) &&
      !givenFiles.has(path) &&
      !skippedFolders.test(path),
  )
  const entry = files.find(({ path }) => path === 'run.sh')
  const entryText = entry ? ((await readTextIfPresent(join(trialFolder, workspace, entry.path))) ?? '') : ''
  const ordered = files.toSorted(
    (a, b) => rankCode(a, entryText) - rankCode(b, entryText) || a.bytes - b.bytes || (a.path < b.path ? -1 : 1),
  )
  return ordered.map(({ path, bytes }) => ({
    label: 'code',
    path,
    bytes,
    read: () => readTextIfPresent(join(trialFolder, workspace, path)),
  }))
}

/** Results first, then the entry script, what it names, other programs, logs, and the rest. */
function rankCode({ path }: ListedFile, entryText: string): number {
  if (path === 'results/metrics.json') return 0
  if (path === 'run.sh') return 1
  const isProgram = programTypes.has(extname(path).toLowerCase())
  if (isProgram && entryText.includes(basename(path))) return 2
  if (isProgram) return 3
  return path.endsWith('.log') || path.endsWith('log.txt') ? 4 : 5
}

/** Workspace of the experiment that counts, relative to the trial; null when none finished. */
export async function acceptedWorkspace(trialFolder: string): Promise<string | null> {
  const { events } = await readEvents(join(trialFolder, 'events'))
  const finished = events.findLast((event) => event.type === 'stage-finished' && event.stage === 'experiment')
  return finished && 'attempt' in finished ? `attempts/experiment/${finished.attempt}/workspace` : null
}
