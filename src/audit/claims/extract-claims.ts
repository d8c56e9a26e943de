import type { ScannedNumber } from '../numbers/scan-numbers.ts'
import { scanNumbers } from '../numbers/scan-numbers.ts'
import type { AuditFile } from '../subject/subject.ts'
import type { DocumentBlocks, TableBlock } from './block.ts'
import type { Claim, ClaimPlace, ClaimTable, DocumentClaims } from './claim.ts'
import {
  cellRole,
  type ClaimRole,
  isInformative,
  proseRole,
  type SentenceNature,
  sentenceNature,
} from './claim-role.ts'
import { type DocumentLine, documentLines, lineAt } from './document-lines.ts'
import { blankOut, hiddenRanges } from './hidden-ranges.ts'
import { readLatex } from './read-latex.ts'
import { readMarkdown } from './read-markdown.ts'
import { isPrinted } from './is-printed.ts'
import { type PrintedText, readPrinted } from './read-printed.ts'
import { placeSections, type SectionedBlock } from './sections.ts'
import { tellsLimits } from './section-kind.ts'
import { splitSentences } from './sentences.ts'
import { showNumbers } from './shown-numbers.ts'
import { tableShape } from './table-shape.ts'

/**
 * The numbers that a document in Markdown or LaTeX, or the text of a PDF, states, in reading order, and its tables. Titles, references, code, display mathematics, citations,
 * numbers of figures and lists, and years in running text state nothing. One pass; any text is read.
 * @param firstId id of the first claim; the others count on
 */
export function extractClaims(document: AuditFile, firstId: number): DocumentClaims {
  const { path } = document
  const shown = showNumbers(document.text)
  const { written, blocks, hidden, placeOf } = readBlocks({ path, text: shown.text }, documentLines(shown.text))
  const masked = blankOut(written, [...hidden, ...hiddenRanges(written)])
  const numbers = scanNumbers(masked)
  const reading: Reading = {
    path,
    text: written,
    masked,
    lines: documentLines(document.text),
    placeOf(start, end) {
      const found = placeOf(start, end)
      return found === null ? null : shown.placeOf(found.start, found.end)
    },
    take: numberTaker(numbers.slice(0, mostNumbers)),
    claims: [],
    tables: [],
    labels: new Set(),
    firstId,
  }
  const sectioned = placeSections(path, blocks)
  for (const { block } of sectioned) if (block.kind === 'table') addLabels(block, reading.labels)
  for (const part of sectioned) {
    if (part.block.kind === 'table') readTable(part.block, part, reading)
    else if (part.kind !== 'references') readProse(part.block, part, reading)
  }
  const unread = Math.max(0, numbers.length - mostNumbers)
  return { path, claims: reading.claims, tables: reading.tables, ...(unread > 0 && { unread }) }
}

/** A thousand tables of twenty cells: no paper has more, and every claim is looked for in all the evidence. */
const mostNumbers = 20_000

/** What is read: the document, or its text without what only printing put there. */
interface ReadText extends DocumentBlocks {
  readonly written: string
  /** Where a range of what is read stands in the document; null where it does not stand there as it is. */
  readonly placeOf: PrintedText['placeOf']
}

function readBlocks(document: AuditFile, lines: readonly DocumentLine[]): ReadText {
  const { text } = document
  if (isPrinted(document)) {
    const { flow, blocks, placeOf } = readPrinted(text, lines)
    return { written: flow, blocks, hidden: [], placeOf }
  }
  const read = isLatex(document) ? readLatex(text, lines) : readMarkdown(text, lines)
  return { ...read, written: text, placeOf: (start, end) => ({ start, end }) }
}

interface Reading {
  readonly path: string
  /** As it is read; places in it are those of the document but for printed text. */
  readonly text: string
  readonly placeOf: PrintedText['placeOf']
  readonly masked: string
  readonly lines: readonly DocumentLine[]
  /** The numbers of a range; ranges must come in order. */
  readonly take: (start: number, end: number) => ScannedNumber[]
  readonly claims: Claim[]
  readonly tables: ClaimTable[]
  /** Words of the tables' headers: what this document measures. */
  readonly labels: Set<string>
  readonly firstId: number
}

function isLatex({ path, text }: AuditFile): boolean {
  if (/\.(?:tex|ltx)$/i.test(path)) return true
  return !/\.(?:md|markdown|txt)$/i.test(path) && text.includes('\\begin{document}')
}

