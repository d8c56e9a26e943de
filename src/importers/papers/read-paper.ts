import { posix } from 'node:path'
import { describeError } from '../../base/errors.ts'
import { readPdf } from '../pdf-text.ts'
import type { Source } from '../source.ts'
import { expandInputs } from './expand-inputs.ts'
import { latexToMarkdown } from './latex-to-markdown.ts'
import type { PaperForms } from './layout.ts'

/** The text a reader and a judge see, or why there is none. */
export type ReadPaper =
  | { readonly text: string; readonly notes: readonly string[] }
  | { readonly path: string; readonly reason: string }

/** What lies further away than this is no paper, and converting LaTeX takes time. */
const mostLatexCharacters = 600_000
const largestMarkdownBytes = 5 * 1024 * 1024

/** Reads a paper out of the first of its forms: Markdown as it is, LaTeX converted, the text of a PDF. */
export async function readPaper(source: Source, { md, tex, pdf }: PaperForms): Promise<ReadPaper> {
  if (md !== null) {
    if ((source.bytes(md) ?? 0) > largestMarkdownBytes)
      return { path: md, reason: `a paper larger than ${largestMarkdownBytes / 1024 ** 2} MiB` }
    const text = await source.readText(md)
    return text.trim() === '' ? { path: md, reason: 'an empty paper' } : { text, notes: [] }
  }
  if (tex !== null) return readLatex(source, tex)
  if (pdf === null) throw new Error('a paper has none of its forms')
  const read = await readPdf(await source.read(pdf))
  return 'reason' in read ? { path: pdf, reason: read.reason } : { text: read.text, notes: [] }
}

async function readLatex(source: Source, path: string): Promise<ReadPaper> {
  const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path)
  const isSmall = (file: string): boolean => source.has(file) && (source.bytes(file) ?? 0) <= mostLatexCharacters
  const readIn = async (name: string): Promise<string | null> => {
    const file = posix.join(folder, name)
    return isSmall(file) ? source.readText(file) : null
  }
  const main = posix.basename(path)
  const expanded = await expandInputs(main, readIn, mostLatexCharacters)
  if (expanded === null) return { path, reason: `LaTeX of more than ${mostLatexCharacters} bytes` }
  const inFolder = source.files(folder)
  const bibFiles: string[] = []
  let left = mostLatexCharacters
  for (const file of inFolder.filter((name) => name.endsWith('.bib'))) {
    if ((source.bytes(file) ?? 0) > left) continue
    left -= source.bytes(file) ?? 0
    bibFiles.push(await source.readText(file))
  }
  try {
    const text = latexToMarkdown({
      source: expanded.text,
      bbl: await readIn(main.replace(/\.tex$/i, '.bbl')),
      bibFiles,
      findImage: imageFinder(inFolder.map((file) => (folder === '' ? file : file.slice(folder.length + 1)))),
    })
    return text.trim() === '' ? { path, reason: 'an empty paper' } : { text, notes: expanded.notes }
  } catch (error) {
    // the parser gives up on texts that nest without end
    return { path, reason: `LaTeX that cannot be parsed (${describeError(error).slice(0, 100)})` }
  }
}

const imageEndings = ['', '.png', '.jpg', '.jpeg', '.pdf', '.eps', '.svg']

/** Finds a figure by the name LaTeX gives it, which may lack the ending and the folder. Paths are relative to the paper. */
function imageFinder(paths: readonly string[]): (name: string) => string | null {
  const all = new Set(paths)
  const byName = Map.groupBy(paths, (path) => posix.basename(path))
  return (name) => {
    const wanted = imageEndings.map((ending) => `${posix.normalize(name)}${ending}`)
    const exact = wanted.find((path) => all.has(path))
    if (exact !== undefined) return exact
    const alike = wanted.flatMap((path) => byName.get(posix.basename(path)) ?? [])
    return alike.find((path) => wanted.some((one) => path.endsWith(`/${one}`))) ?? null
  }
}
