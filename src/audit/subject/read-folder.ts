import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { PrerequisiteError } from '../../base/errors.ts'
import { listFiles } from '../../base/files.ts'
import { readPdf } from '../../importers/pdf-text.ts'
import { readTexts } from './read-texts.ts'
import { sortFiles, takeTranscripts } from './sort-files.ts'
import type { AuditFile, AuditSubject } from './subject.ts'

/**
 * Any folder with a paper and code: a run of the public release, of AI Scientist v2, or one's own. A coding agent's record of its session is
 * found by its content, on the first two levels.
 * @throws PrerequisiteError when it is no folder, or nothing in it makes claims
 */
export async function readFolderSubject(folder: string): Promise<AuditSubject> {
  const found = await stat(folder).catch(() => null)
  if (found?.isDirectory() !== true)
    throw new PrerequisiteError(`${folder} is no folder: name the one that holds the paper and its files`)
  const { files: texts, leftOut } = await readTexts(folder)
  const { files: others, events, record, hasRivalRecords, notes } = takeTranscripts(texts)
  let sorted = sortFiles(others)
  if (!sorted.documents.some(({ path }) => /\.(?:md|markdown|tex|txt)$/i.test(path)) || onlyReadme(sorted.documents)) {
    const printed = await readPdfs(folder, leftOut)
    if (printed.length > 0) sorted = sortFiles([...others, ...printed])
  }
  if (sorted.documents.length === 0)
    throw new PrerequisiteError(
      `${folder} holds no paper and no report: expected e.g. paper.md, paper.tex, paper.pdf or results.md`,
    )
  return { name: basename(resolve(folder)), ...sorted, events, record, hasRivalRecords, date: null, leftOut, notes }
}

function onlyReadme(documents: readonly AuditFile[]): boolean {
  return documents.every(({ path }) => /(?:^|\/)readme\.[a-z]+$/i.test(path))
}

const mostPdfs = 3
const largestPdfBytes = 64 * 1024 * 1024

async function readPdfs(
  folder: string,
  leftOut: { path: string; bytes: number; reason: string }[],
): Promise<AuditFile[]> {
  const read: AuditFile[] = []
  const pdfs = (await listFiles(folder, { mostFiles: 20_000 })).filter(
    ({ path, kind }) => kind === 'file' && path.endsWith('.pdf') && path.split('/').length <= 2,
  )
  for (const { path, bytes } of pdfs.slice(0, mostPdfs)) {
    if (bytes > largestPdfBytes) {
      leftOut.push({ path, bytes, reason: `a PDF larger than ${largestPdfBytes / 1024 ** 2} MiB` })
      continue
    }
    const text = await readPdf(await readFile(join(folder, path)))
    if ('text' in text) read.push({ path, text: text.text })
    else leftOut.push({ path, bytes, reason: text.reason })
  }
  return read
}
