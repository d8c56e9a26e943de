import { posix } from 'node:path'
import type { Session } from '../session/session.ts'
import type { AuditSubject } from '../subject/subject.ts'
import { addCode } from './add-code.ts'
import { addJson } from './add-json.ts'
import { addTable } from './add-table.ts'
import { addText } from './add-text.ts'
import { type Authorship, isTelling, readAuthorship } from './authorship.ts'
import { type Collector, openCollector, type Sink } from './collector.ts'
import type { EvidenceKind, EvidencePool } from './evidence.ts'
import { readJson } from './read-json.ts'
import { readDelimited } from './read-tables.ts'
import { sourceLines } from './source-lines.ts'
import { isCodePath, isConfigPath, subjectWords } from './text-kinds.ts'

/** Of one text; what is longer is read but for its middle, for results stand at the end of a log. */
const mostCharacters = 4 * 1024 * 1024
/** A file is the agent's when it typed at least this share of its lines with numbers. */
const typedFrom = 0.5

interface Piece {
  readonly path: string | null
  readonly step: number | null
  readonly kind: EvidenceKind
  readonly isDocument: boolean
  readonly text: string
  /** How the text is read: by its own path, or by that of the only file an output shows. */
  readonly readAs: string | null
}

/**
 * Every number that may stand behind a claim, with who is behind it. Authorship goes by content: a file counts as typed when half of its
 * lines with numbers stand in what the agent typed before any process printed them, whatever the file is called or was moved to. Where the
 * session shows no tools nobody can be told apart, and files count as written by processes. Never throws; the same input gives the same pool.
 */
export function gatherEvidence(subject: AuditSubject, session: Session): EvidencePool {
  const collector = openCollector()
  const authorship = readAuthorship(subject, session)
  const documents = new Set(subject.documents.map(({ text }) => text))
  const names = new Set(subject.documents.map(({ path }) => posix.basename(path)))
  const typedFiles = new Map<string, number>()
  const leftOut: EvidencePool['leftOut'][number][] = []
  const pieces = [...filePieces(subject, { authorship, documents, typedFiles }), ...stepPieces(session, names)]
  // what processes wrote comes first, so that a full pool lacks the least
  const order: readonly EvidenceKind[] = ['process', 'typed', 'literal', 'config', 'plan']
  for (const kind of order) {
    for (const piece of pieces) {
      if (piece.kind !== kind) continue
      const leave = (reason: string): void =>
        void leftOut.push({ path: piece.path ?? `step ${piece.step}`, bytes: Buffer.byteLength(piece.text), reason })
      if (piece.text.slice(0, 8_192).includes('\0')) leave('binary, whatever its name says')
      else if (collector.isFull) leave('beyond the numbers that an audit keeps')
      else {
        addPiece(collector, piece, authorship)
        if (piece.text.length > mostCharacters)
          leave(`read but for its middle: ${mostCharacters / 1024 ** 2} Mi characters`)
      }
    }
  }
  const { sources, numbers, grids } = collector
  return { sources, numbers, grids, typedFiles, leftOut }
}

/** Lines keep their numbers: of the middle only its line breaks stay. */
function bounded(text: string): string {
  if (text.length <= mostCharacters) return text
  const half = mostCharacters / 2
  let breaks = 0
  const end = text.length - half
  for (let at = text.indexOf('\n', half); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) breaks += 1
  return `${text.slice(0, half)}${'\n'.repeat(breaks)}${text.slice(end)}`
}

function filePieces(
  subject: AuditSubject,
  known: {
    readonly authorship: Authorship
    readonly documents: ReadonlySet<string>
    readonly typedFiles: Map<string, number>
  },
): Piece[] {
  const pieces: Piece[] = []
  for (const { path, text } of subject.files) {
    const isDocument = known.documents.has(text)
    const base = { path, step: null, isDocument, text, readAs: path }
    if (isCodePath(path)) {
      pieces.push({ ...base, kind: 'literal' })
      continue
    }
    const share = known.authorship.typedShare(sourceLines(bounded(text)))
    const isTyped = share >= typedFrom
    if (isTyped) known.typedFiles.set(path, share)
    pieces.push({ ...base, kind: isConfigPath(path) ? 'config' : isTyped ? 'typed' : 'process' })
  }
  for (const { path, text } of subject.plans)
    pieces.push({ path, step: null, kind: 'plan', isDocument: false, text, readAs: path })
  return pieces
}

