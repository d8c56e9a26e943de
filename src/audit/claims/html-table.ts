import type { TableBlock } from './block.ts'
import type { DocumentLine } from './document-lines.ts'
import { lineAt } from './document-lines.ts'
import { type SpanningCell, splitHeader, spreadCells } from './grid.ts'
import { trimCell } from './pipe-table.ts'
import { plainText } from './plain-text.ts'

interface HtmlRow {
  line: number
  isHeader: boolean
  cells: SpanningCell[]
}

/** A table in HTML, tags closed or not; null when it has no cells. Rows of nothing but `th`, and those in `thead`, are headers. */
export function readHtmlTable(
  text: string,
  range: { start: number; end: number; lines: readonly DocumentLine[] },
): TableBlock | null {
  const rows: HtmlRow[] = []
  let caption = ''
  let open: { tag: string; from: number; attributes: string } | null = null
  let isHead = false
  const close = (to: number): void => {
    if (open === null) return
    if (open.tag === 'caption') caption = plainText(text.slice(open.from, to))
    else {
      const row = rows.at(-1)
      if (open.tag !== 'th' && row !== undefined) row.isHeader = row.isHeader && isHead
      row?.cells.push({
        ...trimCell(text, { from: open.from, to }),
        columns: span(open.attributes, 'colspan'),
        rows: span(open.attributes, 'rowspan'),
      })
    }
    open = null
  }
  const source = text.slice(range.start, range.end)
  for (const { 1: slash, 2: name, 3: attributes, 0: whole, index } of source.matchAll(tags)) {
    const tag = (name ?? '').toLowerCase()
    const at = range.start + index
    close(at)
    if (tag === 'thead') isHead = slash === ''
    else if (slash === '' && tag === 'tr') rows.push({ line: lineAt(range.lines, at), isHeader: true, cells: [] })
    else if (slash === '' && (tag === 'td' || tag === 'th' || tag === 'caption')) {
      if (rows.length === 0 && tag !== 'caption')
        rows.push({ line: lineAt(range.lines, at), isHeader: true, cells: [] })
      open = { tag, from: at + whole.length, attributes: attributes ?? '' }
    }
  }
  close(range.end)
  const filled = rows.filter(({ cells }) => cells.length > 0)
  const spread = spreadCells(filled)
  const firstBody = filled.findIndex(({ isHeader }) => !isHeader)
  const headerCount = firstBody <= 0 ? 1 : firstBody
  const [first] = spread
  if (first === undefined) return null
  return {
    kind: 'table',
    line: first.line,
    caption,
    ...splitHeader(spread, headerCount),
  }
}

const tags = /<(\/?)(table|thead|tbody|tfoot|tr|td|th|caption)\b([^<>]{0,300})>/gi

function span(attributes: string, name: string): number {
  const match = new RegExp(`${name}\\s{0,3}=\\s{0,3}["']?(\\d{1,3})`, 'i').exec(attributes)
  return Math.max(1, Number(match?.[1] ?? 1))
}
