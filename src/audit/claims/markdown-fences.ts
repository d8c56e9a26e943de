import type { DocumentLine } from './document-lines.ts'

/** Lines that code fences take out of a document. */
export interface MarkdownFences {
  /** For a line index that opens a block of code: the index of the line that closes it. */
  readonly blocks: ReadonlyMap<number, number>
  /** Fence lines of which the content counts as text: unclosed ones, and those around Markdown or LaTeX. */
  readonly ignored: ReadonlySet<number>
}

interface OpenFence {
  readonly index: number
  readonly mark: string
  readonly length: number
  readonly language: string
}

/**
 * Pairs fences. One that is never closed hides nothing, nor does one around the document itself: otherwise three backticks
 * would keep a whole paper from being checked.
 */
export function markdownFences(text: string, lines: readonly DocumentLine[]): MarkdownFences {
  const blocks = new Map<number, number>()
  const ignored = new Set<number>()
  const open: OpenFence[] = []
  for (const [index, line] of lines.entries()) {
    const match = /^[ >]{0,12}(`{3,40}|~{3,40})[ \t]*([^\s`]{0,40})/.exec(
      text.slice(line.start, Math.min(line.end, line.start + 100)),
    )
    if (match === null) continue
    const fence = match[1] ?? ''
    const language = (match[2] ?? '').toLowerCase().replace(/[{}.]/g, '')
    const top = open.at(-1)
    const mark = fence.charAt(0)
    if (top !== undefined && language === '' && top.mark === mark && fence.length >= top.length) {
      open.pop()
      if (isText({ text, lines, from: top.index + 1, to: index, language: top.language }))
        ignored.add(top.index).add(index)
      else blocks.set(top.index, index)
    } else if (top === undefined || texts.has(top.language)) open.push({ index, mark, length: fence.length, language })
  }
  for (const fence of open) ignored.add(fence.index)
  return { blocks, ignored }
}

const texts = new Set(['markdown', 'md', 'latex', 'tex'])

/** Whether a fence holds text that readers see as part of the paper. */
function isText(place: {
  text: string
  lines: readonly DocumentLine[]
  from: number
  to: number
  language: string
}): boolean {
  const { text, lines, from, to, language } = place
  if (texts.has(language)) return true
  if (language !== '' && language !== 'text' && language !== 'txt' && language !== 'plaintext') return false
  for (let index = from; index < to; index += 1) {
    const line = lines[index]
    if (line === undefined) return false
    const begin = text.slice(line.start, Math.min(line.end, line.start + 200))
    if (/^ {0,3}#{2,6} \S/.test(begin) || /^ {0,3}\|[ :|-]{0,100}---[ :|-]*$/.test(begin)) return true
  }
  return false
}
