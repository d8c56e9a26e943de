import { posix } from 'node:path'
import type { Source } from '../source.ts'

/** One paper in one or several forms; what a reader sees is made from the first of Markdown, LaTeX, PDF. */
export interface PaperForms {
  readonly md: string | null
  readonly tex: string | null
  readonly pdf: string | null
}

/** A paper and what lies beside it. */
export interface PaperPlace {
  /** For the name of its task. */
  readonly name: string
  /** For the name of its agent; null where one folder holds the work of one agent. */
  readonly agent: string | null
  /** Null for a paper that lies loose among others. */
  readonly folder: string | null
  readonly forms: PaperForms
  readonly task: string | null
}

export interface FoundPapers {
  readonly places: readonly PaperPlace[]
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
}

const extensions = ['md', 'tex', 'pdf'] as const
const otherTexts =
  /^(?:readme|licen[sc]e|changelog|contributing|task|notice|citation|idea|proposal|related_work|results)\b/i

/**
 * Finds the papers of a folder: each direct subfolder with one paper; below the others, `<task>/<agent>/paper.*`; and papers
 * that lie loose in the folder itself. A folder that has nothing but `paper.*` of its own is one paper with its code.
 */
export function findPapers(source: Source): FoundPapers {
  const skipped: FoundPapers['skipped'][number][] = []
  const inRoot = (path: string): string => posix.join(source.root, path)
  const places: PaperPlace[] = []
  for (const folder of source.folders()) {
    const own = paperIn(source, inRoot(folder))
    if (own === 'several')
      skipped.push({
        path: inRoot(folder),
        reason: 'a folder with several papers: call the right one paper.md, paper.tex or paper.pdf',
      })
    else if (own !== null)
      places.push({
        name: folder,
        agent: null,
        folder: inRoot(folder),
        forms: own,
        task: taskIn(source, [inRoot(folder)]),
      })
    else places.push(...papersBelow(source, folder))
  }
  const loose = formsByStem(source, source.root)
  const named = loose.get('paper')
  if (places.length === 0 && named !== undefined) {
    const name = source.root === '' ? source.name : source.root
    const task = taskIn(source, [source.root])
    return { places: [{ name, agent: null, folder: source.root, forms: named, task }], skipped }
  }
  for (const [stem, forms] of loose) places.push({ name: stem, agent: null, folder: null, forms, task: null })
  return { places, skipped }
}

function papersBelow(source: Source, folder: string): PaperPlace[] {
  const path = posix.join(source.root, folder)
  return source.folders(path).flatMap((agent) => {
    const inner = posix.join(path, agent)
    const forms = formsByStem(source, inner).get('paper')
    if (forms === undefined) return []
    return [{ name: folder, agent, folder: inner, forms, task: taskIn(source, [inner, path]) }]
  })
}

function paperIn(source: Source, folder: string): PaperForms | 'several' | null {
  const byStem = formsByStem(source, folder)
  const named = byStem.get('paper')
  if (named !== undefined) return named
  const [first, second] = byStem.values()
  if (first === undefined) return null
  return second === undefined ? first : 'several'
}

/** Papers directly in a folder by the name without its ending, in code-unit order. */
function formsByStem(source: Source, folder: string): Map<string, PaperForms> {
  const found = new Map<string, PaperForms>()
  const start = folder === '' ? 0 : folder.length + 1
  for (const path of source.files(folder)) {
    const name = path.slice(start)
    const extension = extensions.find((one) => name.toLowerCase().endsWith(`.${one}`))
    if (extension === undefined || name.includes('/') || otherTexts.test(name)) continue
    const stem = name.slice(0, -extension.length - 1)
    found.set(stem, { ...(found.get(stem) ?? { md: null, tex: null, pdf: null }), [extension]: path })
  }
  return found
}

function taskIn(source: Source, folders: readonly string[]): string | null {
  return folders.map((folder) => posix.join(folder, 'task.md')).find((path) => source.has(path)) ?? null
}
