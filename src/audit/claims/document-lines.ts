/** A line of a document, without its break. */
export interface DocumentLine {
  /** From 1. */
  readonly number: number
  /** `[start, end)` in UTF-16 code units. */
  readonly start: number
  readonly end: number
}

/** Lines as editors count them: `\n`, `\r\n` and a lone `\r` each end one. */
export function documentLines(text: string): DocumentLine[] {
  const lines: DocumentLine[] = []
  let start = 0
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n?|\n/g)) {
    lines.push({ number: lines.length + 1, start, end: index })
    start = index + lineBreak.length
  }
  lines.push({ number: lines.length + 1, start, end: text.length })
  return lines
}

/** Number of the line that holds a place, from 1; a binary search. */
export function lineAt(lines: readonly DocumentLine[], place: number): number {
  let low = 0
  let high = lines.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((lines[middle]?.start ?? 0) <= place) low = middle
    else high = middle - 1
  }
  return low + 1
}
