import type { Block, TableCell, TableRow } from './block.ts'
import type { DocumentLine } from './document-lines.ts'
import { plainText } from './plain-text.ts'
import { type Flow, openFlow } from './printed-flow.ts'
import { type PrintedLine, printedLines } from './printed-lines.ts'
import { joinSmallCapitals, readPrintedHeading } from './printed-heading.ts'
import { type PrintedTable, readPrintedTable, rowCells } from './printed-table.ts'

/** A printed text in reading order. */
export interface PrintedText {
  /** What is read instead of the document: without margins, running heads and the breaks of words. */
  readonly flow: string
  /** Places are those of `flow`. */
  readonly blocks: readonly Block[]
  /** Where a range of `flow` stands in the document; null for one that does not stand there as it is. */
  readonly placeOf: (start: number, end: number) => { readonly start: number; readonly end: number } | null
}

/** Headings, paragraphs, captions and tables of the text of a PDF, with or without its layout. One pass over its lines. */
export function readPrinted(text: string, documentLines: readonly DocumentLine[]): PrintedText {
  const lines = printedLines(text, documentLines)
  const flow = openFlow(text)
  const blocks: Block[] = []
  let paragraph: Paragraph | null = null
  let last: PrintedLine | null = null
  let tableCaption: { block: number; isUsed: boolean } | null = null
  let waiting: number | null = null
  let section = 0
  let isAppendix = false
  const flush = (): void => {
    if (paragraph === null) return
    const { start, isCaption } = paragraph
    blocks.push({ kind: 'prose', start, end: flow.length(), ...(isCaption && { isCaption: true as const }) })
    flow.add('\n\n')
    paragraph = null
    if (tableCaption !== null && tableCaption.block === blocks.length - 1 && waiting !== null) {
      const table = blocks[waiting]
      const near = blocks.length - 2 - waiting
      if (table?.kind === 'table' && table.caption === '' && near === 0) {
        blocks[waiting] = { ...table, caption: captionText(start) }
        tableCaption = { block: tableCaption.block, isUsed: true }
      }
    }
  }
  const captionText = (start: number): string => plainText(flow.text(start))
  let index = beginOfText(lines)
  while (index < lines.length) {
    const line = lines[index]
    if (line === undefined) break
    const isAtEnd = last === null || paragraph === null || endsSentence(last.text) || line.isApart
    const heading = readPrintedHeading(line, { section, isAppendix, isAtEnd })
    if (heading !== null) {
      flush()
      const number = /^(\d{1,2})(?: |$)/.exec(heading.title)
      if (number !== null) section = Number(number[1])
      if (/^(?:\d+ )?(?:references|bibliography)$/i.test(heading.title)) isAppendix = true
      blocks.push({ kind: 'heading', ...heading, line: line.number })
      last = line
      index += 1
      continue
    }
    const opening = /^abstract\s?[.:—–-]/i.exec(line.text)
    if (opening !== null && paragraph === null)
      blocks.push({ kind: 'heading', level: 2, title: 'Abstract', line: line.number })
    const isCaption = captionStart.test(line.text)
    const captioned = paragraph === null ? lastIsCaption(blocks, tableCaption) : false
    const opened = (paragraph as Paragraph | null)?.namesTable === true
    const mayBeTable =
      paragraph === null ||
      isAtEnd ||
      rowCells(lines[index + 1] ?? line) !== null ||
      (opened && rowCells(line) !== null)
    if (!isCaption && mayBeTable) {
      const table = readPrintedTable(lines, { from: index, captioned: captioned || opened })
      if (table !== null) {
        flush()
        const before = blocks.at(-1)
        const caption =
          before?.kind === 'prose' &&
          isTableCaption(flow.text(before.start, before.end)) &&
          tableCaption?.isUsed !== true
            ? plainText(flow.text(before.start, before.end))
            : ''
        if (caption !== '') tableCaption = { block: blocks.length - 1, isUsed: true }
        const rows = copyRows(table, flow)
        waiting = caption === '' ? blocks.length : null
        blocks.push({ kind: 'table', line: table.line, caption, headers: table.headers.map(plainText), rows })
        last = lines[table.next - 1] ?? line
        index = table.next
        continue
      }
    }
    if (isCaption) {
      flush()
      if (isTableCaption(line.text)) tableCaption = { block: blocks.length, isUsed: false }
    } else if (!/\p{L}/u.test(line.text)) {
      // page numbers, and the numbers along the axes of a figure
      const goesOn = paragraph !== null && !line.isApart && !isAtEnd && !isPageNumber(line.text, lines[index + 1])
      if (!goesOn) {
        index += 1
        continue
      }
    } else if (paragraph !== null && line.isApart && last !== null && endsSentence(last.text)) flush()
    else if (paragraph !== null && beginsItem(line.text)) flush()
    const open: Paragraph | null = paragraph
    const isBroken = open !== null && last !== null && flow.joins(last.text, line.text)
    if (open !== null && !isBroken) flow.add(' ')
    const start = flow.copy(line.start, breaksWord(line.text, lines[index + 1]?.text) ? line.end - 1 : line.end)
    paragraph = open ?? { start, isCaption, namesTable: isCaption && isTableCaption(line.text) }
    last = line
    index += 1
  }
  flush()
  return { flow: flow.whole(), blocks, placeOf: flow.placeOf }
}

/** The cells of a table, put into the flow one after the other. */
function copyRows(table: PrintedTable, flow: Flow): TableRow[] {
  const rows = table.rows.map((row) => {
    const cells = row.cells.map((cell): TableCell => {
      if (cell === null) return { start: 0, end: 0, text: '' }
      const start = flow.copy(cell.start, cell.end)
      const end = flow.length()
      flow.add('  ')
      return { start, end, text: plainText(flow.text(start, end)) }
    })
    flow.add('\n')
    return { line: row.line.number, cells }
  })
  flow.add('\n')
  return rows
}

interface Paragraph {
  /** In the flow. */
  readonly start: number
  readonly isCaption: boolean
  readonly namesTable: boolean
}

const captionStart = /^(?:figure|fig\.|table|tab\.)\s{1,3}(?:[A-Z]\.?)?\d{1,3}\s?[.:|–—-]\s/i

function isTableCaption(written: string): boolean {
  return /^tab(?:le|\.)/i.test(written) && captionStart.test(written)
}

function lastIsCaption(blocks: readonly Block[], caption: { block: number; isUsed: boolean } | null): boolean {
  return caption !== null && !caption.isUsed && caption.block === blocks.length - 1
}

/** Behind title and authors, where an abstract says where they end. */
function beginOfText(lines: readonly PrintedLine[]): number {
  const at = lines
    .slice(0, 120)
    .findIndex(({ text }) => /^abstract\s?(?:[.:—–-]|$)/i.test(joinSmallCapitals(text.slice(0, 40))))
  return Math.max(0, at)
}

function endsSentence(written: string): boolean {
  return /[.!?:][)"'”’\]]{0,2}$/.test(written)
}

function isPageNumber(written: string, next: PrintedLine | undefined): boolean {
  return /^\d{1,3}$/.test(written) && (next === undefined || next.isApart)
}

function beginsItem(written: string): boolean {
  return /^(?:[•–‣◦▪∗*-] |\(?\d{1,2}[.)] )/.test(written)
}

/** A word that goes on in the next line: its hyphen is no part of it. */
function breaksWord(written: string, next: string | undefined): boolean {
  return next !== undefined && /\p{Ll}-$/u.test(written) && /^\p{Ll}/u.test(next)
}
