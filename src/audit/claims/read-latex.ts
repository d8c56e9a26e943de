import type { Block, DocumentBlocks } from './block.ts'
import type { DocumentLine } from './document-lines.ts'
import { lineAt } from './document-lines.ts'
import { blankOut, type Range } from './hidden-ranges.ts'
import { braceGroup } from './latex-group.ts'
import { readTabular } from './latex-table.ts'
import { plainText } from './plain-text.ts'

/** Headings, paragraphs and tables of a LaTeX document: from `\begin{document}` on, or of a part without it. */
export function readLatex(written: string, lines: readonly DocumentLine[]): DocumentBlocks {
  const comments = latexComments(written)
  const text = blankOut(written, comments)
  const hidden: Range[] = [...comments]
  const blocks: Block[] = []
  const begin = text.indexOf('\\begin{document}')
  let from = begin < 0 ? 0 : begin + 16
  const flush = (to: number): void => {
    if (/\S/.test(text.slice(from, Math.min(to, from + 2_000))) || to - from > 2_000)
      blocks.push({ kind: 'prose', start: from, end: to })
  }
  let caption = ''
  const waiting: number[] = []
  const missing = new Set<string>()
  const marks =
    /\\(begin|end|part|chapter|section|subsection|subsubsection|paragraph|subparagraph|title|caption|captionof|item|bibliography|appendix|author|date)\b\*?|(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)/g
  marks.lastIndex = from
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const name = mark[1]
    if (mark.index < from) continue
    if (name === undefined) {
      flush(mark.index)
      from = mark.index
      continue
    }
    const behind = skipOptional(text, mark.index + mark[0].length)
    const group = braceGroup(text, behind)
    const content = group === null ? '' : text.slice(behind + 1, group.end - 1)
    const level = levels.get(name)
    if (level !== undefined) {
      flush(mark.index)
      blocks.push({ kind: 'heading', level, title: plainText(content), line: lineAt(lines, mark.index) })
      from = group?.end ?? behind
    } else if (name === 'author' || name === 'date' || name === 'bibliography') {
      flush(mark.index)
      from = group?.end ?? behind
    } else if (name === 'caption' || name === 'captionof') {
      // the words of the caption are prose too
      flush(mark.index)
      caption = plainText(content)
      from = behind
      for (const index of waiting.splice(0)) {
        const table = blocks[index]
        if (table?.kind === 'table') blocks[index] = { ...table, caption }
      }
    } else if (name === 'item') {
      flush(mark.index)
      from = behind
    } else if (name === 'begin') {
      flush(mark.index)
      from = group?.end ?? behind
      if (content === 'abstract')
        blocks.push({ kind: 'heading', level: 2, title: 'Abstract', line: lineAt(lines, mark.index) })
      else if (content === 'thebibliography')
        blocks.push({ kind: 'heading', level: 2, title: 'References', line: lineAt(lines, mark.index) })
      else if (/^(?:table|figure|wraptable|sidewaystable)\*?$/.test(content)) {
        caption = ''
        waiting.length = 0
      }
      const close = `\\end{${content}}`
      const isTable = tables.has(content)
      if (!isTable && !opaque.has(content.replace('*', ''))) continue
      const end = missing.has(close) ? -1 : text.indexOf(close, from)
      if (end < 0) {
        missing.add(close)
        continue
      }
      const table = isTable ? readTabular(text, { start: mark.index, end: end + close.length, lines }) : null
      if (table !== null) {
        if (caption === '') waiting.push(blocks.length)
        blocks.push({ ...table, caption: table.caption === '' ? caption : table.caption })
      } else if (!isTable) hidden.push([mark.index, end + close.length])
      from = end + close.length
      marks.lastIndex = from
      if (content === 'thebibliography') from = end
    } else if (name === 'end') {
      flush(mark.index)
      from = group?.end ?? behind
      if (content === 'document') return { blocks, hidden }
    }
  }
  flush(text.length)
  return { blocks, hidden }
}

const levels = new Map([
  ['title', 1],
  ['part', 2],
  ['chapter', 2],
  ['section', 2],
  ['subsection', 3],
  ['subsubsection', 4],
  ['paragraph', 5],
  ['subparagraph', 6],
])

const tables = new Set(['tabular', 'tabular*', 'tabularx', 'tabulary', 'longtable', 'supertabular'])

const opaque = new Set(
  'equation align gather multline eqnarray displaymath math alignat flalign verbatim Verbatim lstlisting minted algorithm algorithmic algorithm2e tikzpicture thebibliography comment filecontents'.split(
    ' ',
  ),
)

/** From `%` to the end of the line, unless it is escaped. */
function latexComments(text: string): Range[] {
  return Array.from(text.matchAll(/(?<!\\)(?:\\\\)?%[^\r\n]*/g), ({ 0: whole, index }): Range => {
    const start = index + whole.indexOf('%')
    return [start, index + whole.length]
  })
}

function skipOptional(text: string, from: number): number {
  if (text[from] !== '[') return from
  const close = text.indexOf(']', from)
  return close < 0 || close - from > 400 ? from : close + 1
}