/** @param documents names of the files that make claims: what is typed into them or seen of them is no evidence for them */
function stepPieces(session: Session, documents: ReadonlySet<string>): Piece[] {
  const pieces: Piece[] = []
  const isDocument = (path: string): boolean => documents.has(posix.basename(path))
  const typed = (path: string | null, step: number, text: string): Piece => {
    const kind = path === null ? 'typed' : isCodePath(path) ? 'literal' : isConfigPath(path) ? 'config' : 'typed'
    return { path, step, kind, isDocument: path !== null && isDocument(path), text, readAs: path }
  }
  for (const step of session.steps) {
    if (step.kind === 'write' && step.typed !== null) pieces.push(typed(step.path, step.step, step.typed))
    if (step.kind === 'view' && step.text !== null && !isCodePath(step.path))
      pieces.push({
        path: null,
        step: step.step,
        kind: 'process',
        isDocument: isDocument(step.path),
        text: step.text,
        readAs: step.path,
      })
    if (step.kind !== 'command') continue
    for (const { path, text } of step.typed) pieces.push(typed(path, step.step, text))
    for (const code of step.inlineCode)
      pieces.push({ path: null, step: step.step, kind: 'literal', isDocument: false, text: code, readAs: '.py' })
    const shownData = step.shows.filter((path) => !isCodePath(path))
    if (!step.runs && shownData.length === 0) continue
    const readAs = !step.runs && shownData.length === 1 ? (shownData[0] ?? null) : null
    const isReport = !step.runs && shownData.every(isDocument)
    pieces.push({ path: null, step: step.step, kind: 'process', isDocument: isReport, text: step.output, readAs })
  }
  return pieces
}

function addPiece(collector: Collector, piece: Piece, authorship: Authorship): void {
  const { path, step, kind, isDocument, readAs } = piece
  const lines = sourceLines(bounded(piece.text))
  const open = (of: EvidenceKind): number => collector.open({ path, step, kind: of, isDocument, lines })
  const about = subjectWords(readAs ?? '')
  if (kind === 'literal') {
    const [literal, config] = [open('literal'), open('config')]
    const sink = (source: number): Sink => ({ collector, source, sourceOf: () => source, about: '' })
    addCode({ literal: sink(literal), config: sink(config) }, lines)
    return
  }
  const source = open(kind)
  let typedSource: number | null = null
  const findSource: Sink['sourceOf'] = (line) => {
    const text = lines[line - 1] ?? ''
    if (step !== null && authorship.isPlanned(text)) return null
    if (!isTelling(text) || !authorship.isTyped(text)) return source
    typedSource ??= open('typed')
    return typedSource
  }
  // a line is asked for once for each of its numbers
  let [lastLine, lastSource] = [-1, null as number | null]
  const sourceOf: Sink['sourceOf'] = (line) => {
    if (kind !== 'process') return source
    if (line !== lastLine) [lastLine, lastSource] = [line, findSource(line)]
    return lastSource
  }
  addByForm({ collector, source, sourceOf, about }, lines, readAs)
}

function addByForm(sink: Sink, lines: readonly string[], readAs: string | null): void {
  const extension = readAs === null ? '' : posix.extname(readAs).toLowerCase()
  if (extension === '.csv' || extension === '.tsv') {
    const table = readDelimited(lines, '')
    if (table !== null) return addTable(sink, table)
  }
  if (extension === '.json' || extension === '.jsonl' || extension === '.ndjson' || extension === '.ipynb') {
    if (addJsonText(sink, lines)) return
  }
  addText(sink, lines)
}

/** One value, or one a line; what breaks off is kept up to there. False where it is no JSON at all. */
function addJsonText(sink: Sink, lines: readonly string[]): boolean {
  const text = lines.join('\n')
  let from = text.search(/\S/)
  let line = 1
  if (from === -1 || !'{['.includes(text.charAt(from))) return false
  const values = []
  for (let next = readJson(text, from, line); next !== null; next = readJson(text, from, line)) {
    values.push(next.value)
    if (!next.complete) break
    from = next.end
    line = next.line
    while (from < text.length && !'{['.includes(text.charAt(from))) {
      if (text.charAt(from) === '\n') line += 1
      from += 1
    }
  }
  const [first] = values
  if (first === undefined) return false
  addJson(sink, values.length === 1 ? first : { kind: 'array', items: values, line: first.line })
  return true
}
