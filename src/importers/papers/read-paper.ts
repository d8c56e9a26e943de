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
  const bibFiles = await Promise.all(
    inFolder.filter((file) => file.endsWith('.bib') && isSmall(file)).map((file) => source.readText(file)),
  )
  try {
    const text = latexToMarkdown({
      source: expanded.text,
      bbl: await readIn(main.replace(/\.tex$/i, '.bbl')),
      bibFiles,
      findImage: (name) => findImage(name, inFolder, folder),
    })
    return text.trim() === '' ? { path, reason: 'an empty paper' } : { text, notes: expanded.notes }
  } catch (error) {
    // the parser gives up on texts that nest without end
    return { path, reason: `LaTeX that cannot be parsed (${describeError(error).slice(0, 100)})` }
  }
}

const imageEndings = ['', '.png', '.jpg', '.jpeg', '.pdf', '.eps', '.svg']

/** A figure by the name LaTeX gives it, which may lack the ending and the folder; relative to the paper. */
function findImage(name: string, files: readonly string[], folder: string): string | null {
  const start = folder === '' ? 0 : folder.length + 1
  const relative = files.map((file) => file.slice(start))
  const wanted = imageEndings.map((ending) => `${posix.normalize(name)}${ending}`)
  const exact = wanted.find((path) => relative.includes(path))
  return exact ?? relative.find((path) => wanted.some((one) => path.endsWith(`/${one}`))) ?? null
}