function numberTaker(numbers: readonly ScannedNumber[]): (start: number, end: number) => ScannedNumber[] {
  return (start, end) => {
    let low = 0
    let high = numbers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((numbers[middle]?.start ?? 0) < start) low = middle + 1
      else high = middle
    }
    const taken: ScannedNumber[] = []
    for (let number = numbers[low]; number !== undefined && number.end <= end; number = numbers[++low])
      taken.push(number)
    return taken
  }
}

function addLabels(table: TableBlock, labels: Set<string>): void {
  for (const header of table.headers)
    for (const [word] of header.toLowerCase().matchAll(/\p{L}[\p{L}\d]{3,}/gu)) labels.add(word)
}

function readTable(block: TableBlock, part: SectionedBlock, reading: Reading): void {
  const { labelColumns, rowLabels, isSetup } = tableShape(block, part.section)
  const { headers, caption, line } = block
  const index = reading.tables.length
  reading.tables.push({
    path: reading.path,
    index,
    line,
    caption,
    section: part.section,
    headers,
    rows: block.rows.map((row) => ({ line: row.line, cells: row.cells.map(({ text }) => text) })),
    isSetup,
  })
  for (const [row, { cells }] of block.rows.entries()) {
    const rowLabel = rowLabels[row] ?? ''
    for (const [column, cell] of cells.entries()) {
      const columnLabel = headers[column] ?? ''
      for (const number of reading.take(cell.start, cell.end)) {
        const before = reading.masked.slice(Math.max(cell.start, number.start - 60), number.start)
        const after = reading.masked.slice(number.end, Math.min(cell.end, number.end + 40))
        const role =
          column < labelColumns
            ? 'other'
            : cellRole(number, { kind: part.kind, isSetup, rowLabel, columnLabel, before, after })
        addClaim(
          number,
          { where: { kind: 'cell', table: index, row, column, rowLabel, columnLabel }, section: part.section, role },
          reading,
        )
      }
    }
  }
}

function readProse(block: { start: number; end: number }, part: SectionedBlock, reading: Reading): void {
  const { text, masked } = reading
  if (reading.take(block.start, block.end).length === 0) return
  const limits = tellsLimits(part.section)
  for (const sentence of splitSentences(masked, block)) {
    const numbers = reading.take(sentence.start, sentence.end)
    if (numbers.length === 0) continue
    const written = text.slice(sentence.start, sentence.end).trim()
    let nature: SentenceNature | null = null
    for (const number of numbers) {
      const before = masked.slice(Math.max(sentence.start, number.start - 60), number.start)
      const after = masked.slice(number.end, Math.min(sentence.end, number.end + 40))
      if (isListNumber(text, number) || isYear(number, after)) continue
      nature ??= sentenceNature(written, reading.labels)
      const role = proseRole(number, { kind: part.kind, tellsLimits: limits, sentence: nature, before, after })
      addClaim(number, { where: { kind: 'prose', sentence: written }, section: part.section, role }, reading)
    }
  }
}

/** `1.` or `2)` at the beginning of a line, and the `3.1` of a heading that runs into its paragraph. */
function isListNumber(text: string, number: ScannedNumber): boolean {
  if (
    /^[1-9]\d?\.\d{1,2}$/.test(number.text) &&
    /^\.?[ \t]+\p{Lu}[\p{L} -]{2,60}[.:]/u.test(text.slice(number.end, number.end + 80))
  )
    return startsLine(text, number)
  if (
    number.decimals !== 0 ||
    number.end - number.start > 3 ||
    !/^[.)](?:\s|\*|$)/.test(text.slice(number.end, number.end + 2))
  )
    return false
  return startsLine(text, number)
}

function startsLine(text: string, number: ScannedNumber): boolean {
  return /(?:^|[\r\n])[ \t>*_(]*$/.test(text.slice(Math.max(0, number.start - 12), number.start))
}

function isYear(number: ScannedNumber, after: string): boolean {
  if (number.unit !== null || number.decimals !== 0 || !/^(?:19|20)\d\d$/.test(number.text)) return false
  return !/^[\s-]?(?:samples|examples|steps|iterations|tokens|training|test|words|episodes|images|documents|ms|seconds|MB)/.test(
    after,
  )
}

function addClaim(
  number: ScannedNumber,
  place: { where: ClaimPlace; section: readonly string[]; role: ClaimRole },
  reading: Reading,
): void {
  const found = reading.placeOf(number.start, number.end)
  if (found === null) return
  reading.claims.push({
    id: reading.firstId + reading.claims.length,
    path: reading.path,
    line: lineAt(reading.lines, found.start),
    ...found,
    number: { ...number, ...found },
    ...place,
    informative: isInformative(number),
  })
}
