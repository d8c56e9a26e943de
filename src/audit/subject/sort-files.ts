import { posix } from 'node:path'
import { guessTranscript } from '../../transcripts/guess-transcript.ts'
import { readTranscript } from '../../transcripts/index.ts'
import { isTableAlone, latexParts } from './latex-parts.ts'
import type { AuditFile, AuditSubject } from './subject.ts'

const plans = new Set(['task.md', 'idea.md', 'related_work.md', 'proposal.md'])
/** What harnesses leave beside the work, and what others said of it: neither evidence nor claim. */
const byOthers =
  /(?:^|\/)(?:(?:idea|lit|proposal|paper)_token_usage\.json|review_[^/]*\.json|token_tracker[^/]*\.json|trial\.json|state\.json|lease\.json)$/
const paper = /(?:^|\/)(?:paper|manuscript|article)(?:[_-][^/]*)?\.(?:md|markdown|tex|txt)$/i
const report = /(?:^|\/)(?:results?|report|results_summary)\.md$/i
const pdfText = /\.pdf(?:\.txt)?$/
const readme = /(?:^|\/)readme(?:\.[a-z]+)?$/i

interface Sorted {
  readonly documents: AuditFile[]
  readonly plans: AuditFile[]
  readonly files: AuditFile[]
}

/**
 * Sorts texts into what makes claims, what was planned, and all else. Papers come first, then reports; both sorted by depth and path.
 * @param options.anyPaper whether a paper may have any name; default true
 */
export function sortFiles(all: readonly AuditFile[], { anyPaper = true } = {}): Sorted {
  const own = all.filter((file) => !byOthers.test(file.path) && !isAudit(file))
  const rest = own.filter(({ path }) => !plans.has(posix.basename(path)))
  const papers = withParts(findPapers(rest, anyPaper), rest)
  const isPaper = new Set(papers)
  const files = rest.filter((file) => !isPaper.has(file) || isTableAlone(file))
  const reports = oneOfEach(byDepth(files.filter((file) => report.test(file.path) && !isPaper.has(file))))
  return {
    documents: [...papers, ...reports],
    plans: own.filter(({ path }) => plans.has(posix.basename(path))),
    files,
  }
}

/** What earlier audits left in the folder: it repeats every number, and is evidence of none. */
function isAudit({ path, text }: AuditFile): boolean {
  const head = text.slice(0, 1_000)
  if (/(?:^|\/)audit\.md$/.test(path)) return head.startsWith('# Audit of ')
  if (/(?:^|\/)audit\.html$/.test(path)) return head.includes('<title>Audit of ')
  return (
    /(?:^|\/)(?:audit\.json|(?:audits|reproductions)\/.*\.json)$/.test(path) &&
    /^\{\s*"schema":\s*"mlrbench\/(?:audit|reproduction)/.test(head)
  )
}

/** LaTeX documents each with the parts they take in. A part is no second paper. */
function withParts(papers: readonly AuditFile[], files: readonly AuditFile[]): AuditFile[] {
  if (papers.every(({ path }) => !path.endsWith('.tex'))) return [...papers]
  const byPath = new Map(files.map((file) => [file.path, file]))
  const parts = new Map(papers.map((paper) => [paper, paper.path.endsWith('.tex') ? latexParts(paper, byPath) : []]))
  const isPart = new Set([...parts.values()].flat())
  return [...new Set(papers.flatMap((paper) => (isPart.has(paper) ? [] : [paper, ...(parts.get(paper) ?? [])])))]
}

/** The paper by its name; else a LaTeX document, the text of a PDF, the one Markdown file there is, the readme. */
function findPapers(files: readonly AuditFile[], anyName: boolean): AuditFile[] {
  const named = files.filter(({ path }) => paper.test(path))
  if (named.length > 0 || !anyName) return oneOfEach(byDepth(named))
  const latex = files.filter(({ path, text }) => path.endsWith('.tex') && text.includes('\\begin{document}'))
  if (latex.length > 0) return byDepth(latex)
  const printed = files.filter(({ path }) => pdfText.test(path))
  if (printed.length > 0) return byDepth(printed).slice(0, 1)
  if (files.some(({ path }) => report.test(path))) return []
  const markdown = byDepth(files.filter(({ path }) => /\.(?:md|markdown)$/i.test(path)))
  const other = markdown.filter(({ path }) => !readme.test(path))
  return (other.length > 0 ? other : markdown).slice(0, 1)
}

function byDepth(files: readonly AuditFile[]): AuditFile[] {
  const depth = (path: string): number => path.split('/').length
  const isMain = (path: string): number => (/(?:^|\/)(?:paper|results)\.[a-z]+$/i.test(path) ? 0 : 1)
  return files.toSorted(
    (a, b) => isMain(a.path) - isMain(b.path) || depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1),
  )
}

/** Copies of one text count once. */
function oneOfEach(files: readonly AuditFile[]): AuditFile[] {
  const seen = new Set<string>()
  return files.filter(({ text }) => !seen.has(text) && seen.add(text))
}

/**
 * Takes the coding agent's own records out of the files, and reads them.
 * @returns `none` where there is none, and the files without the records
 */
export function takeTranscripts(all: readonly AuditFile[]): Pick<AuditSubject, 'events' | 'record'> & {
  readonly hasRivalRecords: boolean
  readonly files: AuditFile[]
  readonly notes: string[]
} {
  const found = all.flatMap((file) => {
    const isCandidate = /\.(?:jsonl?|log|txt)$/.test(file.path) && file.path.split('/').length <= 2
    const kind = isCandidate ? guessTranscript(file.path, file.text) : null
    return kind === null ? [] : [{ file, kind }]
  })
  const transcripts = found.map(({ file, kind }) => ({
    path: file.path,
    ...readTranscript(kind, file.text, { stage: 'experiment', attempt: 1 }),
  }))
  const events = transcripts.flatMap((transcript) => transcript.events)
  const taken = new Set(found.map(({ file }) => file))
  const showsTools = events.some(({ type }) => type === 'command-executed' || type === 'file-written')
  return {
    events,
    record: showsTools ? 'transcript' : events.some(({ type }) => type === 'coder-said') ? 'words' : 'none',
    hasRivalRecords: transcripts.length > 1,
    files: all.filter((file) => !taken.has(file)),
    notes: [
      ...(transcripts.length > 1
        ? [
            `${transcripts.length} files are taken for records of the session, one after the other: ${transcripts.map(({ path }) => path).join(', ')}`,
          ]
        : []),
      ...transcripts.flatMap(({ path, notes }) => notes.map((note) => `${path}: ${note}`)),
    ],
  }
}
