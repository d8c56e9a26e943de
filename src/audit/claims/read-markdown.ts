import type { Block, DocumentBlocks } from './block.ts'
import type { DocumentLine } from './document-lines.ts'
import { lineAt } from './document-lines.ts'
import { readHtmlTable } from './html-table.ts'
import { readTabular } from './latex-table.ts'
import { markdownFences } from './markdown-fences.ts'
import { beginsAbstract, type HeadingLine, readHeading } from './markdown-heading.ts'
import { readAlignedTable } from './aligned-table.ts'
import { readPipeTable } from './pipe-table.ts'
import { withCaptions } from './table-caption.ts'

/** Headings, paragraphs, list items and tables of a Markdown document, with HTML and LaTeX tables inside. One pass over its lines. */
export function readMarkdown(text: string, lines: readonly DocumentLine[]): DocumentBlocks {
  const fences = markdownFences(text, lines)
  const blocks: Block[] = []
  const hidden: [number, number][] = []
  let prose: { start: number; end: number } | null = null
  const flush = (): void => {
    if (prose !== null) blocks.push({ kind: 'prose', ...prose })
    prose = null
  }
  const tables = tableFinder(text, lines)
  let index = 0
  while (index < lines.length) {
    const line = lines[index]
    if (line === undefined) break
    const fenceEnd = fences.blocks.get(index)
    if (fenceEnd !== undefined) {
      flush()
      hidden.push([line.start, lines[fenceEnd]?.end ?? line.end])
      index = fenceEnd + 1
      continue
    }
    if (fences.ignored.has(index) || isBlank(text, line)) {
      flush()
      index += 1
      continue
    }
    const table =
      readPipeTable(text, { lines, from: index }) ??
      tables.at(index) ??
      (prose === null ? readAlignedTable(text, { lines, from: index }) : null)
    if (table !== null) {
      flush()
      blocks.push(table.table)
      index = table.next
      continue
    }
    const heading: HeadingLine | null = readHeading(text, { lines, index, isAlone: prose === null })
    if (heading !== null) {
      flush()
      blocks.push({ kind: 'heading', level: heading.level, title: heading.title, line: line.number })
      index = heading.next
      continue
    }
    if (beginsItem(text, line)) flush()
    if (prose === null && beginsAbstract(text, line))
      blocks.push({ kind: 'heading', level: 2, title: 'Abstract', line: line.number })
    prose = { start: prose === null ? line.start : (prose as { start: number }).start, end: line.end }
    index += 1
  }
  flush()
  return { blocks: withCaptions(text, blocks), hidden }
}

function isBlank(text: string, line: DocumentLine): boolean {
  for (let at = line.start; at < line.end; at += 1) if (!' \t>\u00a0'.includes(text.charAt(at))) return false
  return true
}

/** A list item, or a line that opens with its own bold label. */
function beginsItem(text: string, line: DocumentLine): boolean {
  return /^[ \t>]{0,40}(?:[-*+•–‣◦] |\(?\d{1,3}[.)][ \t]|\(?[a-z][.)][ \t]|\*\*)/.test(
    text.slice(line.start, Math.min(line.end, line.start + 60)),
  )
}

/** Finds tables written in HTML or LaTeX; a kind without an end in the rest of the document is looked for once. */
function tableFinder(
  text: string,
  lines: readonly DocumentLine[],
): { at: (index: number) => { table: Extract<Block, { kind: 'table' }>; next: number } | null } {
  const missing = new Set<string>()
  const endOf = (mark: string, from: number): number => {
    if (missing.has(mark)) return -1
    const end = text.indexOf(mark, from)
    if (end < 0) missing.add(mark)
    return end
  }
  return {
    at: (index) => {
      const line = lines[index]
      if (line === undefined) return null
      const begin = text.slice(line.start, Math.min(line.end, line.start + 200))
      const mark = /^[ \t>]{0,40}(?:\\begin\{(tabular\*?|tabularx|tabulary|longtable)\}|<(table)\b)/i.exec(begin)
      if (mark === null) return null
      const close = mark[2] === undefined ? `\\end{${mark[1]}}` : '</table'
      const end = endOf(close, line.start)
      if (end < 0) return null
      const range = { start: line.start, end: Math.min(text.length, end + close.length), lines }
      const table = mark[2] === undefined ? readTabular(text, range) : readHtmlTable(text, range)
      return table === null ? null : { table, next: lineAt(lines, end) }
    },
  }
}
