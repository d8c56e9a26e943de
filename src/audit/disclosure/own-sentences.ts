import type { AuditSubject } from '../subject/subject.ts'
import { sentencesOf } from './made-up-talk.ts'

const aside = /related work|background|literature|prior work|future|references|bibliography|acknowledg/i
const longestDocument = 2_000_000
const longestHeading = 120
/** `## Results`, `\section{Results}`, `**Results**`, and `4. Results` on a line of its own. */
const headings = [
  /^#{1,6}\s*(.+)$/,
  /^\\(?:sub){0,2}section\*?\{(.+)\}$/,
  /^\*\*([^*]{1,80})\*\*:?$/,
  /^\d{1,2}(?:\.\d{1,2}){0,2}\.?\s+([A-Z][\w ,&/-]{2,60})$/,
]

/**
 * Sentences of the main document that speak of the work itself: without headings, and without the sections on related and future work. Readers of a
 * paper see nothing else of a run.
 */
export function ownSentences({ documents }: Pick<AuditSubject, 'documents'>): { sentence: string; line: number }[] {
  const main = documents[0]
  if (main === undefined) return []
  const own: { sentence: string; line: number }[] = []
  let isAside = false
  for (const [index, line] of main.text
    .slice(0, longestDocument)
    .split(/\r\n|\n|\r/)
    .entries()) {
    const title = headingOf(line)
    if (title !== null) isAside = aside.test(title)
    else if (!isAside) for (const { sentence } of sentencesOf(line)) own.push({ sentence, line: index + 1 })
  }
  return own
}

function headingOf(line: string): string | null {
  if (line.length > longestHeading) return null
  const trimmed = line.trim()
  for (const heading of headings) {
    const match = heading.exec(trimmed)
    if (match !== null) return match[1] ?? ''
  }
  return null
}
