import type { AuditFile } from '../subject/subject.ts'
import { readEntry } from './read-entry.ts'
import type { Reference } from './reference.ts'

const longestLine = 1_000
const identifierAtEnd = /[([]\s?arxiv:?\s?[\w./-]{9,25}\s?[)\]][.*\s]{0,6}$/i

/** Works that a plan or a list of literature names on a line of their own: `1. **Title**: Some title (arXiv:2401.01234)`. */
export function readTitledLines(plan: AuditFile): Reference[] {
  return plan.text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    // The identifier must end the line: in running text nothing says what stands before it.
    const at = line.length > longestLine || !/arxiv/i.test(line) ? -1 : line.search(identifierAtEnd)
    if (at === -1) return []
    const title = line
      .slice(0, at)
      .trim()
      .replace(/^(?:#{1,6}|\d{1,4}[.)]|[-*•])\s/, '')
      .replace(/[*_`]/g, '')
      .trim()
      .replace(/^title\s?:?/i, '')
      .replace(/[.,:–-]$/, '')
      .trim()
    if (/[()[\]]/.test(title)) return []
    const words = title.split(' ').length
    if (words < 3 || words > 40) return []
    return [{ ...readEntry(line, { path: plan.path, line: index + 1, key: null }), title }]
  })
}
