import { posix } from 'node:path'
import { nameOf } from '../folder-name.ts'
import type { ReadFile, SkippedFile } from '../importer.ts'
import type { Source } from '../source.ts'

/** One run of the system: a folder with its token tracker, its experiments and its paper. */
export interface SystemRun {
  readonly folder: string
  readonly task: string
  readonly tracker: string
  /** The paper's text as someone extracted it, or null. */
  readonly paperText: string | null
  readonly paperPdf: string | null
  readonly idea: string | null
  readonly reviews: readonly { readonly path: string; readonly judge: string; readonly rubric: string }[]
  /** Code, logs and results: where they come from and where they go in the workspace. */
  readonly workspace: readonly { readonly from: string; readonly path: string }[]
  readonly files: readonly ReadFile[]
  readonly skipped: readonly SkippedFile[]
}

const trackerName = 'token_tracker.json'
const summary = /(?:^|\/)(?:baseline|research|draft|ablation)_summary\.json$/
const largestFileBytes = 50 * 1024 * 1024
const mostFiles = 5_000

/** Folders below the root that hold a run, in code-unit order. */
export function findRuns(source: Source): string[] {
  const files = source.files()
  return files
    .filter((path) => posix.basename(path) === trackerName)
    .map((path) => posix.dirname(path))
    .filter((folder) => source.files(folder === '.' ? '' : folder).some((path) => summary.test(path)))
}

/** Sorts the files of one run by what they are. */
export function describeRun(source: Source, given: string): SystemRun {
  const folder = given === '.' ? '' : given
  const below = (path: string): string => (folder === '' ? path : path.slice(folder.length + 1))
  const name = folder === '' ? source.name : posix.basename(folder)
  const direct = source.files(folder).filter((path) => !below(path).includes('/'))
  const pdfs = direct.filter((path) => path.endsWith('.pdf'))
  const texts = direct.filter((path) => path.endsWith('.pdf.txt'))
  const paperPdf = pdfs.toSorted((a, b) => rankPaper(b) - rankPaper(a) || (a < b ? -1 : 1))[0] ?? null
  const paperText = texts.find((path) => posix.basename(path) === `${name}.pdf.txt`) ?? texts[0] ?? null
  const ideas = ['experiments/idea.md', 'idea.md'].map((path) => posix.join(folder, path))
  const idea = ideas.find((path) => source.has(path)) ?? null

  const reviews: SystemRun['reviews'][number][] = []
  const workspace: SystemRun['workspace'][number][] = []
  const files: ReadFile[] = [{ path: posix.join(folder, trackerName), kind: 'token usage' }]
  const skipped: SkippedFile[] = []
  for (const path of source.files(folder)) {
    const inside = below(path)
    const review = /^review_(hallucination_)?(.+)\.json$/.exec(inside)
    if (inside === trackerName) continue
    if (path === paperText || path === paperPdf) files.push({ path, kind: 'paper' })
    else if (pdfs.includes(path) || texts.includes(path))
      skipped.push({ path, reason: 'an earlier version of a paper' })
    else if (ownReviews.has(inside)) skipped.push({ path, reason: "the system's own review of its paper" })
    else if (inside === 'token_tracker_interactions.json')
      skipped.push({ path, reason: "all prompts of the system's calls" })
    else if (review !== null) {
      reviews.push({ path, judge: review[2] ?? '', rubric: review[1] === undefined ? 'end-to-end' : 'hallucination' })
      files.push({ path, kind: 'review' })
    } else if ((source.bytes(path) ?? 0) > largestFileBytes)
      skipped.push({ path, reason: `larger than ${largestFileBytes / 1024 ** 2} MiB` })
    else if (workspace.length === mostFiles)
      skipped.push({ path, reason: `beyond the first ${mostFiles} files of a run` })
    else {
      workspace.push({ from: path, path: inside.replace(/^experiments\//, '') })
      files.push({ path, kind: path === idea ? 'idea' : 'experiment file' })
    }
  }
  const tracker = posix.join(folder, trackerName)
  return { folder, task: nameOf(name), tracker, paperText, paperPdf, idea, reviews, workspace, files, skipped }
}

const ownReviews = new Set(['review_text.txt', 'review_img_cap_ref.json'])

/** The system saves a paper after each round of its reflection; the last one counts. */
function rankPaper(path: string): number {
  const name = posix.basename(path)
  if (name.includes('final')) return 1_000
  return Number(/reflection_?(\d{1,2})/.exec(name)?.[1] ?? 0)
}

/** Text of a task in a `tasks` folder beside the runs or further up, as the release of MLR-Bench has it. */
export function findTask(source: Source, { folder, task }: Pick<SystemRun, 'folder' | 'task'>): string | null {
  for (let at = folder; at !== '.' && at !== ''; ) {
    at = posix.dirname(at)
    const path = posix.join(at, 'tasks', `${task}.md`)
    if (source.has(path)) return path
  }
  return null
}
