import { posix } from 'node:path'
import type { AuditFile } from './subject.ts'

/** A thesis has a hundred parts; a file that names more is no paper. */
const mostParts = 200

/**
 * The files that a LaTeX document takes in (`\input`, `\include`, `\subfile`, `\import`), and those that they take in, in the order of
 * reading. A name counts from the document's folder, else from the folder of the file that names it; what is not among the files is passed
 * over.
 */
export function latexParts(document: AuditFile, files: ReadonlyMap<string, AuditFile>): AuditFile[] {
  const root = posix.dirname(document.path)
  const parts: AuditFile[] = []
  const seen = new Set([document.path])
  const read = ({ path, text }: AuditFile): void => {
    for (const name of namedFiles(text)) {
      const part = [root, posix.dirname(path)]
        .flatMap((folder) => [posix.join(folder, `${name}.tex`), posix.join(folder, name)])
        .map((candidate) => files.get(candidate))
        .find((file) => file !== undefined && file.path.endsWith('.tex'))
      if (part === undefined || seen.has(part.path) || parts.length >= mostParts) continue
      seen.add(part.path)
      parts.push(part)
      read(part)
    }
  }
  read(document)
  return parts
}

/** Whether a part is a table alone, as programs write them for papers: it states results, and may be a process's. */
export function isTableAlone({ text }: AuditFile): boolean {
  return (
    /\\begin\{(?:tabular|longtable|supertabular)/.test(text) &&
    !/\\(?:(?:sub)*section|chapter|(?:sub)?paragraph|begin\{(?:abstract|document)\})/.test(text)
  )
}

const taken = /\\(?:(?:sub)?import\{([^{}\n]{0,200})\}|input|include|subfile|subfileinclude)\{([^{}\n]{1,200})\}/g

function namedFiles(text: string): string[] {
  const written = text.replaceAll(/(?<!\\)%[^\n]*/g, '')
  return Array.from(written.matchAll(taken), ([, folder = '', name = '']) => posix.join(folder, name.trim()))
}
