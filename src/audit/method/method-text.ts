import type { EvidencePlace } from '../../schema/audit.ts'
import type { Block } from '../claims/block.ts'
import { type DocumentLine, documentLines, lineAt } from '../claims/document-lines.ts'
import { blankOut } from '../claims/hidden-ranges.ts'
import { isPrinted } from '../claims/is-printed.ts'
import { readLatex } from '../claims/read-latex.ts'
import { readMarkdown } from '../claims/read-markdown.ts'
import { readPrinted } from '../claims/read-printed.ts'
import type { SectionKind } from '../claims/section-kind.ts'
import { placeSections } from '../claims/sections.ts'
import { splitSentences } from '../claims/sentences.ts'
import { filePlace } from '../evidence/place.ts'
import type { AuditFile } from '../subject/subject.ts'

/** What a document says of the work itself: a sentence, or a row of a table of settings. */
export interface MethodSentence {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly text: string
  readonly kind: SectionKind | null
  readonly section: readonly string[]
}

/** Where it stands, as findings show it. */
export function sentencePlace({ path, line, text }: MethodSentence): EvidencePlace {
  return filePlace(path, { line, quote: text })
}

const longestDocument = 2_000_000
const notOwn =
  /\b(?:would|could|should|might|future|prior work|previous|planned|plans? to|et al|such as|e\.g|i\.e|for (?:example|instance)|including|similar to|inspired by|instead of|rather than|unlike|full-scale|in principle|ideally|envision|propose to|intend|broader|scaling (?:up )?to)\b/i
/** From here on, a paragraph speaks of what comes next. */
const ahead = /\bfuture (?:work|research|directions?|studies|efforts)\b|\bin the future\b|\bnext steps?\b/i
const known = new WeakMap<AuditFile, readonly MethodSentence[]>()

/** Sentences on the work itself: without introduction, related and future work, and without what is hedged, planned or given as an example. */
export function methodSentences(document: AuditFile): readonly MethodSentence[] {
  const before = known.get(document)
  if (before !== undefined) return before
  const sentences = readSentences({ path: document.path, text: document.text.slice(0, longestDocument) })
  known.set(document, sentences)
  return sentences
}

function readSentences({ path, text }: AuditFile): MethodSentence[] {
  const lines = documentLines(text)
  const { blocks, read, lineOf } = readBlocks({ path, text }, lines)
  const sentences: MethodSentence[] = []
  for (const { block, kind, section } of placeSections(path, blocks)) {
    if (kind === 'references' || kind === 'related' || kind === 'outlook' || kind === 'introduction') continue
    if (block.kind === 'table') {
      for (const row of block.rows) {
        const cells = row.cells.map((cell) => cell.text)
        if (cells.length === 2) sentences.push({ path, line: row.line, text: cells.join(': '), kind, section })
      }
      continue
    }
    let isAhead = false
    for (const { start, end } of splitSentences(read, block)) {
      const written = read.slice(start, end)
      const sentence = written.replaceAll(/\s+/g, ' ').trim()
      isAhead ||= ahead.test(sentence)
      if (sentence === '' || isAhead || isHedged(sentence)) continue
      const line = lineOf(start + (written.length - written.trimStart().length))
      sentences.push({ path, line, text: sentence, kind, section })
    }
  }
  return sentences
}

/** Blocks of a document with the text that their places are in, without comments, code and display mathematics, and the line of a place. */
function readBlocks(
  { path, text }: AuditFile,
  lines: readonly DocumentLine[],
): { blocks: readonly Block[]; read: string; lineOf: (at: number) => number } {
  if (isPrinted({ path, text })) {
    const { flow, blocks, placeOf } = readPrinted(text, lines)
    return { blocks, read: flow, lineOf: (at) => lineAt(lines, placeOf(at, at + 1)?.start ?? 0) }
  }
  const isLatex = /\.(?:tex|ltx)$/i.test(path) || text.includes('\\begin{document}')
  const { blocks, hidden } = isLatex ? readLatex(text, lines) : readMarkdown(text, lines)
  return { blocks, read: blankOut(text, hidden), lineOf: (at) => lineAt(lines, at) }
}

/** Whether a sentence speaks of plans, examples or others. */
export function isHedged(sentence: string): boolean {
  return notOwn.test(sentence)
}

const experiment =
  /experiment|set-?up|implementation|hyper-?param|details|evaluat|results?|stud(?:y|ies)\b|ablation|analysis/i

/** Whether a sentence stands where experiments are told of: what a chapter on method describes may be more than what was tried. */
export function isOfExperiment({ kind, section }: MethodSentence): boolean {
  return kind === 'result' || kind === 'abstract' || kind === null || experiment.test(section.join(' '))
}
