import { posix } from 'node:path'
import type { SkippedFile } from '../importer.ts'
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
  /** For the name of its agent; null where one source holds the work of one agent. */
  readonly agent: string | null
  /** Null for a paper that lies loose among others. */
  readonly folder: string | null
  readonly forms: PaperForms
  readonly task: string | null
}

const extensions = ['md', 'tex', 'pdf'] as const
const otherTexts =
  /^(?:readme|licen[sc]e|changelog|contributing|task|notice|citation|idea|proposal|related_work|results)\b/i

/** Whether a folder may hold papers, by names alone. */
export function mayHoldPapers(source: Source): boolean {
  const folders = source.folders().map((folder) => posix.join(source.root, folder))
  return (
    [source.root, ...folders].some((folder) => formsByStem(source, folder).size > 0) ||
    folders.some((folder) => paperFoldersIn(source, folder).length > 0)
  )
}

/**
 * Finds the papers of a folder: each direct subfolder with one paper; below the others, `<task>/<agent>/paper.*`; and papers
 * that lie loose in the folder itself. A folder with a single paper and no others below is that paper with its code.
 */
export async function findPapers(source: Source): Promise<{ places: PaperPlace[]; skipped: SkippedFile[] }> {
  const skipped: SkippedFile[] = []
  const places: PaperPlace[] = []
  for (const name of source.folders()) {
    const folder = posix.join(source.root, name)
    const papers = await papersIn(source, folder, skipped)
    const [only] = papers.values()
    if (papers.size > 1)
      skipped.push({
        path: folder,
        reason: 'a folder with several papers: call the right one paper.md, paper.tex or paper.pdf',
      })
    else if (only !== undefined) places.push({ name, agent: null, folder, forms: only, task: taskIn(source, [folder]) })
    else
      for (const { agent, folder: inner, forms } of paperFoldersIn(source, folder))
        places.push({ name, agent, folder: inner, forms, task: taskIn(source, [inner, folder]) })
  }
  const loose = await papersIn(source, source.root, skipped)
  for (const [stem, forms] of loose) {
    const isAlone = loose.size === 1 && places.length === 0
    const name = isAlone && (stem === 'paper' || stem === 'main') ? nameOfSource(source) : stem
    const folder = isAlone ? source.root : null
    places.push({ name, agent: null, folder, forms, task: isAlone ? taskIn(source, [source.root]) : null })
  }
  return { places, skipped }
}

export function nameOfSource({ root, name }: Source): string {
  return root === '' ? name.replace(/\.(?:tar\.gz|tgz|tar|zip)$/i, '') : posix.basename(root)
}

/** Folders of agents within that of a task: only `paper.*` counts, since other texts may lie that deep. */
function paperFoldersIn(source: Source, folder: string): { agent: string; folder: string; forms: PaperForms }[] {
  return source.folders(folder).flatMap((agent) => {
    const inner = posix.join(folder, agent)
    const forms = formsByStem(source, inner).get('paper')
    return forms === undefined ? [] : [{ agent, folder: inner, forms }]
  })
}

/** Papers directly in a folder: `paper.*`, else the one whole LaTeX document, else whatever may be one. */
async function papersIn(source: Source, folder: string, skipped: SkippedFile[]): Promise<Map<string, PaperForms>> {
  const byStem = formsByStem(source, folder)
  const named = byStem.get('paper')
  if (named !== undefined && folder !== source.root) return new Map([['paper', named]])
  const documents: [string, PaperForms][] = []
  for (const [stem, forms] of byStem) {
    if (forms.tex === null) continue
    if (stem === 'paper' || (await isDocument(source, forms.tex))) documents.push([stem, forms])
    else if (forms.md === null && forms.pdf === null) {
      byStem.delete(stem)
      // it may be part of a document that is taken, and is then read with it
      if (folder === source.root)
        skipped.push({ path: forms.tex, reason: 'LaTeX without \\documentclass: a part of a paper' })
    }
  }
  return documents.length === 1 && folder !== source.root ? new Map(documents) : byStem
}

async function isDocument(source: Source, path: string): Promise<boolean> {
  return /^[^%\n]*\\documentclass\b/m.test(await source.readText(path))
}

/** Texts directly in a folder that may be papers, by the name without its ending, in code-unit order. */
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
